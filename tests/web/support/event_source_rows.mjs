/*
 * event_source_rows.mjs - what event_source.mjs plays, and what comes of it.
 *
 * SPDX-License-Identifier: MIT
 *
 * `want` is what `sse cat` does: what it asks for, as `PLACE ID`, `waits` if
 * nothing more came; the data of the events heard; bounds of the gap before
 * each further request, in ms.  `chromium` has what is otherwise with the
 * browser: docs/conformance.md says why.
 */
const HEAD = 'HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: ';
const stream = (text, type = 'text/event-stream', more = '') =>
    `${HEAD}${type}\r\n${more}\r\n${text}`;
const status = (line, more = '') =>
    `HTTP/1.1 ${line}\r\nConnection: close\r\n${more}Content-Length: 0\r\n\r\n`;

/* Begins a row: an event with an id, and a reconnection time for a test. */
const FIRST = stream('retry: 300\n\nid: 1\ndata: a\n\n');
const GAP = [300, 400];

export const rows = [
    { name: 'a stream that ends is asked for again', answers: [FIRST],
        want: { asked: ['/', '/ 1'], heard: ['a'], gap: GAP } },
];

const again = (name, answer, want, chromium) => rows.push({ name,
    answers: [FIRST, answer], want: { heard: ['a'], gap: GAP, ...want },
    ...chromium && { chromium } });
const STOPS = { asked: ['/', '/ 1'] };
const RETRIES = { asked: ['/', '/ 1', '/ 1'] };

for (const line of ['201 Created', '202 Accepted', '205 Reset Content',
    '206 Partial Content', '304 Not Modified', '400 Bad Request',
    '401 Unauthorized', '403 Forbidden', '404 Not Found', '410 Gone',
    '501 Not Implemented', '505 HTTP Version Not Supported']) {
    again(`${line.slice(0, 3)} stops`, status(line), STOPS);
}
for (const line of ['408 Request Timeout', '425 Too Early',
    '429 Too Many Requests', '500 Internal Server Error', '502 Bad Gateway',
    '503 Service Unavailable', '504 Gateway Timeout']) {
    again(`${line.slice(0, 3)} is tried again`, status(line),
        { ...RETRIES, gap: [300, 600] }, STOPS);
}
again('503 with Retry-After: not before that',
    status('503 Service Unavailable', 'Retry-After: 1\r\n'),
    { ...RETRIES, gap: [300, 1250] }, STOPS);

for (const [type, opens] of [['text/event-stream;charset=utf-8', true],
    ['TEXT/Event-Stream', true], ['text/event-stream;x=y', true],
    ['text/html', false], ['application/json', false],
    ['text/event-streams', false], ['', false]]) {
    again(`media type "${type}" ${opens ? 'opens' : 'stops'}`,
        stream('id: 2\ndata: b\n\n', type), opens
            ? { asked: ['/', '/ 1', '/ 2'], heard: ['a', 'b'] } : STOPS);
}
again('another charset does not matter',
    stream('id: 2\ndata: b\n\n', 'text/event-stream;charset=iso-8859-1'),
    { asked: ['/', '/ 1', '/ 2'], heard: ['a', 'b'] },
    { ...STOPS, heard: ['a'] });

for (const code of [301, 302, 303, 307, 308]) {
    const moved = status(`${code} Elsewhere`, 'Location: BASE/new\r\n');
    const stays = { asked: ['/', '/new', '/new 1', '/new 1'] };
    const returns = { asked: ['/', '/new', '/ 1', '/ 1'] };
    const permanent = code === 301 || code === 308;
    rows.push({
        name: `${code} is followed, ${permanent ? 'for good' : 'this time'}`,
        answers: [moved, FIRST, stream('data: b\n\n')],
        want: { ...permanent ? stays : returns, heard: ['a', 'b'] },
        ...!permanent && { chromium: stays } });
}
rows.push({ name: 'a redirect without Location stops',
    answers: [status('302 Elsewhere')], want: { asked: ['/'], heard: [] } });
