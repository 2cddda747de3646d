/*
 * extraction.js - one document: reading it for the course it describes.
 *
 * SPDX-License-Identifier: MIT
 */
import * as api from './api.js';
import { announce, el, icon, iconButton, size, timeElement } from './dom.js';
import { courseView } from './course-view.js';
import { Progress } from './progress-view.js';
import { followSse } from './sse-follow.js';

/* A reading that ends sooner is not worth a progress bar. */
const PATIENCE_MS = 250;

export class Extraction {
    #root;
    #connection;
    #hooks;
    #leave = new AbortController();
    #document = null;
    #stage = null;   /* a Progress while one runs */

    /**
     * @param {HTMLElement} root
     * @param {Connection} connection
     * @param {object} hooks
     * @param {(document: object) => void} hooks.onAsk
     * @param {() => void} hooks.onChange  A reading began or ended.
     * @param {(error: Error) => void} hooks.onProblem
     */
    constructor(root, connection, hooks) {
        this.#root = root;
        this.#connection = connection;
        this.#hooks = hooks;
    }

    /** Shows a document with what is known of it: the newest reading, whether
     *  it has ended or goes on. */
    async show(document) {
        this.leave();
        this.#document = document;
        this.#root.replaceChildren(this.#head(),
            el('p', { class: 'muted' }, 'Loading…'));
        this.#stage = new Progress();
        const signal = this.#leave.signal;
        const reveal = setTimeout(() => this.#showProgress(), PATIENCE_MS);
        signal.addEventListener('abort', () => clearTimeout(reveal));
        await this.#watch(signal);
        clearTimeout(reveal);
    }

    leave() {
        this.#leave.abort();
        this.#leave = new AbortController();
        this.#stage = null;
        this.#connection.ok();
    }

    async #start() {
        const signal = this.#leave.signal;
        this.#stage = new Progress();
        this.#showProgress();
        try {
            await api.startExtraction(this.#document.id);
        } catch (error) {
            /* One that runs already is as good. */
            if (error.status !== 409) {
                await this.#end({ failure: error }, signal);
                return;
            }
        }
        this.#hooks.onChange();
        if (!signal.aborted) {
            await this.#watch(signal);
        }
    }

    async #watch(signal) {
        const outcome = { result: null, failure: null, missing: 0 };
        try {
            await followSse({
                open: (lastEventId) => api.watchExtraction(this.#document.id,
                    lastEventId, signal),
                onEvent: (event) => this.#take(event, outcome),
                onState: (state) => this.#tell(state),
                wait: (ms) => this.#connection.wait(ms, signal),
            });
        } catch (error) {
            const told = api.asApiError(error);
            outcome.failure = told.status === 404 ? null : told;
        }
        await this.#end(outcome, signal);
    }

    #take(event, outcome) {
        const data = JSON.parse(event.data);
        if (event.type === 'progress') {
            this.#stage?.step(data);
        } else if (event.type === 'chunk') {
            this.#stage?.part(data);
        } else if (event.type === 'done') {
            outcome.result = data.result;
            outcome.missing = data.failed_chunks?.length ?? 0;
            return true;
        } else if (event.type === 'error' || typeof data.code === 'string') {
            outcome.failure = data;
            return true;
        }
        return false;
    }

    /* Without a result of its own, the newest stored one is shown. */
    async #end({ result, failure, missing }, signal) {
        let shown = result;
        if (!shown && !signal.aborted) {
            shown = await api.storedExtraction(this.#document.id)
                .catch(() => null);
        }
        if (signal.aborted) {
            return;
        }
        this.#connection.ok();
        this.#stage = null;
        if (result || failure) {
            this.#hooks.onChange();
        }
        this.#body(
            failure ? this.#failure(failure) : null,
            missing > 0 ? gaps(missing) : null,
            shown ? courseView(shown) : null,
            shown && !failure ? el('p', { class: 'result-foot' },
                this.#startButton('Read it again', 'quiet')) : null,
            shown || failure ? null : this.#offer());
        announce(failure?.message ?? (result ? 'The document has been read.'
            : ''));
    }

    #tell(state) {
        if (state.name === 'open') {
            this.#connection.ok();
        } else if (state.name === 'connecting') {
            this.#connection.trying();
        }
    }

    /* ---- What is shown ---- */

    #head() {
        const { name, bytes, addedAt } = this.#document;
        const ask = iconButton('chat', 'Ask about it', { class: 'button',
            'data-action': 'ask',
            on: { click: () => this.#hooks.onAsk(this.#document) } });
        return el('header', { class: 'document-head' },
            el('div', {},
                el('h2', { tabindex: '-1' }, name),
                el('p', { class: 'muted' }, `${size(bytes)}, added `,
                    timeElement(new Date(addedAt)))),
            ask);
    }

    /* Whoever stood in what goes, with the keyboard, gets to the name. */
    #body(...nodes) {
        const [head, ...old] = this.#root.children;
        const lost = old.some((node) => node.contains(document.activeElement));
        old.forEach((node) => node.remove());
        head.after(...nodes.filter((node) => node !== null));
        if (lost) {
            head.querySelector('h2').focus();
        }
    }

    #startButton(label, kind) {
        return iconButton('book', label, { class: `button ${kind}`,
            'data-action': 'extract', on: { click: () => this.#start() } });
    }

    #offer() {
        return el('section', { class: 'card offer' },
            el('h3', {}, 'Is this a course syllabus?'),
            el('p', {}, 'Its units, assessments with weights and dates, and ' +
                'books can be collected into one table. Without a language ' +
                'model this knows syllabi in English alone.'),
            this.#startButton('Collect course facts', 'primary'));
    }

    #showProgress() {
        if (this.#stage !== null) {
            this.#body(this.#stage.element);
            announce('Reading the document.');
        }
    }

    #failure({ message, retryable }) {
        return el('section', { class: 'card failure', role: 'alert' },
            icon('alert'),
            el('div', {}, el('h3', {}, 'This did not work'),
                el('p', {}, message)),
            retryable !== false
                ? this.#startButton('Try again', 'primary') : null);
    }
}

function gaps(count) {
    return el('p', { class: 'card gaps' }, icon('alert'), el('span', {},
        `${count === 1 ? 'One part' : `${count} parts`} of the document ` +
        'could not be read. Facts may be missing.'));
}
