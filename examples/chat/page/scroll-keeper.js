/*
 * scroll-keeper.js - keeps the end of a growing conversation in view.
 *
 * SPDX-License-Identifier: MIT
 *
 * Only while the reader is at the end: who has scrolled up stays there, and
 * gets a button to come back.
 */
const NEAR_PX = 80;

export class ScrollKeeper {
    #scroller;
    #button;
    #atEnd = true;

    /**
     * @param {HTMLElement} scroller
     * @param {HTMLElement} content  What grows inside it.
     * @param {HTMLButtonElement} button
     */
    constructor(scroller, content, button) {
        this.#scroller = scroller;
        this.#button = button;
        scroller.addEventListener('scroll', () => this.#look(),
            { passive: true });
        button.addEventListener('click', () => this.toEnd());
        new ResizeObserver(() => this.#grown()).observe(content);
        new ResizeObserver(() => this.#grown()).observe(scroller);
    }

    toEnd() {
        this.#atEnd = true;
        this.#scroller.scrollTop = this.#scroller.scrollHeight;
        this.#look();
    }

    /** Runs what adds content above, without moving what is being read. */
    keepPlace(add) {
        const below = this.#scroller.scrollHeight - this.#scroller.scrollTop;
        this.#atEnd = false;
        add();
        this.#scroller.scrollTop = this.#scroller.scrollHeight - below;
        this.#look();
    }

    #look() {
        const { scrollHeight, scrollTop, clientHeight } = this.#scroller;
        this.#atEnd = scrollHeight - scrollTop - clientHeight < NEAR_PX;
        this.#button.hidden = this.#atEnd;
    }

    #grown() {
        if (this.#atEnd) {
            this.#scroller.scrollTop = this.#scroller.scrollHeight;
        }
        this.#look();
    }
}
