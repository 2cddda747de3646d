/*
 * reader.test.mjs - the page's parser against the vectors of tests/cases, cut
 * in many ways.
 *
 * SPDX-License-Identifier: MIT
 */
import { assert, finish, test } from './support/tap.mjs';
import { pageModule } from './support/page-module.mjs';
import { vectors } from './support/vectors.mjs';

const SHORT = 300; /* bytes; up to here every two-way cut is tried */

const { SseParser } = await pageModule('sse-reader.js');

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

/* Larger reconnection times are no numbers to JavaScript. */
const cases = vectors().map(({ name, bytes, said, retries, id, whole }) => ({
    name,
    bytes: new Uint8Array(bytes),
    told: { said, id, whole,
        retryMs: retries.map(Number).filter(Number.isSafeInteger).at(-1) ??
            null },
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
