/*
 * serve.mjs - `sse serve` over HTTP: what its routes, flags and refusals are.
 *
 * SPDX-License-Identifier: MIT
 */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assert, finish, test, until } from '../web/support/tap.mjs';
import { Run } from './support/cat.mjs';
import { Serve } from './support/serve.mjs';

const wait = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

/** Runs a test with a server of its own. */
async function serving(name, args, run, limitMs) {
    await test(name, async () => {
        const serve = await Serve.start(...args);
        try {
            await run(serve);
        } finally {
            serve.run.kill('SIGKILL');
        }
    }, limitMs);
}

await serving('what is published reaches who subscribed', [],
    async (serve) => {
        const reader = await serve.subscribe('a');
        assert.equal(reader.status, 200);
        assert.equal(reader.headers['content-type'], 'text/event-stream');
        assert.equal(reader.headers['sse-keep-alive'], '15000');
        const ids = [await serve.publish('a', 'one'),
            await serve.publish('a', 'two\nlines', '?type=note'),
            await serve.publish('a', '', '?id=my%20own&type=x'),
            await serve.publish('b', 'for others')];
        await reader.reach(3);
        assert.deepEqual(reader.events, [
            { id: ids[0], type: 'message', data: 'one' },
            { id: ids[1], type: 'note', data: 'two\nlines' },
            { id: 'my own', type: 'x', data: '' }]);
        assert.equal(ids[2], 'my own');
        assert.equal(new Set(ids).size, 4);
        reader.close();
    });

await serving('an id resumes, by header or query, the header first', [],
    async (serve) => {
        const ids = [];
        for (const text of ['1', '2', '3']) {
            ids.push(await serve.publish('a', text));
        }
        const header = await serve.subscribe('a', { 'Last-Event-ID': ids[0] });
        const query = await serve.subscribe(`a?last_event_id=${ids[1]}`);
        const both = await serve.subscribe(`a?last_event_id=${ids[0]}`,
            { 'Last-Event-ID': ids[1] });
        const none = await serve.subscribe('a');
        await serve.publish('a', '4');
        assert.deepEqual([await header.reach(3), header.data][1],
            ['2', '3', '4']);
        assert.deepEqual([await query.reach(2), query.data][1], ['3', '4']);
        assert.deepEqual([await both.reach(2), both.data][1], ['3', '4']);
        assert.deepEqual([await none.reach(1), none.data][1], ['4']);
        assert.equal(header.headers['last-event-id'], ids[0]);
        assert.equal(none.headers['last-event-id'], ids[2]);
        [header, query, both, none].forEach((reader) => reader.close());
    });

await serving('an unknown id is told of a gap, and of where it starts',
    ['--retain', '3'], async (serve) => {
        const ids = [];
        for (let i = 1; i <= 6; i += 1) {
            ids.push(await serve.publish('a', String(i)));
        }
        for (const from of ['nobody', ids[0], '"quoted" \u00e4']) {
            const reader = await serve.subscribe(
                `a?last_event_id=${encodeURIComponent(from)}`);
            const [gap, ...events] = await reader.reach(4);
            assert.equal(gap.type, 'gap');
            assert.deepEqual(JSON.parse(gap.data), { from, to: ids[2] });
            assert.equal(reader.headers['last-event-id'], ids[2]);
            assert.deepEqual(events.map((event) => event.data),
                ['4', '5', '6']);
            reader.close();
        }
        /* Behind these nothing is lost. */
        for (const [i, id] of ids.slice(2).entries()) {
            const reader = await serve.subscribe('a', { 'Last-Event-ID': id });
            await serve.publish('b', 'x');
            const data = ['4', '5', '6'].slice(i);
            await reader.reach(data.length);
            assert.deepEqual(reader.data, data);
            reader.close();
        }
    });

await serving('several topics on one stream', [], async (serve) => {
    const first = await serve.publish('a', '1');
    await serve.publish('b', '2');
    await serve.publish('c', '3');
    const reader = await serve.subscribe('a,b%2C,b', {
        'Last-Event-ID': first });
    await serve.publish('b%2C', '4');
    await serve.publish('a', '5');
    await reader.reach(3);
    assert.deepEqual(reader.data, ['2', '4', '5']);
    assert.equal(await serve.publish('a,b', 'x'), 400);
    reader.close();
});

await serving('replay and live meet without gap or double', [],
    async (serve) => {
        const readers = [];
        let last = await serve.publish('a', '0');
        const begin = last;
        for (let i = 1; i <= 200; i += 1) {
            const publishing = serve.publish('a', String(i));
            if (i % 5 === 0) {
                readers.push(await serve.subscribe('a',
                    { 'Last-Event-ID': begin }));
            }
            last = await publishing;
        }
        for (const reader of readers) {
            await reader.reach(200);
            assert.deepEqual(reader.data,
                Array.from({ length: 200 }, (_, i) => String(i + 1)));
            reader.close();
        }
    });

