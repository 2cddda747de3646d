/*
 * chat.js - one conversation: its history, sending, and the running answer.
 *
 * SPDX-License-Identifier: MIT
 */
import * as api from './api.js';
import * as memory from './memory.js';
import { Answer } from './answer.js';
import { announce } from './dom.js';
import { MessageView } from './message-view.js';
import { Speaker } from './speaker.js';

const PAGE = 50;
const POLL_MS = 1500;
const TITLE_LENGTH = 60;

export class Chat {
    #list;
    #older;
    #composer;
    #scroll;
    #connection;
    #hooks;

    #sessionId = null;
    #visit = 0;          /* changes with every conversation shown */
    #views = [];         /* {id, view, row} in order */
    #oldest = null;      /* id of the oldest message loaded */
    #answer = null;
    #poll = 0;

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
        this.#list = parts.list;
        this.#older = parts.older;
        this.#composer = parts.composer;
        this.#scroll = parts.scroll;
        this.#connection = parts.connection;
        this.#hooks = hooks;
        parts.older.addEventListener('click', () => this.#loadOlder());
    }

    /** Shows a conversation; null for one that is yet to begin. */
    async show(sessionId) {
        this.leave();
        this.#sessionId = sessionId;
        this.#fill([]);
        if (sessionId !== null) {
            await this.#load();
        }
    }

