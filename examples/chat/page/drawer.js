/*
 * drawer.js - the side of the page, which slides in on narrow screens.
 *
 * SPDX-License-Identifier: MIT
 */
const NARROW = '(max-width: 820px)';

export class Drawer {
    #side;
    #shade;
    #opener;
    #narrow = window.matchMedia(NARROW);
    #isOpen = false;

    constructor(side, shade, opener, closer) {
        this.#side = side;
        this.#shade = shade;
        this.#opener = opener;
        opener.addEventListener('click', () => this.#set(true));
        closer.addEventListener('click', () => this.close());
        shade.addEventListener('click', () => this.close());
        side.addEventListener('keydown', (event) => {
            if (event.key === 'Escape' && this.#isOpen) {
                event.preventDefault();
                this.close();
            }
        });
        this.#narrow.addEventListener('change', () => this.#apply());
        this.#apply();
    }

    close() {
        if (this.#isOpen) {
            this.#set(false);
        }
    }

    #set(isOpen) {
        this.#isOpen = isOpen;
        this.#apply();
        if (isOpen) {
            this.#side.querySelector('button, a').focus();
        } else {
            this.#opener.focus();
        }
    }

    /* What slid away must not be reached by the Tab key either. */
    #apply() {
        const isDrawer = this.#narrow.matches;
        this.#side.inert = isDrawer && !this.#isOpen;
        this.#side.dataset.open = String(this.#isOpen);
        this.#shade.hidden = !(isDrawer && this.#isOpen);
        this.#opener.setAttribute('aria-expanded', String(this.#isOpen));
    }
}
