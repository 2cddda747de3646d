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
    #failed = 0;

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

    /** The data of a `chunk` event: one more part was read, or failed. */
    part({ facts }) {
        if (facts) {
            this.#read += 1;
        } else {
            this.#failed += 1;
        }
        const parts = this.#read === 1 ? '1 part' : `${this.#read} parts`;
        this.#parts.textContent = `Facts from ${parts} so far` +
            (this.#failed > 0 ? `, ${this.#failed} could not be read` : '');
    }
}
