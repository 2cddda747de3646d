/*
 * cat_http.mjs - `sse cat URL` against servers of Node's: what is sent, what is
 * printed, and how it ends.
 *
 * SPDX-License-Identifier: MIT
 */
import { writeFileSync } from 'node:fs';
import { assert, finish, test } from '../web/support/tap.mjs';
import {
    answers, cat, httpServer, rawServer, Run, STREAM_HEAD, streams,
} from './support/cat.mjs';

const QUICK = ['--retry-ms', '1', '--max-retry-ms', '50'];
const NO_MORE = answers(204);
const event = (data, id = '', type = 'message') => ({ type, data, id });
const states = (run) => run.lines.filter((line) => line.state !== undefined)
    .map((line) => line.state);

await test('a stream, and 204 as its end', async () => {
    const server = await httpServer(
        streams('retry: 1\n\nid: 1\nevent: add\ndata: a\n\n: c\ndata: b\n\n'),
        NO_MORE);
    const run = await cat([...QUICK, '--json', server.url]);
    assert.deepEqual(run.lines, [event('a', '1', 'add'), event('b', '1')]);
    assert.equal(run.code, 0);
    assert.equal(run.reason, 'sse: the server has no more to send');
    assert.equal(server.requests.length, 2);
    const [first, second] = server.requests;
    assert.equal(first.method, 'GET');
    assert.equal(first.headers.accept, 'text/event-stream');
    assert.equal(first.headers['cache-control'], 'no-cache');
    assert.match(first.headers['user-agent'], /^sse\/\d/);
    assert.equal(first.headers['last-event-id'], undefined);
    assert.equal(second.headers['last-event-id'], '1');
    server.close();
});

await test('the trace: every state, closed once, the final id last', async () => {
    const server = await httpServer(
        streams(': hi\nretry: 120\nid: x y\ndata: a\n\n'),
        answers(503), NO_MORE);
    const run = await cat(['--trace', '--retry-ms', '1', server.url]);
    const { lines } = run;
    assert.deepEqual(states(run), ['connecting', 'open', 'waiting',
        'connecting', 'waiting', 'connecting', 'closed']);
    assert.deepEqual(lines.slice(0, 5), [
        { state: 'connecting', attempt: 1 }, { state: 'open', status: 200 },
        { comment: ' hi' }, { retry: 120 }, event('a', 'x y')]);
    assert.equal(lines[5].state, 'waiting');
    assert.ok(lines[5].delay_ms >= 120 && lines[5].delay_ms <= 150);
    assert.deepEqual(lines[6],
        { state: 'connecting', attempt: 2, last_event_id: 'x y' });
    assert.match(lines[7].reason, /503/);
    assert.deepEqual(lines.at(-1), { final_id: 'x y' });
    server.close();
});

await test('the trace in base64 keeps ids exact', async () => {
    const server = await rawServer(
        (socket) => socket.end(Buffer.from(
            `${STREAM_HEAD}\r\nid: \xff\ndata: \xfe\n\n`, 'latin1')),
        (socket) => socket.end('HTTP/1.1 204 No Content\r\n\r\n'));
    const run = await cat([...QUICK, '--trace', '--base64', server.url]);
    const lines = run.lines.filter((line) => line.state !== 'waiting');
    assert.deepEqual(lines[2],
        { type_b64: 'bWVzc2FnZQ==', data_b64: '/g==', id_b64: '/w==' });
    assert.deepEqual(lines[3],
        { state: 'connecting', attempt: 2, last_event_id_b64: '/w==' });
    assert.deepEqual(lines.at(-1), { final_id_b64: '/w==' });
    assert.match(server.requests[1], /\r\nLast-Event-ID: \xff\r\n/);
    server.close();
});

await test('an id survives a second drop before any new id', async () => {
    const server = await httpServer(streams('id: 7\ndata: a\n\n'),
        streams('data: b\n\n'), streams(''), NO_MORE);
    const run = await cat([...QUICK, '--json', server.url]);
    assert.deepEqual(run.lines, [event('a', '7'), event('b', '7')]);
    assert.deepEqual(server.requests.map(({ headers }) =>
        headers['last-event-id']), [undefined, '7', '7', '7']);
    server.close();
});

