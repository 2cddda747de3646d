/*
 * documents.js - the list of documents, and adding one.
 *
 * SPDX-License-Identifier: MIT
 *
 * By file picker or by dropping a file anywhere on the page.
 */
import * as api from './api.js';
import { announce, el, icon, size } from './dom.js';

/* What the newest reading of a document has come to. */
const READINGS = {
    running: 'being read',
    complete: 'facts collected',
    failed: 'reading failed',
};

const LARGEST_BYTES = 16 * 1024 * 1024;

/* Browsers know no media type for Markdown, so the name decides. */
const TYPES = [
    [/\.(md|markdown|mdown)$/i, 'text/markdown'],
    [/\.(txt|text)$/i, 'text/plain'],
];

/** The media type of a file this page can use; null if it can not. */
function typeOf(file) {
    const byName = TYPES.find(([ending]) => ending.test(file.name));
    if (byName) {
        return byName[1];
    }
    return ['text/plain', 'text/markdown'].includes(file.type)
        ? file.type : null;
}

export class Documents {
    #list;
    #empty;
    #picker;
    #status;
    #current = null;
    #rows = [];
    #hooks;

    /**
     * @param {object} parts
     * @param {HTMLElement} parts.list
     * @param {HTMLElement} parts.empty
     * @param {HTMLInputElement} parts.picker  The file input.
     * @param {HTMLElement} parts.status  Says what an upload is doing.
     * @param {HTMLElement} parts.veil  Shown while a file is dragged along.
     * @param {object} hooks
     * @param {(id: string) => void} hooks.onAdded
     * @param {(count: number) => void} hooks.onChange  How many there are.
     * @param {(error: Error) => void} hooks.onProblem
     */
    constructor(parts, hooks) {
        this.#list = parts.list;
        this.#empty = parts.empty;
        this.#picker = parts.picker;
        this.#status = parts.status;
        this.#hooks = hooks;
        parts.picker.addEventListener('change', () => {
            this.#addAll([...parts.picker.files]);
            parts.picker.value = '';
        });
        watchDrops(parts.veil, (files) => this.#addAll(files));
        this.#draw();
    }

    /** Lets the person choose files. */
    pick() {
        this.#picker.click();
    }

    setCurrent(id) {
        this.#current = id;
        this.#draw();
    }

    /** Fetches the list anew. */
    async refresh() {
        this.#rows = (await api.listDocuments()).map((row) => ({
            id: String(row.document_id), name: row.name, bytes: row.bytes,
            addedAt: Date.parse(row.created_at),
            reading: READINGS[row.extraction] ?? null }));
        this.#draw();
    }

    /** @return {?{id: string, name: string, bytes: number,
     *     addedAt: number, reading: ?string}} */
    find(id) {
        return this.#rows.find((row) => row.id === id) ?? null;
    }

    async #addAll(files) {
        let added = null;
        for (const file of files) {
            added = await this.#add(file) ?? added;
        }
        if (added !== null) {
            this.#hooks.onAdded(added);
        }
    }

    async #add(file) {
        const type = typeOf(file);
        if (type === null) {
            this.#refuse(`“${file.name}” is neither plain text nor Markdown.`);
            return null;
        }
        if (file.size > LARGEST_BYTES) {
            this.#refuse(`“${file.name}” is larger than 16 MB.`);
            return null;
        }
        const bar = el('progress', { max: '1', value: '0',
            'aria-label': `Adding ${file.name}` });
        this.#say(`Adding ${file.name}`, bar);
        try {
            const made = await api.uploadDocument(file.name, file, type,
                (share) => {
                    bar.value = share;
                }).catch((error) => {
                error.message =
                    `“${file.name}” was not added. ${error.message}`;
                throw error;
            });
            await this.refresh();
            announce(`${file.name} was added.`);
            return String(made.document_id);
        } catch (error) {
            this.#hooks.onProblem(error);
            return null;
        } finally {
            this.#status.hidden = true;
            this.#status.replaceChildren();
        }
    }

    #refuse(text) {
        this.#hooks.onProblem(new Error(text));
    }

    #say(text, bar) {
        this.#status.hidden = false;
        this.#status.replaceChildren(el('span', {}, text), bar);
    }

    #draw() {
        this.#hooks.onChange(this.#rows.length);
        this.#empty.hidden = this.#rows.length > 0;
        this.#list.replaceChildren(
            ...this.#rows.map((row) => this.#item(row)));
    }

    #item({ id, name, bytes, reading }) {
        const detail = reading === null ? size(bytes)
            : `${size(bytes)}, ${reading}`;
        return el('li', {}, el('a', {
            class: 'side-item',
            href: `#/document/${encodeURIComponent(id)}`,
            'aria-current': id === this.#current ? 'page' : null,
        }, icon('file'), el('span', { class: 'side-text' },
            el('span', { class: 'side-name' }, name),
            el('span', { class: 'side-detail' }, detail))));
    }
}

/* `dragenter` and `dragleave` come for every element passed on the way, so
 * they are counted. */
function watchDrops(veil, onFiles) {
    let depth = 0;
    const carriesFiles = (event) =>
        [...event.dataTransfer?.types ?? []].includes('Files');
    const show = (by) => {
        depth = Math.max(0, depth + by);
        veil.hidden = depth === 0;
    };
    window.addEventListener('dragenter', (event) => {
        if (carriesFiles(event)) {
            event.preventDefault();
            show(1);
        }
    });
    window.addEventListener('dragover', (event) => {
        if (carriesFiles(event)) {
            event.preventDefault();
            event.dataTransfer.dropEffect = 'copy';
        }
    });
    window.addEventListener('dragleave', (event) => {
        if (carriesFiles(event)) {
            show(-1);
        }
    });
    window.addEventListener('drop', (event) => {
        if (carriesFiles(event)) {
            event.preventDefault();
            show(-depth);
            onFiles([...event.dataTransfer.files]);
        }
    });
}
