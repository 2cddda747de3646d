/*
 * vectors.mjs - the vectors of tests/cases as JavaScript readers see them.
 *
 * SPDX-License-Identifier: MIT
 */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(process.env.TOP ?? process.cwd(), 'tests/cases');

const TEXT = '"((?:[^"\\\\]|\\\\.)*)"';
const WORD = `(?:${TEXT}|([\\w.-]+))`;
const EVENT = new RegExp(`^off=\\d+ event type=${WORD} id=${WORD} data=${TEXT}$`);
const COMMENT = new RegExp(`^off=\\d+ comment ${TEXT}$`);
const RETRY = /^off=\d+ retry (\d+)$/;
const END = new RegExp(`^end id=${TEXT} (complete|incomplete)$`);
const OTHER = /^(?:#|off=\d+ field )/;

const LETTERS = { n: 10, r: 13, t: 9, '"': 34, '\\': 92 };

/* The log's TEXT as a string; what is no UTF-8 becomes U+FFFD. */
function unescape(text) {
    const bytes = [];
    for (let at = 0; at < text.length; at += 1) {
        if (text[at] !== '\\') {
            bytes.push(text.charCodeAt(at));
        } else if (text[at + 1] === 'x') {
            bytes.push(parseInt(text.slice(at + 2, at + 4), 16));
            at += 3;
        } else {
            bytes.push(LETTERS[text[at + 1]]);
            at += 1;
        }
    }
    return new TextDecoder('utf-8', { ignoreBOM: true })
        .decode(new Uint8Array(bytes));
}

function read(name) {
    const vector = { name, bytes: readFileSync(join(FOLDER, `${name}.sse`)),
        said: [], retries: [], id: '', whole: true };
    const log = readFileSync(join(FOLDER, `${name}.events`), 'latin1');
    for (const line of log.split('\n')) {
        let found;
        if ((found = EVENT.exec(line))) {
            vector.said.push({ type: found[2] ?? unescape(found[1]),
                id: found[4] ?? unescape(found[3]), data: unescape(found[5]) });
        } else if ((found = COMMENT.exec(line))) {
            vector.said.push(unescape(found[1]));
        } else if ((found = RETRY.exec(line))) {
            vector.retries.push(BigInt(found[1]));
        } else if ((found = END.exec(line))) {
            vector.id = unescape(found[1]);
            vector.whole = found[2] === 'complete';
        } else if (line !== '' && !OTHER.test(line)) {
            throw new Error(`${name}: a line that nobody knows: ${line}`);
        }
    }
    vector.events = vector.said.filter((one) => typeof one === 'object');
    return vector;
}

/**
 * All vectors, by name.
 *
 * @return {Array<{name: string, bytes: Buffer,
 *     said: Array<{type: string, id: string, data: string}|string>,
 *     events: Array<{type: string, id: string, data: string}>,
 *     retries: Array<bigint>, id: string, whole: boolean}>}  The stream; its
 *     events and comments in order; the events alone; the reconnection times
 *     it sets; the last event ID at its end; whether it ends between events.
 */
export function vectors() {
    return readdirSync(FOLDER).filter((name) => name.endsWith('.sse'))
        .sort().map((name) => read(name.slice(0, -4)));
}

/** Whatever a reader could take for a type: what stands in the stream behind
 *  the first colon of a line, with and without the space before it. */
export function possibleTypes({ bytes, events }) {
    const types = new Set(['message', 'error', 'open']);
    events.forEach(({ type }) => types.add(type));
    for (const line of bytes.toString('utf8').split(/[\r\n]/)) {
        const value = line.slice(line.indexOf(':') + 1);
        if (value.length < 300) {
            types.add(value);
            types.add(value.replace(/^ /, ''));
        }
    }
    types.delete('');
    return [...types];
}
