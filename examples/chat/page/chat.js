/*
 * chat.js - one conversation: its history, sending, and the running answer.
 *
 * SPDX-License-Identifier: MIT
 */
import * as memory from './memory.js';
import { Answer } from './answer.js';
import { announce } from './dom.js';
import { createSession, newKey } from './api.js';
import { History } from './history.js';
import { Speaker } from './speaker.js';

const TITLE_LENGTH = 60;
const AGAIN_MS = 1500;

export class Chat {
    #history;
    #composer;
    #scroll;
    #connection;
    #hooks;

    #sessionId = null;
    #visit = 0;          /* changes with every conversation shown */
    #answer = null;
    #goneAt = 0;         /* when an answer could last not be re-attached to */
    #again = 0;          /* timer */

    /**
     * @param {object} parts
     * @param {HTMLElement} parts.list   Gets the messages.
     * @param {HTMLButtonElement} parts.older  Loads earlier ones.
     * @param {Composer} parts.composer
     * @param {ScrollKeeper} parts.scroll
     * @param {Connection} parts.connection
     * @param {object} hooks
     * @param {(id: string) => void} hooks.onSession  A conversation was made.
     * @param {() => void} hooks.onChange  Its place in a list may be another.
     * @param {(filled: boolean) => void} hooks.onFilled
     * @param {(error: Error) => void} hooks.onProblem
     */
    constructor(parts, hooks) {
        this.#history = new History(parts.list, parts.older, parts.scroll,
            hooks);
        this.#composer = parts.composer;
        this.#scroll = parts.scroll;
        this.#connection = parts.connection;
        this.#hooks = hooks;
    }

    /** Shows a conversation; null for one that is yet to begin. */
    async show(sessionId) {
        this.leave();
        this.#sessionId = sessionId;
        this.#history.clear(sessionId);
        if (sessionId !== null) {
            await this.#load();
        }
    }

    /** Nobody looks any more; a running answer goes on at the server. */
    leave() {
        this.#visit += 1;
        clearTimeout(this.#again);
        this.#answer?.leave();
        this.#answer = null;
        this.#composer.setRunning(false);
        this.#connection.ok();
    }

    async submit(text) {
        const visit = this.#visit;
        if (this.#sessionId === null) {
            this.#composer.setRunning(true);
            try {
                const id = await createSession(title(text));
                if (visit !== this.#visit) {
                    return;
                }
                this.#sessionId = String(id);
                this.#history.clear(this.#sessionId);
                this.#hooks.onSession(this.#sessionId);
            } catch (error) {
                this.#composer.setRunning(false);
                this.#composer.setText(text);
                this.#hooks.onProblem(error);
                return;
            }
        }
        this.#history.add({ role: 'user', content: text,
            created_at: Date.now() });
        this.#run({ key: newKey(), content: text });
    }

    stop() {
        this.#answer?.stop();
    }

    /** Looks whether somebody else has gone on with this conversation. */
    async refresh() {
        const visit = this.#visit;
        if (this.#sessionId === null || this.#answer !== null) {
            return;
        }
        const rows = await this.#history.fetch();
        const newest = rows.at(-1);
        const last = this.#history.last();
        /* What failed here before it was stored has no id, and stays. */
        const isNews = newest !== undefined && (last === undefined ||
            (last.id !== undefined && last.id !== newest.message_id));
        if (visit === this.#visit && this.#answer === null && isNews) {
            this.#take(rows);
        }
    }

    /* ---- History ---- */

    async #load() {
        const visit = this.#visit;
        const rows = await this.#history.fetch();
        if (visit === this.#visit) {
            this.#take(rows);
        }
    }

    /* An answer that runs is told better by its stream than by its row, in
     * this tab and in any other. */
    #take(rows) {
        const pending = this.#pendingSend(rows);
        const running = rows.findLast((row) => row.status === 'streaming');
        this.#history.fill(rows);
        this.#offerAgain();
        if (pending !== null) {
            this.#resume(pending);
        } else if (running !== undefined) {
            const asked = this.#history.lastQuestion();
            this.#run({ content: asked?.row.content ?? '',
                streamId: running.stream_id, userMessageId: asked?.id ?? null,
                text: running.content });
        }
    }

    /* What this tab began and the rows do not tell to its end. */
    #pendingSend(rows) {
        const pending = memory.pendingSend(this.#sessionId);
        const row = rows.findLast((one) => one.stream_id !== null &&
            one.stream_id === pending?.streamId);
        if (pending === null || row === undefined ||
            row.status === 'streaming') {
            return pending;
        }
        memory.forgetPendingSend(this.#sessionId, pending,
            row.status === 'complete');
        return null;
    }

    /* ---- The running answer ---- */

    #resume(pending) {
        const last = this.#history.last()?.row;
        if (!this.#history.has(pending.userMessageId) &&
            !(last?.role === 'user' && last.content === pending.content)) {
            this.#history.add({ role: 'user', content: pending.content });
        }
        this.#run(pending);
    }

    async #run(send) {
        const visit = this.#visit;
        const speaker = new Speaker();
        const item = this.#history.add({ role: 'assistant', status: 'streaming',
            content: send.text ?? '' });
        item.view.setStreaming(send.streamId ? 'Answering' : 'Sending');
        this.#composer.setRunning(true);
        this.#scroll.toEnd();
        announce(send.streamId ? 'The answer goes on.' : 'Sent.');
        const answer = new Answer(this.#sessionId, send, {
            onStart: (messageId) => {
                this.#history.settle(item, messageId);
                item.view.setStreaming('Answering');
                this.#hooks.onChange();
            },
            onText: (text) => {
                item.view.setText(text);
                speaker.hear(text);
            },
            onState: (name, details) => this.#showState(name, details),
        }, (ms, signal) => this.#connection.wait(ms, signal));
        this.#answer = answer;
        const outcome = await answer.run();
        if (visit === this.#visit) {
            this.#answer = null;
            this.#finish(item, answer, outcome, speaker);
        } else {
            speaker.hush();
        }
    }

    #showState(name, details) {
        if (name === 'streaming') {
            this.#connection.ok();
        } else if (name === 'connecting') {
            this.#connection.trying();
        } else if (name === 'stop-refused') {
            this.#composer.allowStop();
            this.#hooks.onProblem(details.error);
        }
    }

    #finish(item, answer, outcome, speaker) {
        const { view } = item;
        this.#composer.setRunning(false);
        this.#connection.ok();
        this.#hooks.onChange();
        if (outcome.kind === 'gone') {
            speaker.hush();
            this.#loadAfterGone();
            return;
        }
        if (outcome.kind === 'done') {
            const wasStopped = outcome.finishReason === 'cancelled';
            item.id = outcome.messageId;
            item.row = { role: 'assistant', content: view.text,
                finish_reason: outcome.finishReason,
                status: wasStopped ? 'cancelled' : 'complete' };
            view.setEnded({ status: item.row.status,
                finishReason: outcome.finishReason });
            speaker.end(wasStopped ? 'Stopped.' : 'The answer is complete.');
            this.#offerAgain();
            return;
        }
        if (outcome.error?.status === 401) {
            this.#hooks.onProblem(outcome.error);
        }
        const problem = outcome.kind === 'refused'
            ? outcome.error.message : outcome.message;
        item.row = { role: 'assistant', content: view.text,
            status: view.text === '' ? 'failed' : 'truncated' };
        speaker.end(problem);
        this.#offerAgain(problem, outcome.retryable !== false);
    }

    /* Its row tells how it ended; one that is not at its end yet although
     * its stream cannot be found is not asked about all the time. */
    #loadAfterGone() {
        const visit = this.#visit;
        const soon = Date.now() - this.#goneAt < 2 * AGAIN_MS;
        this.#goneAt = Date.now();
        this.#again = setTimeout(() => {
            if (visit === this.#visit) {
                this.#load().catch(this.#hooks.onProblem);
            }
        }, soon ? AGAIN_MS : 0);
    }

    /* ---- Again ---- */

    /* The last answer, if it is not whole, can be asked for again: under the
     * same key where the server then answers the same message anew, and as a
     * new message otherwise. */
    #offerAgain(problem, retryable = true) {
        const item = this.#history.last();
        const status = item?.row.status;
        const asked = this.#history.lastQuestion();
        if (item?.row.role !== 'assistant' || asked === undefined ||
            (status === 'complete' && item.row.content !== '')) {
            return;
        }
        const failed = memory.failedSend(this.#sessionId);
        const sameKey = failed !== null &&
            (status === 'failed' || status === 'truncated') &&
            failed.content === asked.row.content;
        const run = () => sameKey ? this.#retry(failed)
            : this.submit(asked.row.content);
        item.view.setEnded({ status, problem,
            finishReason: item.row.finish_reason,
            again: retryable
                ? { label: sameKey ? 'Retry' : 'Ask again', run } : null });
    }

    #retry(failed) {
        if (this.#answer !== null) {
            return;
        }
        const { view, row } = this.#history.last();
        if (row.content === '') {
            this.#history.removeLast();
        } else {
            view.setEnded({ status: row.status });
        }
        this.#composer.focus();
        this.#run({ key: failed.key, content: failed.content });
    }
}

function title(text) {
    const line = text.split('\n', 1)[0].replace(/\s+/g, ' ').trim();
    return line.length <= TITLE_LENGTH ? line
        : `${line.slice(0, TITLE_LENGTH - 1).trimEnd()}…`;
}
