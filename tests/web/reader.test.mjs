/*
 * reader.test.mjs - the page's parser against the vectors of tests/cases, cut
 * in many ways.
 *
 * SPDX-License-Identifier: MIT
 */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { assert, finish, test } from './support/tap.mjs';
import { pageModule } from './support/page-module.mjs';

const FOLDER = join(process.env.TOP ?? process.cwd(), 'tests/cases');
const SHORT = 300; /* bytes; up to here every two-way cut is tried */

const { SseParser } = await pageModule('sse-reader.js');

/* The log's TEXT as a string; what is no UTF-8 becomes U+FFFD, as browsers
 * have it. */
function unescape(text) {
    const bytes = [];
    const letters = { n: 10, r: 13, t: 9, '"': 34, '\\': 92 };
    for (let at = 0; at < text.length; at += 1) {
        if (text[at] !== '\\') {
            bytes.push(text.charCodeAt(at));
        } else if (text[at + 1] === 'x') {
            bytes.push(parseInt(text.slice(at + 2, at + 4), 16));
            at += 3;
        } else {
            bytes.push(letters[text[at + 1]]);
            at += 1;
        }
    }
    return new TextDecoder('utf-8', { ignoreBOM: true })
        .decode(new Uint8Array(bytes));
}

const TEXT = '"((?:[^"\\\\]|\\\\.)*)"';
const WORD = `(?:${TEXT}|([\\w.-]+))`;
const EVENT = new RegExp(`^off=\\d+ event type=${WORD} id=${WORD} data=${TEXT}$`);
const COMMENT = new RegExp(`^off=\\d+ comment ${TEXT}$`);
const RETRY = /^off=\d+ retry (\d+)$/;
const END = new RegExp(`^end id=${TEXT} (complete|incomplete)$`);

/* What the log expects of a reader that tells events, comments, the last retry,
 * the last id, and whether the stream ended between two events. */
function expected(log) {
    const told = { said: [], retryMs: null, id: '', whole: true };
    for (const line of log.split('\n')) {
        let found;
        if ((found = EVENT.exec(line))) {
            told.said.push({ type: found[2] ?? unescape(found[1]),
                id: found[4] ?? unescape(found[3]), data: unescape(found[5]) });
        } else if ((found = COMMENT.exec(line))) {
            told.said.push(unescape(found[1]));
        } else if ((found = RETRY.exec(line))) {
            /* Larger ones are no numbers to JavaScript. */
            if (Number.isSafeInteger(Number(found[1]))) {
                told.retryMs = Number(found[1]);
            }
        } else if ((found = END.exec(line))) {
            told.id = unescape(found[1]);
            told.whole = found[2] === 'complete';
        } else if (line !== '' && !/^(#|off=\d+ field )/.test(line)) {
            throw new Error(`a line this test does not know: ${line}`);
        }
    }
    return told;
}

function parse(pieces) {
    const said = [];
    const parser = new SseParser({
        onEvent: ({ type, data, id }) => said.push({ type, id, data }),
        onComment: (text) => said.push(text),
    });
    for (const piece of pieces) {
        parser.push(piece);
    }
    const whole = parser.end();
    return { said, retryMs: parser.retryMs, id: parser.lastEventId, whole };
}

const cases = readdirSync(FOLDER).filter((name) => name.endsWith('.sse'))
    .map((name) => ({
        name: name.slice(0, -4),
        bytes: new Uint8Array(readFileSync(join(FOLDER, name))),
        told: expected(readFileSync(
            join(FOLDER, name.replace(/sse$/, 'events')), 'latin1')),
    }));

function *pieces(bytes, length) {
    for (let at = 0; at < bytes.length; at += length) {
        yield bytes.subarray(at, at + length);
    }
}

function *twoWayCuts(bytes) {
    for (let at = 1; at < bytes.length; at += 1) {
        yield [bytes.subarray(0, at), bytes.subarray(at)];
    }
}

/* Every case, each cut as `cuts` says; all that differ are named. */
async function check(name, cuts) {
    await test(name, () => {
        const wrong = [];
        for (const { name: which, bytes, told } of cases) {
            for (const cut of cuts(bytes)) {
                try {
                    assert.deepEqual(parse(cut), told);
                } catch (error) {
                    wrong.push(`${which}: ${error.message}`);
                    break;
                }
            }
        }
        assert.ok(wrong.length === 0, wrong.join('\n'));
    });
}

await test('there are vectors', () => assert.ok(cases.length >= 120));
await check('whole', (bytes) => [[bytes]]);
await check('byte by byte', (bytes) => [pieces(bytes, 1)]);
await check('in threes', (bytes) => [pieces(bytes, 3)]);
await check('with empty pieces between', (bytes) => [
    [...pieces(bytes, 2)].flatMap((piece) => [new Uint8Array(0), piece])]);
await check('at every place, in two', (bytes) =>
    bytes.length <= SHORT ? twoWayCuts(bytes) : []);
finish();
