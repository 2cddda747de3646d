/*
 * rich-inline.js - emphasis, code and links within a line of an answer.
 *
 * SPDX-License-Identifier: MIT
 */
import { el } from './dom.js';

/* One alternative per form.  None nests the same form, and none can match in
 * more than one way, so the time stays linear. */
const FORMS = new RegExp([
    /(?<!`)(?<ticks>`+)(?<code>[^`]+)\k<ticks>(?!`)/,
    /\*\*(?<strong>[^\s*](?:[^*\n]*[^\s*])?)\*\*/,
    /(?<![\w*])\*(?<em>[^\s*](?:[^*\n]*[^\s*])?)\*(?![\w*])/,
    /(?<![\w_])_(?<under>[^\s_](?:[^_\n]*[^\s_])?)_(?![\w_])/,
    /\[(?<label>[^\][\n]+)\]\((?<target>[^()\s]+)\)/,
].map((form) => form.source).join('|'), 'g');

const DEEPEST = 2;

/** The nodes of a text. */
export function inline(text, depth = 0) {
    const nodes = [];
    let at = 0;
    for (const found of text.matchAll(FORMS)) {
        if (found.index > at) {
            nodes.push(text.slice(at, found.index));
        }
        nodes.push(build(found, depth));
        at = found.index + found[0].length;
    }
    if (at < text.length) {
        nodes.push(text.slice(at));
    }
    return nodes;
}

function build(found, depth) {
    const { code, strong, em, under, label, target } = found.groups;
    const inner = (text) => depth < DEEPEST ? inline(text, depth + 1) : [text];
    if (code !== undefined) {
        return el('code', {}, code);
    }
    if (strong !== undefined) {
        return el('strong', {}, inner(strong));
    }
    if (label === undefined) {
        return el('em', {}, inner(em ?? under));
    }
    return isHarmless(target)
        ? el('a', { href: target, target: '_blank',
            rel: 'noopener noreferrer nofollow' }, inner(label))
        : found[0];
}

function isHarmless(target) {
    return /^(https?:\/\/|mailto:)/i.test(target);
}
