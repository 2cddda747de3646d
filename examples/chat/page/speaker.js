/*
 * speaker.js - reads a growing answer out to a screen reader.
 *
 * SPDX-License-Identifier: MIT
 *
 * Whole sentences and not too often: a live region that changes with every
 * token is read as a stutter.
 */
import { announce } from './dom.js';

const PAUSE_MS = 2500;

export class Speaker {
    #said = 0;
    #text = '';
    #timer = 0;

    /** The text so far; a shorter one begins anew. */
    hear(text) {
        this.#said = Math.min(this.#said, text.length);
        this.#text = text;
        if (this.#timer === 0) {
            this.#timer = setTimeout(() => this.#say(false), PAUSE_MS);
        }
    }

    /** The answer has ended. */
    end(closing) {
        this.#say(true);
        announce(closing);
    }

    /** Nobody listens any more. */
    hush() {
        clearTimeout(this.#timer);
        this.#timer = 0;
    }

    #say(all) {
        this.hush();
        const rest = this.#text.slice(this.#said);
        const whole = all ? rest.length : lastSentenceEnd(rest);
        if (rest.slice(0, whole).trim() !== '') {
            announce(rest.slice(0, whole).trim());
            this.#said += whole;
        }
    }
}

function lastSentenceEnd(text) {
    let end = 0;
    for (const found of text.matchAll(/[.!?:](?=\s)|\n/g)) {
        end = found.index + 1;
    }
    return end;
}