await test('--last-event-id, -H, an Accept of the caller', async () => {
    const server = await httpServer(NO_MORE);
    const run = await cat(['--last-event-id', 'n\u00f6', '-H', 'X-A: b: c',
        '-H', 'Accept: text/event-stream, */*', '--trace', server.url]);
    const { headers } = server.requests[0];
    assert.equal(Buffer.from(headers['last-event-id'], 'latin1').toString(),
        'n\u00f6');
    assert.equal(headers['x-a'], 'b: c');
    assert.equal(headers.accept, 'text/event-stream, */*');
    assert.equal(run.code, 0);
    assert.deepEqual(run.lines.at(-1), { final_id: 'n\u00f6' });
    server.close();
});

await test('-d: POST, JSON, a clean end is the end', async () => {
    const server = await httpServer(streams('data: a\n\n'));
    const run = await cat(['--json', '-d', '{"q":1}\n', server.url]);
    assert.equal(run.code, 0);
    assert.equal(server.requests.length, 1);
    const [{ method, headers, body }] = server.requests;
    assert.equal(method, 'POST');
    assert.equal(headers['content-type'], 'application/json');
    assert.equal(body, '{"q":1}\n');
    server.close();
});

await test('-d @FILE and @- byte for byte, -X, own media type', async () => {
    const server = await httpServer(streams('data: a\n\n'));
    const file = `${process.env.TMPDIR}/body`;
    const bytes = 'a\r\n\x00\xffb\n';
    writeFileSync(file, bytes, 'latin1');
    const tries = [[`@${file}`, {}],
        ['@-', { input: Buffer.from(bytes, 'latin1') }]];
    for (const [value, options] of tries) {
        const run = await cat(['-X', 'PUT', '-H', 'content-type: text/x',
            '-d', value, '--no-reconnect', server.url], options);
        assert.equal(run.code, 0);
        const { method, headers, body } = server.requests.at(-1);
        assert.equal(method, 'PUT');
        assert.equal(headers['content-type'], 'text/x');
        assert.equal(body, bytes);
    }
    const empty = await cat(['-d', '', server.url]);
    assert.equal(empty.code, 0);
    assert.equal(server.requests.at(-1).method, 'POST');
    server.close();
});

await test('--no-reconnect: 0 after a clean end, 3 within an event', async () => {
    const whole = await httpServer(streams('data: a\n\n'));
    const run = await cat(['--no-reconnect', '--json', whole.url]);
    assert.deepEqual([run.code, run.lines], [0, [event('a')]]);
    whole.close();
    const cut = await httpServer(streams('data: a\n\ndata: b\n'));
    const other = await cat(['--no-reconnect', '--json', cut.url]);
    assert.deepEqual([other.code, other.lines], [3, [event('a')]]);
    assert.match(other.reason, /^sse: .*middle of an event/);
    cut.close();
    const post = await httpServer(streams('data: a\n\ndata: b'));
    assert.equal((await cat(['-d', 'x', post.url])).code, 3);
    post.close();
});

await test('a broken connection is no clean end', async () => {
    const head = `${STREAM_HEAD}Transfer-Encoding: chunked\r\n\r\n`;
    const server = await rawServer((socket) => socket.end(
        `${head}9\r\ndata: a\n\n\r\n`));
    const run = await cat(['--no-reconnect', '--json', server.url]);
    assert.deepEqual([run.code, run.lines], [1, [event('a')]]);
    assert.match(run.reason, /^sse: \S/);
    server.close();
});

