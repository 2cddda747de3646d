/*
 * cat_oracle.mjs - `sse cat --json` on every vector against a slow reader
 * written here from the standard, and the platform's own UTF-8 decoder.
 *
 * SPDX-License-Identifier: MIT
 */
import { readFileSync, readdirSync } from 'node:fs';
import { assert, diagnose, finish, test } from '../web/support/tap.mjs';
import { cat } from './support/cat.mjs';

const folder = `${process.env.TOP}/tests/cases`;
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const decode = (latin1) => decoder.decode(Buffer.from(latin1, 'latin1'));

/** The events of a stream, bytes as Latin-1, and whether it ends cleanly. */
function read(stream) {
    const events = [];
    const text = stream.replace(/^\xef\xbb\xbf/, '');
    const lines = text.split(/\r\n|\r|\n/);
    lines.pop(); /* not ended: discarded */
    let id = '', buffer = '', type = '', data = [];
    for (const line of lines) {
        if (line === '') {
            id = buffer;
            if (data.length > 0) {
                events.push({ type: type || 'message', data: data.join('\n'),
                    id });
            }
            type = '';
            data = [];
            continue;
        }
        const [, name, value] = line.match(/^([^:]*)(?:: ?([^]*))?$/);
        if (name === 'event') {
            type = value ?? '';
        } else if (name === 'data') {
            data.push(value ?? '');
        } else if (name === 'id' && !(value ?? '').includes('\0')) {
            buffer = value ?? '';
        }
    }
    return events.map((event) => ({ type: decode(event.type),
        data: decode(event.data), id: decode(event.id) }));
}

const step = process.env.SAN_FLAGS ? 4 : 1;
const names = readdirSync(folder).filter((name) => name.endsWith('.sse'))
    .filter((_, index) => index % step === 0);
const queue = [...names];
const wrong = [];

async function work() {
    for (let name = queue.pop(); name; name = queue.pop()) {
        const stream = readFileSync(`${folder}/${name}`, 'latin1');
        const run = await cat(['--json', `${folder}/${name}`]);
        try {
            assert.ok([0, 3].includes(run.code));
            assert.deepEqual(run.lines, read(stream));
        } catch (error) {
            wrong.push(`${name}: ${error.message}`);
        }
    }
}

await test(`${names.length} vectors`, async () => {
    await Promise.all([work(), work()]);
    wrong.forEach(diagnose);
    assert.equal(wrong.length, 0);
    assert.ok(names.length * step > 100);
});
finish();
