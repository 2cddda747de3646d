/*
 * history.js - the messages of a conversation, as they stand in the page.
 *
 * SPDX-License-Identifier: MIT
 */
import * as api from './api.js';
import { MessageView } from './message-view.js';

const PAGE = 50;

export class History {
    #list;
    #older;
    #scroll;
    #hooks;
    #sessionId = null;
    #oldest = null;      /* id of the oldest message loaded */
    #items = [];         /* {id, view, row} in order */

    /**
     * @param {HTMLElement} list   Gets the messages.
     * @param {HTMLButtonElement} older  Loads earlier ones.
     * @param {ScrollKeeper} scroll
     * @param {object} hooks
     * @param {(filled: boolean) => void} hooks.onFilled
     * @param {(error: Error) => void} hooks.onProblem
     */
    constructor(list, older, scroll, hooks) {
        this.#list = list;
        this.#older = older;
        this.#scroll = scroll;
        this.#hooks = hooks;
        older.addEventListener('click', () => this.#loadOlder());
    }

    /** Empty, for that conversation. */
    clear(sessionId) {
        this.#sessionId = sessionId;
        this.fill([]);
    }

    /** The newest rows of the conversation, oldest first. */
    fetch() {
        return api.listMessages(this.#sessionId, { limit: PAGE });
    }

    /** Shows what fetch() brought, but for an answer that runs: its stream
     *  tells it better. */
    fill(rows) {
        this.#items = [];
        this.#list.replaceChildren();
        this.#older.hidden = rows.length < PAGE;
        this.#oldest = rows[0]?.message_id;
        for (const row of worthShowing(rows)) {
            if (row.status !== 'streaming') {
                this.add(row);
            }
        }
        this.#scroll.toEnd();
        this.#hooks.onFilled(this.#items.length > 0);
    }

    /** @return {{id: ?string, view: MessageView, row: object}} */
    add(row) {
        const item = this.#item(row);
        this.#items.push(item);
        this.#list.append(item.view.element);
        this.#hooks.onFilled(true);
        return item;
    }

    last() {
        return this.#items.at(-1);
    }

    lastQuestion() {
        return this.#items.findLast(({ row }) => row.role === 'user');
    }

    has(messageId) {
        return this.#items.some(({ id }) => id === messageId);
    }

    removeLast() {
        this.#remove(this.#items.length - 1);
    }

    /** The answer `item` has turned out to be one to this message.  What was
     *  shown of the same send before goes away. */
    settle(item, messageId) {
        const asked = this.#items.findIndex(({ id }) => id === messageId);
        for (let at = this.#items.indexOf(item) - 1; at >= 0; at -= 1) {
            const { id, row } = this.#items[at];
            if (asked < 0 && row.role === 'user' && id === undefined) {
                this.#items[at].id = messageId;
                return;
            }
            if (at > asked && (row.role === 'user' ? id === undefined
                : row.status === 'complete')) {
                this.#remove(at);
            }
        }
    }

    #remove(at) {
        this.#items.splice(at, 1)[0].view.element.remove();
    }

    async #loadOlder() {
        const sessionId = this.#sessionId;
        this.#older.disabled = true;
        try {
            const rows = await api.listMessages(sessionId,
                { before: this.#oldest, limit: PAGE });
            if (sessionId === this.#sessionId) {
                this.#older.hidden = rows.length < PAGE;
                this.#oldest = rows[0]?.message_id ?? this.#oldest;
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
        this.#items.unshift(...items);
        this.#list.prepend(...items.map(({ view }) => view.element));
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
}

/* An answer that was asked for again is shown only if some of it came. */
function worthShowing(rows) {
    return rows.filter((row, index) => row.role === 'user' ||
        row.content !== '' || rows[index + 1]?.role !== 'assistant');
}
