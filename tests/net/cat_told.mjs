/*
 * cat_told.mjs - what `sse cat URL` tells on stderr: failures and retries, what
 * was skipped, and with --verbose all that goes back and forth.
 *
 * SPDX-License-Identifier: MIT
 */
import { assert, finish, test } from '../web/support/tap.mjs';
import {
    answers, cat, httpServer, rawServer, STREAM_HEAD, streams,
} from './support/cat.mjs';

const QUICK = ['--retry-ms', '1', '--max-retry-ms', '50'];
const NO_MORE = answers(204);
const event = (data, id = '', type = 'message') => ({ type, data, id });

await test('nobody listens: tried again, told why', async () => {
    const server = await httpServer(NO_MORE);
    server.close();
    const run = await cat([...QUICK, '-v', '--max-reconnects', '1',
        server.url]);
    assert.equal(run.code, 1);
    assert.match(run.err, /\* waiting \d+ ms: .*connect/i);
    assert.doesNotMatch(run.err, /again in/);
    assert.equal((await cat(['http://127.0.0.1:99999/'])).code, 2);
});

await test('what failed and is tried again is told by itself', async () => {
    const server = await httpServer(NO_MORE);
    server.close();
    const run = await cat([...QUICK, '--max-reconnects', '1', server.url]);
    assert.match(run.err,
        /^sse: .*connect.*; again in \d+ ms\nsse: reconnected as often .*\n$/i);
    const busy = await httpServer(answers(503), answers(429), NO_MORE);
    const told = await cat([...QUICK, '--json', busy.url]);
    const lines = told.err.split('\n');
    assert.match(lines[0], /^sse: .*503.*; again in \d+ ms$/);
    assert.match(lines[1], /^sse: .*429.*; again in \d+ ms$/);
    assert.equal(lines.length, 4);
    busy.close();
    const traced = await httpServer(answers(503), NO_MORE);
    assert.doesNotMatch((await cat([...QUICK, '--trace', traced.url])).err,
        /again in/);
    traced.close();
});

await test('an end that is none to speak of is not told', async () => {
    const server = await httpServer(streams('data: a\n\n'), NO_MORE);
    const run = await cat([...QUICK, server.url]);
    assert.equal(run.err.split('\n').length, 2, run.err);
    server.close();
});

await test('--verbose: states, heads, planned retries on stderr', async () => {
    const server = await httpServer(streams('id: 1\ndata: a\n\n'), NO_MORE);
    const run = await cat([...QUICK, '--verbose', server.url]);
    for (const line of [/^\* connecting, attempt 1$/m,
        /^< HTTP\/1\.1 200 OK$/m, /^< Content-Type: text\/event-stream$/m,
        /^\* open, status 200$/m, /^\* waiting \d+ ms: \S/m,
        /^\* connecting, attempt 2, Last-Event-ID: 1$/m,
        /^\* closed: /m, /^\* 1 event$/m]) {
        assert.match(run.err, line);
    }
    assert.equal(run.out, 'message\t1\ta\n');
    server.close();
});

await test('--verbose: requests as they went, secrets hidden', async () => {
    const server = await httpServer(answers(307, { Location: '/b?c:d' }),
        (response) => {
            response.writeHead(200, { 'Content-Type': 'text/event-stream',
                'Set-Cookie': 'sid=s3cret' });
            response.end('data: a\n\n');
        });
    const secret = ['Authorization: Bearer s3cret', 'cookie: sid=s3cret',
        'X-API-Key: s3cret', 'X-Auth-Token: s3cret'];
    const run = await cat(['-v', '-d', '{"hi":1}',
        ...secret.flatMap((line) => ['-H', line]), '-H', 'X-Plain: yes',
        '--last-event-id', '7', `${server.url}/a`]);
    assert.equal(run.code, 0);
    assert.equal(server.requests[1].headers.authorization, 'Bearer s3cret');
    assert.match(run.err, /^\* connecting.*\n> POST \/a HTTP\/1\.1$/m);
    for (const line of [/^> Host: 127\.0\.0\.1:\d+$/m,
        /^> Accept: text\/event-stream$/m, /^> X-Plain: yes$/m,
        /^> Last-Event-ID: 7$/m, /^> Authorization: \[hidden\]$/m,
        /^> cookie: \[hidden\]$/m, /^> X-API-Key: \[hidden\]$/m,
        /^> X-Auth-Token: \[hidden\]$/m, /^> Content-Length: 8$/m,
        /^> POST \/b\?c:d HTTP\/1\.1$/m, /^< Set-Cookie: \[hidden\]$/m]) {
        assert.match(run.err, line);
    }
    assert.doesNotMatch(run.err, /s3cret|"hi"/);
    assert.equal(run.err.match(/^> X-Plain/gm).length, 2);
    server.close();
});

await test('--max-event-size: a larger event is skipped and told', async () => {
    const large = 'x'.repeat(300000);
    const server = await httpServer(streams(
        `id: 1\ndata: ${large}\n\ndata: b\n\n`));
    const small = await cat(['--json', '--no-reconnect', '--max-event-size',
        '200000', server.url]);
    assert.deepEqual(small.lines, [event('b', '1')]);
    assert.match(small.err, /an event of 300000 bytes skipped at offset 300014/);
    const big = await cat(['--json', '--no-reconnect', server.url]);
    assert.equal(big.lines[0].data.length, 300000);
    server.close();
});

await test('ids and types of 1 MiB; a longer id is told', async () => {
    const long = 'n'.repeat(1 << 20);
    const server = await rawServer((socket) => socket.end(`${STREAM_HEAD}\r\n` +
        `id: ${long}\nevent: ${long}\ndata: a\n\nid: ${long}x\ndata: b\n\n`));
    const run = await cat(['--json', '--no-reconnect', server.url]);
    assert.deepEqual(run.lines, [event('a', long, long), event('b', long)]);
    assert.match(run.err, /an id of 1048577 bytes ignored/);
    server.close();
});

finish();
