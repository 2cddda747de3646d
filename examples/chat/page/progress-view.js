/*
 * progress-view.js - how far the reading of a document has come.
 *
 * SPDX-License-Identifier: MIT
 */
import { el } from './dom.js';

const STAGES = {
    chunking: 'Dividing the document into parts',
    ready: 'All parts read',
    merging: 'Putting the parts together',
    saving: 'Saving',
    done: 'Done',
};

export class Progress {
    element;

    #text = el('span', { id: 'stage-text', class: 'stage-text' }, 'Starting');
    #percent = el('span', { class: 'stage-percent', 'aria-hidden': 'true' },
        '0 %');
    #bar = el('progress', { max: '100', value: '0',
        'aria-labelledby': 'stage-text' });
    #parts = el('p', { class: 'muted stage-parts' }, '\u00a0');
    #read = 0;

    constructor() {
        this.element = el('section', { class: 'card progress-card' },
            el('div', { class: 'stage-line' }, this.#text, this.#percent),
            this.#bar, this.#parts);
    }

    /** The data of a `progress` event. */
    step({ percent, stage, message, done, total }) {
        this.#bar.value = percent;
        this.#percent.textContent = `${percent} %`;
        this.#text.textContent = STAGES[stage] ?? (total > 0
            ? `Reading: ${done} of ${total} parts` : message ?? 'Reading');
    }

    /** One more part has brought its facts. */
    part() {
        this.#read += 1;
        this.#parts.textContent = this.#read === 1
            ? 'Facts from 1 part so far'
            : `Facts from ${this.#read} parts so far`;
    }
}
