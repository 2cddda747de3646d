/*
 * answer.js - one answer, from the send to its last event.
 *
 * SPDX-License-Identifier: MIT
 *
 * Knows no page: it sends or re-attaches, connects again after a break, keeps
 * what a reload needs, and tells each change.
 */
import * as api from './api.js';
import * as memory from './memory.js';
import { followSse, isPassing } from './sse-follow.js';

const KEEP_EVERY_MS = 400;

/** Whether the data of an event says that the answer failed.  The name of that
 *  event is a setting of the server, so its shape decides. */
function isFailure(event, data) {
    return event.type === 'error' ||
        (typeof data.code === 'string' && typeof data.retryable === 'boolean');
}

export class Answer {
    sessionId;
    /** {key, content, streamId, userMessageId, lastEventId, text} */
    send;
    /** 'connecting', 'streaming' or 'waiting' */
    state = 'connecting';
    stopping = false;

    #hooks;
    #wait;
    #leave = new AbortController();
    #left = false;
    #outcome = null;
    #keptAt = 0;
    #onPageHide = () => this.#keep(true);

    /**
     * @param {string} sessionId
     * @param {object} send  As kept by memory.js, or {key, content}; or, of an
     *     answer that another tab asked for, {content, streamId,
     *     userMessageId}.
     * @param {object} hooks
     * @param {(messageId: string) => void} hooks.onStart  The message is
     *     stored, under this id.
     * @param {(text: string) => void} hooks.onText  The text so far.
     * @param {(state: string, details: object) => void} hooks.onState
     * @param {(ms: number, signal: AbortSignal) => Promise<void>} wait
     */
    constructor(sessionId, send, hooks, wait) {
        this.sessionId = sessionId;
        this.send = { key: null, streamId: null, userMessageId: null,
            lastEventId: '', text: '', ...send };
        this.#hooks = hooks;
        this.#wait = wait;
    }

    /**
     * Runs to the end.
     * @return {Promise<object>}  {kind: 'done', finishReason, messageId};
     *     {kind: 'failed', code, message, retryable, stage};
     *     {kind: 'refused', error}: an ApiError, nothing was begun;
     *     {kind: 'gone'}: it ended elsewhere, the server knows how;
     *     {kind: 'left'}: leave() was called.
     */
    async run() {
        const signal = this.#leave.signal;
        this.#keep(true);
        window.addEventListener('pagehide', this.#onPageHide);
        try {
            const whole = await followSse({
                open: (lastEventId) => this.#open(lastEventId, signal),
                onEvent: (event) => this.#take(event),
                onState: (state) => this.#tell(state),
                wait: (ms) => this.#wait(ms, signal),
                lastEventId: this.send.lastEventId,
                retries: (error) => this.#isWorthRetrying(error),
            });
            return this.#end(whole ? this.#outcome : { kind: 'gone' });
        } catch (error) {
            if (this.#left) {
                return { kind: 'left' };
            }
            return this.#end(this.#fromError(error));
        } finally {
            window.removeEventListener('pagehide', this.#onPageHide);
        }
    }

    /** Asks the server to stop; the answer then ends with its last event.
     *  Until the server has been told, the wish is repeated with each
     *  connection. */
    stop() {
        if (this.stopping) {
            return;
        }
        this.stopping = true;
        if (this.send.streamId !== null) {
            this.#requestStop();
        } else if (this.state === 'waiting') {
            this.#leave.abort();
        }
    }

    /** Stops reading; the answer goes on, and pendingSend() remembers it. */
    leave() {
        this.#left = true;
        this.#keep(true);
        this.#leave.abort();
    }

    #open(lastEventId, signal) {
        return this.send.streamId === null
            ? api.sendMessage(this.sessionId, this.send.content, this.send.key,
                signal)
            : api.attachAnswer(this.send.streamId, lastEventId, signal);
    }

    /* The key makes repeating a send harmless, so a broken connection is no
     * reason to ask; a refusal is for the person to see. */
    #isWorthRetrying(error) {
        return isPassing(error) &&
            (this.send.streamId !== null || error.kind !== 'status');
    }

    #take(event) {
        const data = JSON.parse(event.data);
        this.send.lastEventId = event.id;
        if (event.type === 'start') {
            this.#start(data);
        } else if (event.type === 'chunk') {
            this.send.text += data.content;
            this.#hooks.onText(this.send.text);
        } else if (event.type === 'done') {
            this.#outcome = { kind: 'done', finishReason: data.finish_reason,
                messageId: data.assistant_message_id };
        } else if (isFailure(event, data)) {
            this.#outcome = { kind: 'failed', ...data };
        }
        this.#keep(false);
        return this.#outcome !== null;
    }

    #start(data) {
        this.send.streamId = String(data.stream_id);
        this.send.userMessageId = String(data.user_message_id);
        this.send.text = '';
        this.#keep(true);
        this.#hooks.onStart(this.send.userMessageId);
        this.#hooks.onText('');
        if (this.stopping) {
            this.#requestStop();
        }
    }

    async #requestStop() {
        try {
            await api.stopAnswer(this.send.streamId);
        } catch (error) {
            if (error.status !== 0 && error.status !== 404) {
                this.stopping = false;
                this.#hooks.onState('stop-refused', { error });
            }
        }
    }

    #tell(state) {
        this.state = state.name === 'open' ? 'streaming' : state.name;
        this.#hooks.onState(this.state, state);
        if (this.state === 'streaming' && this.stopping &&
            this.send.streamId !== null) {
            this.#requestStop();
        }
    }

    #keep(now) {
        if (now || Date.now() - this.#keptAt >= KEEP_EVERY_MS) {
            this.#keptAt = Date.now();
            memory.keepPendingSend(this.sessionId, this.send);
        }
    }

    #fromError(error) {
        const told = this.#leave.signal.aborted
            ? new api.ApiError(0, 'cancelled', 'Not sent.')
            : api.asApiError(error);
        if (!(told instanceof api.ApiError)) {
            console.error(error);
            return { kind: 'failed', code: 'internal', retryable: true,
                stage: 'stream',
                message: 'The answer could not be understood.' };
        }
        if (this.send.streamId === null) {
            return { kind: 'refused', error: told };
        }
        if (told.status === 404) {
            return { kind: 'gone' };
        }
        return { kind: 'failed', code: told.code, message: told.message,
            retryable: true, stage: 'stream' };
    }

    #end(outcome) {
        memory.forgetPendingSend(this.sessionId, this.send,
            outcome.kind === 'done');
        return outcome;
    }
}