await serving('a token is for publishing alone', ['--token', 's3cret'],
    async (serve) => {
        for (const headers of [{}, { Authorization: 'Bearer wrong1' },
            { Authorization: 'Bearer s3cre' }, { Authorization: 's3cret' },
            { Authorization: 'Basic s3cret' },
            { Authorization: 'Bearer' }, { Authorization: 'Bearer', s3cret: 1 },
            { Authorization: 'Bearer s3cret2' }]) {
            const answer = await serve.request('POST', '/topic/a',
                { headers, body: 'x' });
            assert.equal(answer.status, 401);
            assert.equal(answer.headers['www-authenticate'], 'Bearer');
        }
        const reader = await serve.subscribe('a');
        assert.equal(typeof await serve.publish('a', 'x', '',
            { Authorization: 'Bearer s3cret' }), 'string');
        assert.equal(typeof await serve.publish('a', 'y', '',
            { Authorization: 'bearer  s3cret' }), 'string');
        await reader.reach(2);
        assert.equal(await serve.metric('tokens_refused_total'), 8);
        reader.close();
    });

await test('a token from a file, out of sight of other users', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'serve-')), 'token');
    writeFileSync(file, 's3cret\n');
    const serve = await Serve.start('--token', `@${file}`);
    assert.equal(await serve.publish('a', 'x', '',
        { Authorization: `Bearer @${file}` }), 401);
    assert.equal(typeof await serve.publish('a', 'x', '',
        { Authorization: 'Bearer s3cret' }), 'string');
    assert.equal(await serve.stop(), 0);
    for (const [text, name, code] of [['', file, 2],
        ['two\nlines\n', file, 2], ['x', `${file}.none`, 1]]) {
        writeFileSync(file, text);
        const run = new Run(['serve', '--listen', '127.0.0.1:0', '--token',
            `@${name}`]);
        assert.equal(await run.end(), code);
        assert.ok(run.reason.includes(name), run.reason);
    }
});

await serving('routes and methods', [], async (serve) => {
    const rows = [['GET', '/healthz', 200], ['HEAD', '/healthz', 200],
        ['GET', '/metrics', 200], ['POST', '/metrics', 405],
        ['DELETE', '/topic/a', 405], ['PUT', '/topic/a', 405],
        ['OPTIONS', '/topic/a', 204], ['HEAD', '/topic/a', 200],
        ['GET', '/', 404], ['GET', '/topic', 404], ['GET', '/topic/', 404],
        ['GET', '/topic/a/b', 404], ['GET', '/topics/a', 404],
        ['GET', '/topic/a,,b', 400], ['GET', '/topic/,', 400],
        ['GET', '/topic/a%00', 400], ['GET', '/topic/a%0a', 400],
        ['POST', '/topic/a?type=a%0ab', 400],
        ['POST', '/topic/a?type=a%0db', 400],
        ['POST', '/topic/a?id=a%00', 400],
        ['POST', '/topic/a?id=a%0A', 400], ['POST', '/topic/a?id=', 400],
        /* What would not come back in a header field as it is. */
        ['POST', '/topic/a?id=%01', 400], ['POST', '/topic/a?id=a%7F', 400],
        ['POST', '/topic/a?id=%20', 400], ['POST', '/topic/a?id=%20a', 400],
        ['POST', '/topic/a?id=a%09', 400], ['POST', '/topic/a?id=a%20a', 200],
        ['POST', '/topic/a?id=a%09a', 200], ['POST', '/topic/a?id=%C3%A9', 200],
        ['POST', `/topic/a?id=${'x'.repeat(1025)}`, 400],
        ['POST', `/topic/a?id=${'x'.repeat(1024)}`, 200],
        ['POST', `/topic/${'x'.repeat(256)}`, 400],
        ['POST', `/topic/${'x'.repeat(255)}`, 200],
        ['GET', `/topic/${'x,'.repeat(16)}x`, 400]];
    for (const [method, path, status] of rows) {
        const answer = await serve.request(method, path);
        assert.equal(answer.status, status, `${method} ${path}`);
        assert.equal('allow' in answer.headers,
            status === 405 || status === 204);
    }
    assert.equal((await serve.request('GET', '/healthz')).text, 'ok\n');
});

await serving('CORS for one origin', ['--cors', 'https://page.example'],
    async (serve) => {
        const reader = await serve.subscribe('a',
            { Origin: 'https://page.example' });
        assert.equal(reader.headers['access-control-allow-origin'],
            'https://page.example');
        assert.match(reader.headers['access-control-expose-headers'],
            /Last-Event-ID/);
        assert.equal(reader.headers.vary, 'Origin');
        const asked = await serve.request('OPTIONS', '/topic/a');
        assert.match(asked.headers['access-control-allow-headers'],
            /Last-Event-ID/);
        assert.match(asked.headers['access-control-allow-methods'], /POST/);
        reader.close();
    });

