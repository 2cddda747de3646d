/*
 * connection.js - says how the connection is, and waits for a better one.
 *
 * SPDX-License-Identifier: MIT
 */

import { announce } from './dom.js';

/* What is read out when a state begins; a countdown would be read out each
 * second. */
const SAID = {
    waiting: 'Connection lost. Trying again.',
    offline: 'You are offline.',
    ok: 'Connected again.',
};

/**
 * A line for people about the connection, and the waiting between attempts.
 */
export class Connection {
    #banner;
    #text;
    #button;
    #wake = new EventTarget();
    #ticking = 0;

    /**
     * @param {HTMLElement} banner  Hidden while all is well.
     * @param {HTMLElement} text    Inside it.
     * @param {HTMLButtonElement} button  Inside it: tries at once.
     */
    constructor(banner, text, button) {
        this.#banner = banner;
        this.#text = text;
        this.#button = button;
        button.addEventListener('click', () => this.#wakeUp());
        window.addEventListener('online', () => this.#wakeUp());
        window.addEventListener('offline', () => this.#showOffline());
        if (!navigator.onLine) {
            this.#showOffline();
        }
    }

    /** All is well. */
    ok() {
        this.#leaveButton();
        this.#banner.hidden = true;
        this.#enter('ok');
    }

    /** An attempt is being made after a failed one. */
    trying() {
        if (!this.#banner.hidden) {
            this.#show('reconnecting', 'Reconnecting…', false);
        }
    }

    /** Nothing more will be tried. */
    lost(message) {
        this.#show('lost', message, false);
    }

    /**
     * Sleeps between two attempts and says so; the network's return and the
     * button end it early.
     * @throws the signal's reason.
     */
    async wait(ms, signal) {
        const until = Date.now() + ms;
        signal.throwIfAborted();
        this.#countDown(until);
        const ticker = setInterval(() => this.#countDown(until), 250);
        this.#ticking += 1;
        try {
            await this.#sleep(ms, signal);
        } finally {
            clearInterval(ticker);
            this.#ticking -= 1;
        }
        signal.throwIfAborted();
    }

    #sleep(ms, signal) {
        return new Promise((resolve) => {
            const done = () => {
                clearTimeout(timer);
                this.#wake.removeEventListener('wake', done);
                signal.removeEventListener('abort', done);
                resolve();
            };
            const timer = setTimeout(done, ms);
            this.#wake.addEventListener('wake', done);
            signal.addEventListener('abort', done);
        });
    }

    #countDown(until) {
        const seconds = Math.ceil((until - Date.now()) / 1000);
        if (!navigator.onLine) {
            this.#showOffline();
        } else if (seconds > 0) {
            this.#show('waiting', 'Connection lost. Trying again in ' +
                `${seconds} s.`, true);
        } else {
            this.trying();
        }
    }

    #showOffline() {
        this.#show('offline', 'You are offline. This goes on by itself as ' +
            'soon as the network is back.', false);
    }

    #wakeUp() {
        if (this.#ticking === 0) {
            this.ok();
        }
        this.#wake.dispatchEvent(new Event('wake'));
    }

    #enter(state) {
        const before = this.#banner.dataset.state ?? 'ok';
        this.#banner.dataset.state = state;
        const news = state !== before && SAID[state];
        /* Between two attempts nothing new has happened. */
        if (news && !(state === 'waiting' && before === 'reconnecting')) {
            announce(news);
        }
    }

    /* Whoever pressed it is not to stand nowhere when it goes. */
    #leaveButton() {
        if (document.activeElement === this.#button) {
            this.#banner.closest('main').focus();
        }
    }

    #show(state, text, withButton) {
        this.#banner.hidden = false;
        this.#enter(state);
        if (!withButton) {
            this.#leaveButton();
        }
        this.#button.hidden = !withButton;
        if (this.#text.textContent !== text) {
            this.#text.textContent = text;
        }
    }
}
