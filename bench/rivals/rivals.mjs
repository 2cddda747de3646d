/*
 * rivals.mjs - what npm has for event streams, over one corpus.
 *
 *   node rivals.mjs CORPUS FILE EVENTS CHUNK
 *
 * Prints `read` or `write`, the corpus, the name and the nanoseconds of one
 * pass, a line for each.  A parser that does not find EVENTS events is not
 * measured, which is said.
 *
 * SPDX-License-Identifier: MIT
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createParser } from 'eventsource-parser';
import { encode } from 'eventsource-encoder';

const require = createRequire(import.meta.url);
const { EventSourceStream } =
    require('undici/lib/web/eventsource/eventsource-stream.js');

const [corpus, file, wanted, chunkSize] = process.argv.slice(2);
const bytes = readFileSync(file);
const chunks = [];
for (let at = 0; at < bytes.length; at += Number(chunkSize)) {
    chunks.push(bytes.subarray(at, at + Number(chunkSize)));
}
const texts = chunks.map((chunk) => chunk.toString('latin1'));

/* Microseconds of the processor, collecting of garbage included. */
function used() {
    const { user, system } = process.cpuUsage();
    return user + system;
}

/* Nanoseconds of a pass: the median of samples of some milliseconds, after the
 * compiler has seen enough of it. */
function measure(pass) {
    let count = 0;
    let begin = used();
    while (used() - begin < 200_000) {
        pass();
        count++;
    }
    count = Math.max(1, Math.floor(count / 20));
    const samples = [];
    for (let i = 0; i < 21; i++) {
        begin = used();
        for (let k = 0; k < count; k++) {
            pass();
        }
        samples.push((used() - begin) * 1000 / count);
    }
    samples.sort((a, b) => a - b);
    return samples[10];
}

/* `pass` returns how many events it found. */
function read(name, pass) {
    const found = pass();
    if (found === Number(wanted)) {
        console.log('read', corpus, name, measure(pass).toFixed(0));
    } else {
        console.log('note', corpus, name,
            `found ${found} events, there are ${wanted}`);
    }
}

function parserPass(feed) {
    return () => {
        let events = 0;
        let length = 0;
        const parser = createParser({
            onEvent(event) {
                events++;
                length += event.data.length;
            }
        });
        feed(parser);
        return events;
    };
}

read('eventsource-parser/text', parserPass((parser) => {
    for (const text of texts) {
        parser.feed(text);
    }
}));
read('eventsource-parser', parserPass((parser) => {
    const decoder = new TextDecoder();
    for (const chunk of chunks) {
        parser.feed(decoder.decode(chunk, { stream: true }));
    }
}));
read('undici', () => {
    let events = 0;
    let length = 0;
    const stream = new EventSourceStream({
        push(event) {
            events++;
            length += event.options.data.length;
        }
    });
    let error = null;
    for (const chunk of chunks) {
        stream._transform(chunk, 'buffer', (e) => { error ??= e; });
    }
    return error ? -1 : events;
});

/* The writer: the same events, where the corpus is what it would write. */
const list = [];
createParser({
    onEvent(event) {
        list.push({ event: event.event, id: event.id, data: event.data });
    }
}).feed(bytes.toString('latin1'));
if (list.length > 0 && !bytes.includes('\r')) {
    console.log('write', corpus, 'eventsource-encoder', measure(() => {
        let length = 0;
        for (const event of list) {
            length += encode(event).length;
        }
        return length;
    }).toFixed(0));
}