await serving('bodies: the largest, one more, chunked, and slow',
    ['--max-body', '1000', '--body-timeout', '1500', '--head-timeout', '1500'],
    async (serve) => {
        assert.equal(await serve.publish('a', 'x'.repeat(1001)), 413);
        assert.equal(typeof await serve.publish('a', 'x'.repeat(1000)),
            'string');
        assert.match(await serve.say('POST /topic/a HTTP/1.1\r\nHost: a\r\n' +
            'Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n' +
            '3\r\none\r\n4;x=y\r\n two\r\n0\r\n\r\n'), /^HTTP\/1.1 200 /);
        assert.match(await serve.say('POST /topic/a HTTP/1.1\r\nHost: a\r\n' +
            'Transfer-Encoding: chunked\r\n\r\n3e9'), /^HTTP\/1.1 413 /);
        const begun = Date.now();
        assert.match(await serve.say('POST /topic/a HTTP/1.1\r\nHost: a\r\n' +
            'Content-Length: 5\r\n\r\nx'), /^HTTP\/1.1 408 /);
        assert.match(await serve.say('GET /topic/a HTTP/1.1\r\nHo'),
            /^HTTP\/1.1 408 /);
        assert.ok(Date.now() - begun < 30000);
        assert.equal(await serve.metric('events_published_total'), 2);
    });

await serving('what is malformed is refused at once', [], async (serve) => {
    const rows = ['GET /topic/a HTTP/1.1\n', 'GET /topic/a HTTP/1.1\rH',
        'GET /topic/a HTTP/1.1\r\nHost: a\r\nA: b\r\n c',
        'POST /topic/a HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n' +
            'Content-Length: 1\r',
        'POST /topic/a HTTP/1.0\r\nTransfer-Encoding: chunked\r',
        'POST /topic/a HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n' +
            'Transfer-Encoding: chunked\r',
        'GET /topic/a HTTP/1.1\r\n\r\n',
        'GET /topic/a HTTP/1.1\r\nHost: a\r\nHost: a\r', '\x16\x03\x01'];
    for (const row of rows) {
        const begun = Date.now();
        assert.match(await serve.say(row), /^HTTP\/1.1 400 /, row);
        assert.ok(Date.now() - begun < 9000, row); /* a time-out: 10 s */
    }
    for (const version of ['HTTP/1.2', 'HTTP/2.0', 'HTTP/0.9']) {
        assert.match(await serve.say(`GET /topic/a ${version}\r\n`),
            /^HTTP\/1.1 505 /);
    }
    assert.equal(await serve.metric('requests_bad_total'), rows.length + 3);
});

await serving('caps answer 503 with Retry-After',
    ['--max-conns', '6', '--max-conns-per-address', '4'], async (serve) => {
        const readers = [];
        for (let i = 0; i < 4; i += 1) {
            readers.push(await serve.subscribe('a'));
        }
        const refused = await serve.request('GET', '/healthz');
        assert.equal(refused.status, 503);
        assert.match(refused.headers['retry-after'], /^\d+$/);
        readers[0].close();
        await until('room', async () =>
            (await serve.request('GET', '/healthz')).status === 200);
        readers.forEach((reader) => reader.close());
    });

await serving('topics have a cap, too', ['--max-topics', '2'],
    async (serve) => {
        const readers = [await serve.subscribe('a'),
            await serve.subscribe('b')];
        const refused = await serve.request('POST', '/topic/c');
        assert.equal(refused.status, 503);
        assert.match(refused.headers['retry-after'], /^\d+$/);
        readers.forEach((reader) => reader.close());
        await until('room', async () =>
            typeof await serve.publish('c', 'x') === 'string');
    });

await serving('comments on silence, in both forms', ['--keep-alive', '100'],
    async (serve) => {
        const other = await Serve.start('--keep-alive', '100',
            '--keep-alive-form', 'two', '--retry-ms', '0');
        const one = await serve.subscribe('a');
        const two = await other.subscribe('a');
        await until('comments', () => one.text.includes('\n\n:\n:\n:\n') &&
            two.text.startsWith(':\n\n:\n\n:\n\n:\n\n'));
        assert.ok(one.text.startsWith(':\nretry: 2000\n\n'));
        one.close();
        two.close();
        other.run.kill('SIGKILL');
    });

await serving('a lifetime ends streams cleanly', ['--lifetime', '2000'],
    async (serve) => {
        const reader = await serve.subscribe('a');
        await serve.publish('a', 'x');
        await until('the end', () => reader.ended);
        assert.ok(reader.clean);
        assert.deepEqual(reader.data, ['x']);
    });

await serving('age ends what is retained', ['--retain-ms', '200'],
    async (serve) => {
        const id = await serve.publish('a', 'old');
        await wait(400);
        const reader = await serve.subscribe('a', { 'Last-Event-ID': 'x' });
        const [gap] = await reader.reach(1);
        assert.deepEqual(JSON.parse(gap.data), { from: 'x', to: id });
        assert.equal(reader.events.length, 1);
        reader.close();
    });

finish();
