/*
 * vectors.mjs - other readers of event streams on the vectors of tests/cases:
 * Chromium's EventSource, and the package eventsource-parser.
 *
 * SPDX-License-Identifier: MIT
 *
 * Chromium reads each stream from a server.  At its end it is let to connect
 * again, so that the server sees which id it kept, unless the stream asks for
 * a wait too long for a test.
 */
import { createParser } from 'eventsource-parser';
import { openPage } from './support/browser.mjs';
import { streamServer } from './support/stream_server.mjs';
import { assert, diagnose, finish, test } from './support/tap.mjs';
import { CHROMIUM, EVENTSOURCE_PARSER } from './support/vector_exceptions.mjs';
import { possibleTypes, vectors } from './support/vectors.mjs';

const PATIENCE_MS = 3000n; /* the browser's own reconnection time */

const all = vectors();

/* In the page: reads one stream per job, all at once, and answers for each
 * what came and what the last thing was.  The end of a stream is an error
 * event of a source that is still connecting; the end of all, one of a source
 * that is closed. */
function readAll(jobs) {
    const CLOSED = 2;
    const read = ({ url, types, again }) => new Promise((resolve) => {
        const source = new EventSource(url);
        const told = { opened: 0, ends: 0, events: [] };
        const done = (last) => {
            source.close();
            clearTimeout(timer);
            resolve({ ...told, last });
        };
        const timer = setTimeout(() => done('nothing more came'), 100000);
        const hear = (event) => {
            if (event instanceof MessageEvent) {
                told.events.push({ type: event.type, id: event.lastEventId,
                    data: event.data });
            } else if (event.type === 'open') {
                told.opened += 1;
            } else if (source.readyState === CLOSED) {
                done('closed');
            } else {
                told.ends += 1;
                if (!again) {
                    done('ended');
                }
            }
        };
        types.forEach((type) => source.addEventListener(type, hear));
    });
    return Promise.all(jobs.map(read));
}

async function readByChromium() {
    const server = await streamServer(all);
    const page = await openPage(server.url);
    diagnose(await page.evaluate(() => navigator.userAgent));
    const jobs = all.map((vector, number) => ({
        url: `${server.url}${number}`,
        types: possibleTypes(vector),
        again: (vector.retries.at(-1) ?? 0n) <= PATIENCE_MS,
    }));
    const told = await page.evaluate(readAll, jobs);
    await page.context().close();
    server.close();
    return told.map((result, number) => ({ ...result,
        again: jobs[number].again, id: server.ids.get(number) }));
}

/* White space around a header field's value does not travel. */
const trimmed = (id) => id.replace(/^[ \t]+|[ \t]+$/g, '');

function agreesChromium(vector, told) {
    assert.deepEqual(told.events, vector.events);
    assert.equal(told.opened, 1);
    assert.equal(told.ends, 1);
    assert.equal(told.last, told.again ? 'closed' : 'ended');
    if (told.again) {
        assert.equal(told.id, trimmed(vector.id), 'Last-Event-ID');
    }
}

/* The package hands out the id of an event only with that event. */
function agreesPackage(vector) {
    for (const size of [vector.bytes.length, 1, 7]) {
        const events = [];
        let id = '';
        const parser = createParser({ onEvent: (event) => {
            id = event.id ?? id;
            events.push({ type: event.event ?? 'message', id,
                data: event.data });
        } });
        const decoder = new TextDecoder();
        for (let at = 0; at < vector.bytes.length; at += size) {
            parser.feed(decoder.decode(vector.bytes.subarray(at, at + size),
                { stream: true }));
        }
        assert.deepEqual(events, vector.events, `in pieces of ${size}`);
    }
}

/* One test for each vector: it agrees, or is known to differ.  A reader whose
 * version nobody pins may have learned better. */
async function compare(reader, isPinned, exceptions, check) {
    for (const [number, vector] of all.entries()) {
        if (exceptions[vector.name] === undefined) {
            await test(`${reader}: ${vector.name}`,
                () => check(vector, number));
            continue;
        }
        await test(`${reader}: ${vector.name}, known to differ`, () => {
            try {
                check(vector, number);
            } catch (error) {
                assert.equal(error.code, 'ERR_ASSERTION');
                return;
            }
            assert(!isPinned, 'it agrees');
            diagnose('it agrees by now');
        });
    }
    await test(`${reader}: what is known to differ are vectors`, () => {
        const names = new Set(all.map(({ name }) => name));
        assert.deepEqual(Object.keys(exceptions)
            .filter((name) => !names.has(name)), []);
    });
}

let told = [];
await test('Chromium reads all streams', async () => {
    told = await readByChromium();
    assert.equal(told.length, all.length);
});
await compare('Chromium', false, CHROMIUM,
    (vector, number) => agreesChromium(vector, told[number]));
await compare('eventsource-parser', true, EVENTSOURCE_PARSER,
    (vector) => agreesPackage(vector));
finish();