await test('statuses: which end it, which are tried again', async () => {
    for (const status of [201, 202, 400, 401, 403, 404, 410, 501]) {
        const server = await httpServer(
            answers(status, { 'Content-Type': 'text/plain' }, 'go\naway\r\n'));
        const run = await cat([...QUICK, server.url]);
        assert.equal(run.code, 1);
        assert.equal(server.requests.length, 1);
        assert.match(run.reason, new RegExp(`^sse: .*${status}`));
        assert.match(run.err, /: go\\x0aaway\n/);
        server.close();
    }
    for (const status of [408, 425, 429, 500, 502, 503, 504]) {
        const server = await httpServer(answers(status),
            streams('data: a\n\n'));
        const run = await cat([...QUICK, '--max-events', '1', '--json',
            server.url]);
        assert.deepEqual([run.code, run.lines], [0, [event('a')]]);
        server.close();
    }
});

await test('a wrong media type ends it, and shows what came', async () => {
    const server = await httpServer(answers(200,
        { 'Content-Type': 'text/html' }, '<h1>data: a</h1>\n\n'));
    const run = await cat([server.url]);
    assert.deepEqual([run.code, run.out], [1, '']);
    assert.match(run.reason, /^sse: .*text\/html/);
    assert.match(run.err, /<h1>data: a/);
    server.close();
});

await test('--max-reconnects counts all of them', async () => {
    const server = await httpServer(streams('data: a\n\n'));
    const run = await cat([...QUICK, '--max-reconnects', '2', '--json',
        server.url]);
    assert.deepEqual([run.code, run.lines.length], [1, 3]);
    assert.equal(server.requests.length, 3);
    server.close();
    const none = await cat(['--max-reconnects', '0', server.url]);
    assert.equal(none.code, 1);
});

await test('Retry-After is waited for, retry is never undercut', async () => {
    const server = await httpServer(answers(503, { 'Retry-After': '1' }),
        streams('retry: 400\n\n'), NO_MORE);
    const run = await cat([...QUICK, server.url]);
    const [first, second, third] = server.requests.map(({ at }) => at);
    assert.equal(run.code, 0);
    assert.ok(second - first >= 990, `after ${second - first} ms`);
    /* Capped by --max-retry-ms 50, which also caps what the server asks. */
    assert.ok(third - second < 900, `after ${third - second} ms`);
    server.close();
    const slow = await httpServer(streams('retry: 400\n\n'), NO_MORE);
    await cat(['--retry-ms', '1', slow.url]);
    const gap = slow.requests[1].at - slow.requests[0].at;
    assert.ok(gap >= 395, `after ${gap} ms`);
    slow.close();
});

await test('--until-type, --until-data and --max-events end it', async () => {
    const text = 'data: a\n\nevent: stop\ndata: b\n\ndata: c\n\n';
    const server = await httpServer(streams(text, { end: false }));
    for (const [flag, value, count] of [['--until-type', 'stop', 2],
        ['--until-data', 'b', 2], ['--max-events', '1', 1],
        ['--until-data', 'c', 3]]) {
        const run = await cat(['--trace', flag, value, server.url]);
        assert.equal(run.code, 0);
        assert.equal(run.lines.filter(({ data }) => data).length, count);
        assert.deepEqual(states(run), ['connecting', 'open', 'closed']);
        assert.deepEqual(run.lines.at(-1), { final_id: '' });
    }
    server.close();
});

await test('events come one by one, each at once, byte by byte', async () => {
    let response;
    const server = await httpServer((it) => {
        response = it;
        it.writeHead(200, { 'Content-Type': 'Text/Event-Stream; charset=x' });
        it.flushHeaders();
    });
    const run = new Run(['cat', '--trace', server.url]);
    await run.reach(2);
    for (const byte of 'id: 1\ndata: caf\u00e9\r\r') {
        response.write(byte);
        await new Promise((resolve) => setImmediate(resolve));
    }
    assert.deepEqual((await run.reach(3))[2], event('caf\u00e9', '1'));
    response.write('\ndata: b\n\n');
    assert.deepEqual((await run.reach(4))[3], event('b', '1'));
    run.kill('SIGINT');
    assert.equal(await run.end(), 130);
    server.close();
});