rows.push({ name: 'a redirect to itself stops',
    answers: Array(30).fill(status('302 Elsewhere', 'Location: BASE/\r\n')),
    want: { asked: ['/'], heard: [] },
    chromium: { asked: Array(31).fill('/') } });

const retry = (name, text, gap, chromium) => rows.push({ name: `retry: ${name}`,
    answers: [stream(`${text}\n\ndata: a\n\n`)],
    want: { asked: ['/', '/'], heard: ['a'], gap },
    ...chromium && { chromium } });
retry('700', 'retry: 700', [700, 875]);
retry('the last one counts', 'retry: 9999\nretry: 400', [400, 500]);
retry('0 has a floor of 100 ms', 'retry: 0', [100, 125],
    { gap: [0, 0] });
retry('not a number is ignored', 'retry: 400\nretry: 1x', [400, 500]);
retry('with a blank behind is ignored', 'retry: 400\nretry: 1 ', [400, 500]);
retry('negative is ignored', 'retry: 400\nretry: -1', [400, 500]);
retry('empty is ignored', 'retry: 400\nretry:', [400, 500],
    { gap: [3000, 3000] });
retry('beyond 64 bits is ignored', `retry: 400\nretry: ${'9'.repeat(30)}`,
    [400, 500]);
rows.push({ name: 'retry: a minute is waited for, 30 s of it at least',
    answers: [stream('retry: 60000\n\ndata: a\n\n')],
    want: { asked: ['/', 'waits'], heard: ['a'] } });

/* A stream, what is sent behind it, then what was kept of it. */
const id = (name, text, kept, heard, chromium) => rows.push({
    name: `id: ${name}`,
    answers: [stream(`retry: 300\n\nid: 1\ndata: a\n\n${text}`),
        stream('data: z\n\n')],
    want: { asked: ['/', `/ ${kept}`.trimEnd(), `/ ${kept}`.trimEnd()],
        heard: ['a', ...heard, 'z'], gap: GAP },
    ...chromium && { chromium } });
id('the last one counts, through a second end', 'id: 2\ndata: b\n\n', '2',
    ['b']);
id('without data counts', 'id: 2\n\n', '2', []);
id('of an event that is cut does not', 'id: 2\ndata: b\n', '1', []);
id('an empty one takes it away', 'id\ndata: b\n\n', '', ['b']);
id('with NUL is ignored', 'id: 2\0\ndata: b\n\n', '1', ['b']);
id('blanks within stay', 'id: 2  3\n\n', '2  3', []);
id('in UTF-8', 'id: \xc3\xa9\n\n', '\u00e9', []);
id('of 4000 bytes', `id: ${'i'.repeat(4000)}\n\n`, 'i'.repeat(4000), []);
rows.push({ name: 'id: kept through a refusal', chromium: STOPS,
    answers: [FIRST, status('503 Service Unavailable'),
        status('503 Service Unavailable')],
    want: { asked: ['/', '/ 1', '/ 1', '/ 1'], heard: ['a'] } });

again('reset before an answer is tried again', { reset: '' },
    { ...RETRIES, gap: [300, 600] });
again('reset within the head is tried again', { reset: 'HTTP/1.1 200 O' },
    { ...RETRIES, gap: [300, 600] });
again('reset in the stream is tried again',
    { reset: stream('id: 2\ndata: b\n\ndata: cu') },
    { asked: ['/', '/ 1', '/ 2'], heard: ['a', 'b'], gap: [300, 600] });
again('a body shorter than announced is tried again',
    { cut: stream('id: 2\ndata: b\n\n', 'text/event-stream',
        'Content-Length: 99\r\n') },
    { asked: ['/', '/ 1', '/ 2'], heard: ['a', 'b'], gap: [300, 600] });
again('a last chunk that is missing is tried again',
    { cut: stream('f\r\nid: 2\ndata: b\n\n\r\n', 'text/event-stream',
        'Transfer-Encoding: chunked\r\n') },
    { asked: ['/', '/ 1', '/ 2'], heard: ['a', 'b'], gap: [300, 600] });
again('an answer that is no HTTP stops', 'SSH-2.0-Server\r\n', STOPS,
    RETRIES);
