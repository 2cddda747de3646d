/*
 * reader_http.test.mjs - the page's reader over real connections.
 *
 * SPDX-License-Identifier: MIT
 */
import { createServer } from 'node:http';
import { assert, finish, test, until } from './support/tap.mjs';
import { pageModule } from './support/page-module.mjs';

const { openSse, SseError } = await pageModule('sse-reader.js');
const { followSse } = await pageModule('sse-follow.js');

/* Each test says how the next requests are answered, in turn. */
const answers = [];
const requests = [];
const server = createServer(async (request, response) => {
    let body = '';
    for await (const piece of request) {
        body += piece;
    }
    requests.push({ request, body });
    answers.shift()(response);
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const url = `http://127.0.0.1:${server.address().port}/stream`;

const STREAM = { 'Content-Type': 'text/event-stream; charset=utf-8' };
const text = (status, headers, body) => (response) => {
    response.writeHead(status, headers);
    response.end(body);
};
const stream = (...pieces) => async (response) => {
    response.writeHead(200, STREAM);
    for (const piece of pieces) {
        await new Promise((resolve) => response.write(piece, resolve));
        await new Promise(setImmediate);
    }
    response.end();
};

async function all(opened) {
    const events = [];
    for await (const event of opened) {
        events.push(`${event.type}/${event.id}/${event.data}`);
    }
    return events;
}

async function failure(work) {
    try {
        await work();
    } catch (error) {
        return error;
    }
    throw new Error('this was to fail');
}

await test('events, ids, retry and a cut character', async () => {
    answers.push(stream(Buffer.from([0xef, 0xbb]), Buffer.from([0xbf]),
        'id: 7\nretry: 250\r', '\ndata: gr', Buffer.from([0xc3]),
        Buffer.from([0xbc]), 'n\r\ndata:2\n', '\r', 'event: x\rdata\r\r',
        ':keep\n', 'data: cut'));
    const comments = [];
    const opened = await openSse(url,
        { onComment: (comment) => comments.push(comment) });
    assert.deepEqual(await all(opened), ['message/7/grün\n2', 'x/7/']);
    assert.deepEqual(comments, ['keep']);
    assert.equal(opened.lastEventId, '7');
    assert.equal(opened.retryMs, 250);
    assert.equal(opened.whole, false);
});

await test('a request with a body, headers and an id', async () => {
    answers.push(stream('data: 1\n\n'));
    await all(await openSse(url, { method: 'POST', body: '{"a":1}',
        headers: { 'Content-Type': 'application/json' },
        lastEventId: 'é-3' }));
    const { request, body } = requests.at(-1);
    assert.equal(request.method, 'POST');
    assert.equal(body, '{"a":1}');
    assert.equal(request.headers.accept, 'text/event-stream');
    assert.equal(request.headers['content-type'], 'application/json');
    assert.equal(Buffer.from(request.headers['last-event-id'], 'latin1')
        .toString('utf8'), 'é-3');
});

await test('204 is an end without events', async () => {
    answers.push(text(204, {}));
    const opened = await openSse(url, { lastEventId: '9' });
    assert.equal(opened.status, 204);
    assert.deepEqual(await all(opened), []);
    assert.equal(opened.lastEventId, '9');
});

await test('a refusal tells status, body and Retry-After', async () => {
    answers.push(text(503, { 'Retry-After': '3' }, '{"error":{}}'));
    const error = await failure(() => openSse(url));
    assert.ok(error instanceof SseError);
    assert.deepEqual([error.kind, error.status, error.body,
        error.retryAfterMs], ['status', 503, '{"error":{}}', 3000]);
});

await test('the body of a refusal is bounded', async () => {
    answers.push(text(500, {}, 'x'.repeat(1 << 20)));
    const error = await failure(() => openSse(url));
    assert.equal(error.body.length, 65536);
});

await test('a page with status 200 is no stream', async () => {
    answers.push(text(200, { 'Content-Type': 'text/html' }, '<p>hello'));
    const error = await failure(() => openSse(url));
    assert.deepEqual([error.kind, error.body], ['media-type', '<p>hello']);
});

await test('a broken connection is an error after the events', async () => {
    let broken;
    answers.push((response) => {
        broken = response;
        response.writeHead(200, STREAM);
        response.write('id: 1\ndata: a\n\ndata: b');
    });
    const opened = await openSse(url);
    const events = [];
    const error = await failure(async () => {
        for await (const event of opened) {
            events.push(event.data);
            broken.destroy();
        }
    });
    assert.deepEqual(events, ['a']);
    assert.equal(error.kind, 'network');
    assert.equal(opened.lastEventId, '1');
});

await test('nobody there', async () => {
    const error = await failure(() => openSse('http://127.0.0.1:1/'));
    assert.equal(error.kind, 'network');
});

await test('silence ends it, before and after the head', async () => {
    let closed = 0;
    const silent = (head) => (response) => {
        response.on('close', () => {
            closed += 1;
        });
        if (head) {
            response.writeHead(200, STREAM);
            response.write(': hello\n');
        }
    };
    answers.push(silent(false), silent(true));
    const first = await failure(() => openSse(url, { silenceMs: 80 }));
    assert.equal(first.kind, 'silence');
    const second = await failure(async () =>
        all(await openSse(url, { silenceMs: 80 })));
    assert.equal(second.kind, 'silence');
    await until('both are closed', () => closed === 2);
});

await test('leaving the loop closes the connection', async () => {
    let closed = false;
    answers.push((response) => {
        response.on('close', () => {
            closed = true;
        });
        response.writeHead(200, STREAM);
        response.write('data: 1\n\ndata: 2\n\n');
    });
    for await (const event of await openSse(url)) {
        assert.equal(event.data, '1');
        break;
    }
    await until('the server sees it', () => closed);
});

await test('a signal ends it with its reason', async () => {
    answers.push((response) => {
        response.writeHead(200, STREAM);
        response.write('data: 1\n\n');
    });
    const leave = new AbortController();
    const error = await failure(async () => {
        for await (const event of await openSse(url,
            { signal: leave.signal })) {
            leave.abort(new RangeError(event.data));
        }
    });
    assert.ok(error instanceof RangeError);
    const before = requests.length;
    assert.ok(await failure(() => openSse(url, { signal: leave.signal }))
        instanceof RangeError);
    assert.equal(requests.length, before);
});

await test('close() ends the loop quietly', async () => {
    answers.push((response) => {
        response.writeHead(200, STREAM);
        response.write('data: 1\n\n');
    });
    const opened = await openSse(url);
    const heard = [];
    const reading = (async () => {
        for await (const event of opened) {
            heard.push(event.data);
        }
    })();
    await until('the event', () => heard.length === 1);
    opened.close();
    await reading;
    assert.deepEqual(heard, ['1']);
});

await test('an event too long fails, after the ones before', async () => {
    answers.push(stream(`data: 1\n\ndata: ${'x'.repeat(3000)}\n\ndata: 3\n\n`));
    const events = [];
    const error = await failure(async () => {
        for await (const event of await openSse(url,
            { maxEventLength: 1000 })) {
            events.push(event.data);
        }
    });
    assert.deepEqual(events, ['1']);
    assert.equal(error.kind, 'too-long');
});

await test('a large event in small pieces takes linear time', async () => {
    const data = 'y'.repeat(4 << 20);
    answers.push(stream('data: ', ...data.match(/y{1,4096}/g), '\n\n'));
    const [event] = await all(await openSse(url));
    assert.equal(event.length, 'message//'.length + data.length);
});

await test('following: resumes where it broke, and stops at the last event',
    async () => {
        const waits = [];
        answers.push(
            stream('retry: 200\nid: 1\ndata: a\n\n'),
            text(503, { 'Retry-After': '1' }),
            stream('id: 2\ndata: b\n\n', 'id: 3\nevent: end\ndata: c\n\n'));
        const events = [];
        const whole = await followSse({
            open: (lastEventId) => openSse(url, { lastEventId }),
            onEvent: ({ type, data }) => {
                events.push(data);
                return type === 'end';
            },
            wait: async (ms) => {
                waits.push(ms);
            },
        });
        assert.equal(whole, true);
        assert.deepEqual(events, ['a', 'b', 'c']);
        assert.deepEqual(requests.slice(-3)
            .map(({ request }) => request.headers['last-event-id']),
        [undefined, '1', '1']);
        assert.ok(waits[0] >= 200 && waits[0] <= 250, `${waits[0]} ms`);
        assert.ok(waits[1] >= 1000, `${waits[1]} ms`);
    });

await test('following: 204 and other refusals end it', async () => {
    answers.push(text(204, {}), text(404, {}, 'no'));
    const follow = () => followSse({ open: () => openSse(url),
        onEvent: () => false, wait: async () => {} });
    assert.equal(await follow(), false);
    assert.equal((await failure(follow)).status, 404);
});

await test('following: gives up after so many attempts', async () => {
    let attempts = 0;
    const error = await failure(() => followSse({
        open: () => {
            attempts += 1;
            return openSse('http://127.0.0.1:1/');
        },
        onEvent: () => false, wait: async () => {}, maxAttempts: 4 }));
    assert.equal(error.kind, 'network');
    assert.equal(attempts, 4);
});

finish();