await test('SIGINT: while open, while waiting, while connecting', async () => {
    const open = await httpServer(
        streams('id: 5\ndata: a\n\nid: 6\ndata: b\n', { end: false }));
    const waiting = await httpServer(streams('retry: 25000\nid: 5\n\n'));
    const silent = await rawServer(() => {});
    for (const [server, lines, last, flags] of [[open, 3, '5', []],
        [waiting, 4, '5', []], [silent, 1, 'q', ['--last-event-id', 'q']]]) {
        const run = new Run(['cat', '--trace', ...flags, server.url]);
        await run.reach(lines);
        run.kill('SIGINT');
        assert.equal(await run.end(), 130);
        assert.equal(run.reason, 'sse: interrupted');
        assert.deepEqual(run.lines.slice(-2), [
            { state: 'closed', reason: 'interrupted' }, { final_id: last }]);
        assert.equal(states(run).filter((it) => it === 'closed').length, 1);
        server.close();
    }
});

await test('a reader that leaves is noticed on a silent stream', async () => {
    const server = await httpServer(streams('data: a\n\n', { end: false }));
    const run = new Run(['cat', '--json', server.url]);
    await run.reach(1);
    run.child.stdout.destroy();
    assert.equal(await run.end(), 0);
    assert.equal(run.reason, 'sse: the reader of the output is gone');
    server.close();
});

await test('--idle-timeout: a silent stream counts as broken', async () => {
    const server = await httpServer(streams('id: 1\n\n: c\n', { end: false }),
        NO_MORE);
    const run = await cat([...QUICK, '--idle-timeout', '400', '--trace',
        server.url]);
    assert.equal(run.code, 0);
    assert.equal(server.requests[1].headers['last-event-id'], '1');
    const gap = server.requests[1].at - server.requests[0].at;
    assert.ok(gap >= 395, `after ${gap} ms`);
    server.close();
});

await test('headers from a file, as no list of processes shows', async () => {
    const server = await httpServer(NO_MORE);
    const file = `${process.env.TMPDIR}/headers`;
    writeFileSync(file, 'Authorization: Bearer s3cret\r\n\nX-B: 2\n');
    for (const command of [['cat'], ['record', '--max-time', '60000'],
        ['check', '--max-time', '60000']]) {
        const run = new Run([...command, '-H', 'X-A: 1', '-H', `@${file}`,
            '-H', 'X-C: 3', server.url]);
        await run.end();
        const { headers } = server.requests.at(-1);
        assert.deepEqual(['authorization', 'x-a', 'x-b', 'x-c'].map((name) =>
            headers[name]), ['Bearer s3cret', '1', '2', '3']);
    }
    server.close();
    for (const [text, name, code] of [['a b: c\n', file, 2],
        ['A: b\0c\n', file, 2], ['A: b', `${file}.none`, 1]]) {
        writeFileSync(file, text);
        const run = await cat(['-H', `@${name}`, server.url]);
        assert.equal(run.code, code, run.err);
    }
    const twice = await cat(['-H', `@${file}`, '-H', `@${file}`, server.url]);
    assert.equal(twice.code, 2);
});

await test('redirects: 302 again from the old place, 308 from the new', async () => {
    for (const [status, paths] of [[302, ['/', '/b', '/', '/b']],
        [308, ['/', '/b', '/b']]]) {
        let round = 0;
        const server = await httpServer((response, { url }) => {
            if (url === '/') {
                answers(status, { Location: '/b' })(response);
            } else if (round++ === 0) {
                streams('data: a\n\n')(response);
            } else {
                NO_MORE(response);
            }
        });
        const run = await cat([...QUICK, '--json', server.url]);
        assert.deepEqual([run.code, run.lines], [0, [event('a')]]);
        assert.deepEqual(server.requests.map(({ url }) => url), paths);
        server.close();
    }
    const loop = await httpServer(answers(302, { Location: '/' }));
    assert.equal((await cat([loop.url])).code, 1);
    loop.close();
});
finish();
