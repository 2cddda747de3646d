/*
 * sessions.js - the list of conversations.
 *
 * SPDX-License-Identifier: MIT
 */
import * as api from './api.js';
import { el, icon, timeElement } from './dom.js';

export class Sessions {
    #list;
    #empty;
    #current = null;
    #rows = [];
    #onTitle;

    /**
     * @param {HTMLElement} list
     * @param {HTMLElement} empty  Shown while there is none.
     * @param {(title: ?string) => void} onTitle  Of the current conversation.
     */
    constructor(list, empty, onTitle) {
        this.#list = list;
        this.#empty = empty;
        this.#onTitle = onTitle;
    }

    /** Fetches the list anew. */
    async refresh() {
        this.#rows = await api.listSessions();
        this.#draw();
    }

    /** Marks the conversation that is shown; null for none. */
    setCurrent(id) {
        this.#current = id;
        this.#draw();
    }

    #draw() {
        this.#empty.hidden = this.#rows.length > 0;
        this.#list.replaceChildren(...this.#rows.map((row) => this.#item(row)));
        const current = this.#rows.find((row) => this.#isCurrent(row));
        this.#onTitle(current ? name(current) : null);
    }

    #isCurrent(row) {
        return this.#current !== null &&
            String(row.session_id) === this.#current;
    }

    #item(row) {
        const last = row.last_message_at;
        const detail = row.message_count === 0 || !last ? 'empty'
            : timeElement(new Date(last));
        return el('li', {}, el('a', {
            class: 'side-item',
            href: `#/chat/${encodeURIComponent(row.session_id)}`,
            'aria-current': this.#isCurrent(row) ? 'page' : null,
        }, icon('chat'), el('span', { class: 'side-text' },
            el('span', { class: 'side-name' }, name(row)),
            el('span', { class: 'side-detail' }, detail))));
    }
}

function name(row) {
    return row.title || 'Untitled conversation';
}
