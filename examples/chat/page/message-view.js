/*
 * message-view.js - one message of a conversation.
 *
 * SPDX-License-Identifier: MIT
 */
import { el, icon, iconButton, timeElement } from './dom.js';
import { RichText } from './rich-text.js';

const FINISH_NOTES = {
    length: 'The answer ends here because it reached its greatest length.',
    content_filter: 'The rest was withheld by the content filter.',
    tool_calls: 'The model asked for a tool, which this chat does not have.',
};

const STATUS_NOTES = {
    truncated: 'The answer broke off.',
    cancelled: 'Stopped.',
    failed: 'No answer came.',
};

const EMPTY_NOTE = 'The model ended its answer without a word.';

const COPIED_MS = 1600;

export class MessageView {
    element;
    role;
    text = '';

    #body;
    #rich = null;
    #note = el('div', { class: 'message-note', hidden: true });
    #actions = el('div', { class: 'message-actions' });
    #meta = el('span', { class: 'message-meta' });
    #frame = 0;

    /** @param {'user'|'assistant'} role */
    constructor(role, text, createdAt = null) {
        this.role = role;
        if (role === 'assistant') {
            this.#rich = new RichText({ class: 'message-body rich' });
            this.#body = this.#rich.element;
        } else {
            this.#body = el('div', { class: 'message-body' });
        }
        this.element = el('li', { class: 'message', 'data-role': role },
            el('h3', { class: 'visually-hidden' },
                role === 'user' ? 'You' : 'Answer'),
            this.#body, this.#note, this.#actions);
        if (createdAt !== null) {
            this.#meta.append(timeElement(createdAt));
        }
        this.setText(text);
    }

    setText(text) {
        this.text = text;
        if (this.#rich === null) {
            this.#body.textContent = text;
        } else if (this.#frame === 0) {
            /* Tokens come faster than a screen shows them. */
            this.#frame = requestAnimationFrame(() => this.#draw());
        }
    }

    /** The answer is on its way; `hint` stands in until the first words. */
    setStreaming(hint) {
        this.element.dataset.status = 'streaming';
        this.#body.setAttribute('aria-busy', 'true');
        this.#body.dataset.hint = hint;
        this.#note.hidden = true;
        this.#actions.replaceChildren();
    }

    /**
     * The answer has ended, or the message is as it will stay.
     *
     * @param {object} how
     * @param {string} how.status  As the server keeps it.
     * @param {string} [how.finishReason]
     * @param {number} [how.responseMs]
     * @param {string} [how.problem]  Why it failed, for people.
     * @param {{label: string, run: () => void}} [how.again]
     */
    setEnded({ status, finishReason, responseMs, problem, again }) {
        this.element.dataset.status = status;
        this.#body.removeAttribute('aria-busy');
        if (this.#rich !== null) {
            this.#draw();
        }
        const isEmpty = this.text === '';
        this.#showNote(problem ?? STATUS_NOTES[status === 'failed' && !isEmpty
            ? 'truncated' : status] ?? FINISH_NOTES[finishReason] ??
            (isEmpty ? EMPTY_NOTE : ''), status, again);
        this.#showActions(responseMs);
    }

    #draw() {
        cancelAnimationFrame(this.#frame);
        this.#frame = 0;
        this.#rich.set(this.text);
    }

    #showNote(text, status, again) {
        this.#note.hidden = text === '' && !again;
        this.#note.replaceChildren();
        if (this.#note.hidden) {
            return;
        }
        if (status === 'failed' || status === 'truncated') {
            this.#note.append(icon('alert'));
        }
        this.#note.append(el('span', { class: 'message-note-text' }, text));
        if (again) {
            this.#note.append(iconButton('retry', again.label,
                { class: 'button quiet', 'data-action': 'retry',
                    on: { click: again.run } }));
        }
    }

    #showActions(responseMs) {
        this.#actions.replaceChildren();
        if (this.role === 'assistant' && this.text !== '') {
            this.#actions.append(this.#copyButton());
        }
        this.#actions.append(this.#meta);
        if (responseMs) {
            this.#meta.title =
                `Answered in ${(responseMs / 1000).toFixed(1)} s`;
        }
    }

    #copyButton() {
        const button = iconButton('copy', 'Copy', { class: 'button quiet',
            'data-action': 'copy', on: { click: () => this.#copy(button) } });
        return button;
    }

    async #copy(button) {
        let worked = true;
        try {
            await navigator.clipboard.writeText(this.text);
        } catch {
            worked = false;
        }
        const [oldIcon, name] = button.children;
        oldIcon.replaceWith(icon(worked ? 'check' : 'alert'));
        name.textContent = worked ? 'Copied' : 'Could not copy';
        setTimeout(() => {
            button.firstElementChild.replaceWith(icon('copy'));
            name.textContent = 'Copy';
        }, COPIED_MS);
    }
}