    /** Nobody looks any more; a running answer goes on at the server. */
    leave() {
        this.#visit += 1;
        clearTimeout(this.#poll);
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
                const id = await api.createSession(title(text));
                if (visit !== this.#visit) {
                    return;
                }
                this.#sessionId = String(id);
                this.#hooks.onSession(this.#sessionId);
            } catch (error) {
                this.#composer.setRunning(false);
                this.#composer.setText(text);
                this.#hooks.onProblem(error);
                return;
            }
        }
        this.#add({ role: 'user', content: text, created_at: Date.now() });
        this.#run({ key: newKey(), content: text });
    }

    stop() {
        this.#answer?.stop();
    }

    /* ---- History ---- */

    async #load() {
        const visit = this.#visit;
        const rows = await api.listMessages(this.#sessionId, { limit: PAGE });
        if (visit !== this.#visit) {
            return;
        }
        const pending = memory.pendingSend(this.#sessionId);
        const last = rows.at(-1);
        if (pending !== null && last?.status === 'streaming') {
            rows.pop(); /* the stream tells it better */
        }
        this.#fill(rows);
        if (pending !== null) {
            this.#resume(pending);
        } else if (last?.status === 'streaming') {
            this.#watchRow();
        }
    }

    #fill(rows) {
        this.#views = [];
        this.#list.replaceChildren();
        this.#older.hidden = rows.length < PAGE;
        this.#oldest = rows[0]?.message_id;
        for (const row of worthShowing(rows)) {
            this.#add(row);
        }
        this.#offerAgain();
        this.#scroll.toEnd();
        this.#hooks.onFilled(this.#views.length > 0);
    }

    async #loadOlder() {
        const visit = this.#visit;
        this.#older.disabled = true;
        try {
            const rows = await api.listMessages(this.#sessionId,
                { before: this.#oldest, limit: PAGE });
            if (visit === this.#visit) {
                this.#older.hidden = rows.length < PAGE;
                this.#oldest = rows[0]?.message_id;
                this.#scroll.keepPlace(() => this.#prepend(rows));
            }
        } catch (error) {
            this.#hooks.onProblem(error);
        } finally {
            this.#older.disabled = false;
        }
    }

    #prepend(rows) {
        const items = worthShowing(rows).map((row) => this.#item(row));
        this.#views.unshift(...items);
        this.#list.prepend(...items.map(({ view }) => view.element));
    }

    #add(row) {
        const item = this.#item(row);
        this.#views.push(item);
        this.#list.append(item.view.element);
        this.#hooks.onFilled(true);
        return item;
    }

    #item(row) {
        const view = new MessageView(row.role, row.content,
            row.created_at ? new Date(row.created_at) : null);
        if (row.status === 'streaming') {
            view.setStreaming('Answering');
        } else {
            view.setEnded({ status: row.status ?? 'complete',
                finishReason: row.finish_reason,
                responseMs: row.response_time_ms });
        }
        return { id: row.message_id, view, row };
    }

    /* An answer that runs, but not for this tab: its row grows as the server
     * saves it. */
    #watchRow() {
        const visit = this.#visit;
        this.#composer.setRunning(true, false);
        this.#poll = setTimeout(async () => {
            let last = null;
            try {
                last = (await api.listMessages(this.#sessionId,
                    { limit: 1 })).at(-1);
            } catch {
                /* The next time will tell. */
            }
            if (visit !== this.#visit) {
                return;
            }
            if (last !== null && last?.status !== 'streaming') {
                this.#composer.setRunning(false);
                await this.#load();
                this.#hooks.onChange();
                return;
            }
            if (last !== null) {
                this.#views.at(-1).view.setText(last.content);
            }
            this.#watchRow();
        }, POLL_MS);
    }

    /* ---- The running answer ---- */

    #resume(pending) {
        const known = this.#views.some(({ id, row }) => row.role === 'user' &&
            String(id) === pending.userMessageId);
        const last = this.#views.at(-1)?.row;
        if (!known && !(last?.role === 'user' &&
            last.content === pending.content)) {
            this.#add({ role: 'user', content: pending.content });
        }
        this.#run(pending);
    }

    async #run(send) {
        const visit = this.#visit;
        const speaker = new Speaker();
        const item = this.#add({ role: 'assistant', status: 'streaming',
            content: send.text ?? '' });
        item.view.setStreaming(send.streamId ? 'Answering' : 'Sending');
        this.#composer.setRunning(true);
        this.#scroll.toEnd();
        announce(send.streamId ? 'The answer goes on.' : 'Sent.');
        const answer = new Answer(this.#sessionId, send, {
            onStart: () => {
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
            this.#load().catch(this.#hooks.onProblem);
            return;
        }
        if (outcome.kind === 'done') {
            const wasStopped = outcome.finishReason === 'cancelled';
            item.id = outcome.messageId;
            item.row = { role: 'assistant', content: view.text,
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

    /* ---- Again ---- */

    /* The last answer, if it is not whole, can be asked for again: under the
     * same key where the server then answers the same message anew, and as a
     * new message otherwise. */
    #offerAgain(problem, retryable = true) {
        const item = this.#views.at(-1);
        const status = item?.row.status;
        const asked = this.#views.findLast(({ row }) => row.role === 'user');
        if (item?.row.role !== 'assistant' || asked === undefined ||
            !['failed', 'truncated', 'cancelled'].includes(status)) {
            return;
        }
        const failed = memory.failedSend(this.#sessionId);
        const sameKey = status !== 'cancelled' && failed !== null &&
            failed.content === asked.row.content;
        const run = () => sameKey ? this.#retry(failed)
            : this.submit(asked.row.content);
        item.view.setEnded({ status, problem,
            again: retryable
                ? { label: sameKey ? 'Retry' : 'Ask again', run } : null });
    }

    #retry(failed) {
        if (this.#answer !== null) {
            return;
        }
        const { view, row } = this.#views.at(-1);
        if (row.content === '') {
            this.#views.pop().view.element.remove();
        } else {
            view.setEnded({ status: row.status });
        }
        this.#composer.focus();
        this.#run({ key: failed.key, content: failed.content });
    }
}

/* An answer that was asked for again is shown only if some of it came. */
function worthShowing(rows) {
    return rows.filter((row, index) => row.role === 'user' ||
        row.content !== '' || rows[index + 1]?.role !== 'assistant');
}

/* Not randomUUID(), which pages without TLS lack on other hosts. */
function newKey() {
    return Array.from(crypto.getRandomValues(new Uint8Array(16)),
        (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function title(text) {
    const line = text.split('\n', 1)[0].replace(/\s+/g, ' ').trim();
    return line.length <= TITLE_LENGTH ? line
        : `${line.slice(0, TITLE_LENGTH - 1).trimEnd()}…`;
}
