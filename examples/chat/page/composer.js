/*
 * composer.js - where a message is written.
 *
 * SPDX-License-Identifier: MIT
 *
 * Enter sends, Shift and Enter begin a new line, Escape stops the answer.
 */
const LONGEST_BYTES = 64 * 1024;

export class Composer {
    #form;
    #field;
    #send;
    #stop;
    #problem;
    #running = false;
    #onSend;
    #onStop;

    /**
     * @param {HTMLFormElement} form  With a textarea, buttons .send and .stop
     *     and a line .composer-problem.
     * @param {{onSend: (text: string) => void, onStop: () => void}} hooks
     */
    constructor(form, { onSend, onStop }) {
        this.#form = form;
        this.#field = form.querySelector('textarea');
        this.#send = form.querySelector('.send');
        this.#stop = form.querySelector('.stop');
        this.#problem = form.querySelector('.composer-problem');
        this.#onSend = onSend;
        this.#onStop = onStop;
        form.addEventListener('submit', (event) => {
            event.preventDefault();
            this.#submit();
        });
        this.#field.addEventListener('input', () => this.#changed());
        this.#field.addEventListener('keydown', (event) => this.#key(event));
        this.#stop.addEventListener('click', () => this.#requestStop());
        document.addEventListener('keydown', (event) => {
            if (event.key === 'Escape' && !event.defaultPrevented &&
                this.#running && !this.#stop.disabled &&
                !form.closest('[hidden]')) {
                event.preventDefault();
                this.#requestStop();
            }
        });
        this.#changed();
    }

    focus() {
        this.#field.focus();
    }

    get text() {
        return this.#field.value;
    }

    setText(text) {
        this.#field.value = text;
        this.#changed();
    }

    /** While an answer runs, the stop button stands in for the send button. */
    setRunning(running) {
        const hadFocus = document.activeElement === this.#stop;
        this.#running = running;
        this.#stop.hidden = !running;
        this.#stop.disabled = false;
        this.#send.hidden = running;
        this.#form.dataset.running = String(running);
        if (hadFocus && !running) {
            this.focus();
        }
        this.#changed();
    }

    #requestStop() {
        this.#stop.disabled = true;
        this.#onStop();
    }

    /** The answer goes on after all. */
    allowStop() {
        this.#stop.disabled = false;
    }

    #key(event) {
        /* While an input method composes, Enter chooses a character. */
        if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
            event.preventDefault();
            this.#submit();
        }
    }

    #submit() {
        const text = this.#field.value.trim();
        if (text === '' || this.#running || this.#isTooLong()) {
            return;
        }
        this.setText('');
        this.#onSend(text);
    }

    #isTooLong() {
        return new TextEncoder().encode(this.#field.value.trim()).length >
            LONGEST_BYTES;
    }

    #changed() {
        const tooLong = this.#isTooLong();
        this.#problem.hidden = !tooLong;
        this.#problem.textContent = tooLong
            ? 'This is longer than 64 KB. Add it as a document instead.' : '';
        this.#field.setAttribute('aria-invalid', String(tooLong));
        this.#send.disabled = this.#field.value.trim() === '' || tooLong;
        this.#field.style.height = 'auto';
        this.#field.style.height = `${this.#field.scrollHeight}px`;
    }
}
