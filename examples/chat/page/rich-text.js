/*
 * rich-text.js - shows an answer, which models write in Markdown.
 *
 * SPDX-License-Identifier: MIT
 *
 * The common part of it: paragraphs, headings, lists, quotations, tables, code,
 * emphasis and links.  Everything else stays as it was written.  An answer that
 * grows is split again from its start, but only blocks whose source changed are
 * built again, so that selections and the reading position survive.
 */
import { el } from './dom.js';
import { inline } from './rich-inline.js';

const FENCE = /^ {0,3}(`{3,}|~{3,})\s*([\w+-]*)/;
const HEADING = /^ {0,3}(#{1,6})\s+([^]*)$/;
const RULE = /^ {0,3}([-*_])\s*(?:\1\s*){2,}$/;
const ITEM = /^(\s*)([-*+•]|\d{1,9}[.)])\s+(.*)$/;
const QUOTE = /^ {0,3}>\s?(.*)$/;
/* Of a line without white space around it. */
const DIVIDER = /^\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?$/;

/* What lines are is found out again and again while an answer grows: none of
 * these takes more than linear time, whatever the line. */

const DEEPEST_QUOTE = 3;
const DEEPEST_LIST = 3;

/** An element that shows a text which may still grow. */
export class RichText {
    element;
    #sources = [];

    constructor(attributes = {}) {
        this.element = el('div', { ...attributes });
    }

    /** Shows this text in place of the last one. */
    set(text) {
        const blocks = split(text.split('\n'));
        let index = 0;
        for (const block of blocks) {
            if (this.#sources[index] !== block.source) {
                this.#put(index, build(block, 0));
                this.#sources[index] = block.source;
            }
            index += 1;
        }
        this.#sources.length = blocks.length;
        while (this.element.childNodes.length > blocks.length) {
            this.element.lastChild.remove();
        }
    }

    #put(index, node) {
        const old = this.element.childNodes[index];
        if (old) {
            old.replaceWith(node);
        } else {
            this.element.append(node);
        }
    }
}

/* Splits lines into blocks: {kind, lines, source, ...}. */
function split(lines) {
    const blocks = [];
    let at = 0;
    while (at < lines.length) {
        if (lines[at].trim() === '') {
            at += 1;
            continue;
        }
        const block = takeBlock(lines, at);
        block.source = [block.kind, ...lines.slice(at, block.end)].join('\n');
        blocks.push(block);
        at = block.end;
    }
    return blocks;
}

function takeBlock(lines, at) {
    const line = lines[at];
    if (FENCE.test(line)) {
        return takeFence(lines, at);
    }
    if (HEADING.test(line)) {
        return { kind: 'heading', lines: [line], end: at + 1 };
    }
    if (RULE.test(line)) {
        return { kind: 'rule', lines: [], end: at + 1 };
    }
    if (QUOTE.test(line)) {
        return takeWhile(lines, at, 'quote', (next) => QUOTE.test(next));
    }
    if (line.includes('|') && DIVIDER.test((lines[at + 1] ?? '').trim()) &&
        lines[at + 1].includes('|')) {
        return takeWhile(lines, at, 'table', (next) => next.includes('|'));
    }
    if (ITEM.test(line)) {
        return takeList(lines, at);
    }
    return takeWhile(lines, at, 'paragraph', (next) => next.trim() !== '' &&
        ![FENCE, HEADING, RULE, QUOTE, ITEM].some((rule) => rule.test(next)));
}

function takeWhile(lines, at, kind, belongs) {
    let end = at + 1;
    while (end < lines.length && belongs(lines[end])) {
        end += 1;
    }
    return { kind, lines: lines.slice(at, end), end };
}

function takeFence(lines, at) {
    const [, fence, language] = FENCE.exec(lines[at]);
    let end = at + 1;
    while (end < lines.length && !lines[end].trim().startsWith(fence)) {
        end += 1;
    }
    return { kind: 'code', language, lines: lines.slice(at + 1, end),
        end: Math.min(end + 1, lines.length) };
}

/* Items, the indented lines that go on with one, and single blank lines
 * between items. */
function takeList(lines, at) {
    let end = at + 1;
    while (end < lines.length) {
        const isBlank = lines[end].trim() === '';
        const next = lines[isBlank ? end + 1 : end] ?? '';
        if (!ITEM.test(next) && (isBlank || !/^\s/.test(next))) {
            break;
        }
        end += isBlank ? 2 : 1;
    }
    return { kind: 'list', lines: lines.slice(at, end), end };
}

function build(block, depth) {
    switch (block.kind) {
    case 'code':
        return el('pre', { tabindex: '0' }, el('code',
            { 'data-language': block.language || null },
            block.lines.join('\n')));
    case 'heading': {
        const [, marks, text] = HEADING.exec(block.lines[0]);
        /* The page has the levels above. */
        return el(`h${Math.min(marks.length + 2, 6)}`, {},
            inline(withoutMarks(text)));
    }
    case 'rule':
        return el('hr');
    case 'quote':
        return buildQuote(block.lines, depth);
    case 'table':
        return buildTable(block.lines);
    case 'list':
        return buildList(block.lines);
    default:
        return el('p', {}, inline(block.lines.join('\n')));
    }
}

/* A heading may be closed by the marks that opened it. */
function withoutMarks(text) {
    let end = text.length;
    while (text[end - 1] === '#') {
        end -= 1;
    }
    return text.slice(0, end).trimEnd();
}

function buildQuote(lines, depth) {
    const inner = lines.map((line) => QUOTE.exec(line)[1]);
    if (depth >= DEEPEST_QUOTE) {
        return el('blockquote', {}, el('p', {}, inline(inner.join('\n'))));
    }
    return el('blockquote', {},
        split(inner).map((block) => build(block, depth + 1)));
}

function cells(line) {
    return line.trim().replace(/^\||\|$/g, '').split('|')
        .map((cell) => cell.trim());
}

function buildTable(lines) {
    const [head, , ...rows] = lines.map(cells);
    const row = (tag, texts) => el('tr', {}, head.map((_, column) =>
        el(tag, {}, inline(texts[column] ?? ''))));
    /* An empty head row is how Markdown writes a table without one. */
    const top = head.some((text) => text !== '')
        ? el('thead', {}, row('th', head)) : null;
    return el('div', { class: 'table-frame', tabindex: '0' }, el('table', {},
        top, el('tbody', {}, rows.map((texts) => row('td', texts)))));
}

function buildList(lines) {
    /* Open lists, the outermost first. */
    const open = [];
    let item = null;
    for (const line of lines.filter((text) => text.trim() !== '')) {
        const found = ITEM.exec(line);
        if (found === null) {
            item.append(' ');
            for (const node of inline(line.trim())) {
                item.append(node);
            }
            continue;
        }
        const [, space, mark, text] = found;
        while (open.length > 1 && space.length < open.at(-1).indent) {
            open.pop();
        }
        const isDeeper = open.length === 0 ||
            space.length >= open.at(-1).indent + 2;
        if (isDeeper && open.length < DEEPEST_LIST) {
            const list = newList(mark);
            item?.append(list);
            open.push({ list, indent: space.length });
        }
        item = el('li', {}, inline(text));
        open.at(-1).list.append(item);
    }
    return open[0].list;
}

function newList(mark) {
    return /\d/.test(mark)
        ? el('ol', { start: String(parseInt(mark, 10)) }) : el('ul');
}
