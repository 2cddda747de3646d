/*
 * serve_life.mjs - `sse serve` from its command line to its end: signals,
 * a restart, and the log of what was asked for in between.
 *
 * SPDX-License-Identifier: MIT
 */
import { freePort } from '../web/support/port.mjs';
import { assert, finish, test, until } from '../web/support/tap.mjs';
import { Run } from './support/cat.mjs';
import { Serve } from './support/serve.mjs';

await test('SIGTERM drains over a while and ends with 0', async () => {
    const serve = await Serve.start('--drain', '3000');
    const readers = await Promise.all(Array.from({ length: 30 },
        () => serve.subscribe('a')));
    const begun = Date.now();
    const ended = serve.stop();
    await until('the first end', () =>
        readers.some((reader) => reader.ended));
    assert.ok(readers.some((reader) => !reader.ended));
    assert.equal(await ended, 0);
    assert.ok(Date.now() - begun >= 1500);
    await until('the ends', () => readers.every((reader) => reader.ended));
    assert.ok(readers.every((reader) => reader.clean));
    assert.match(serve.run.reason, /^sse: /);
});

await test('SIGINT ends at once, with 130', async () => {
    const serve = await Serve.start('--drain', '60000');
    const reader = await serve.subscribe('a');
    assert.equal(await serve.stop('SIGINT'), 130);
    await until('the end', () => reader.ended);
    assert.ok(reader.clean);
    assert.equal(serve.run.reason, 'sse: interrupted');
});

await test('ids of before a restart are unknown, and told of', async () => {
    const first = await Serve.start('--listen', `127.0.0.1:${await freePort()}`,
        '--retry-ms', '50');
    const client = new Run(['cat', '--json', '--max-events', '3',
        `${first.url}/topic/a`]);
    await until('the client', async () =>
        await first.metric('subscribers') === 1);
    const old = await first.publish('a', 'before');
    await client.reach(1);
    first.run.kill('SIGKILL');
    await first.run.end();
    const second = await Serve.start('--listen', `127.0.0.1:${first.port}`);
    await until('the client', async () =>
        await second.metric('subscribers') === 1);
    const id = await second.publish('a', 'after');
    assert.equal(await client.end(), 0);
    const [, gap, after] = client.lines;
    assert.equal(gap.type, 'gap');
    assert.equal(JSON.parse(gap.data).from, old);
    assert.deepEqual(after, { type: 'message', data: 'after', id });
    assert.notEqual(id, old);
    assert.equal(await second.stop(), 0);
});

await test('a log says who asked for what', async () => {
    const serve = await Serve.start('--access-log', '-');
    await serve.publish('a', 'x');
    const reader = await serve.subscribe('a%0a');
    assert.equal(reader.status, 400);
    (await serve.subscribe('a')).close();
    await serve.say('GET /healthz HTTP/1.0\r\n\r\n');
    await until('the log', () => serve.run.out.split('\n').length > 5);
    const lines = serve.run.out.split('\n').slice(1, -1);
    assert.match(lines[0],
        /^127\.0\.0\.1 - - \[.* \+0000\] "POST \/topic\/a HTTP\/1\.1" 200 \d+$/);
    assert.match(lines[1], /"GET \/topic\/a%0a HTTP\/1\.1" 400 \d+$/);
    assert.match(lines[2], /"GET \/topic\/a HTTP\/1\.1" 200 -$/);
    assert.match(lines[3], /"GET \/healthz HTTP\/1\.0" 200 3$/);
    assert.equal(await serve.stop(), 0);
});

await test('a command line that is wrong ends with 2', async () => {
    const rows = [['--listen', 'nowhere'], ['--listen', '127.0.0.1:66000'],
        ['--lag', 'wait'], ['--retain', '0'], ['--retain', '-1'],
        ['--sndbuf', 'x'], ['--token', ''], ['--token', 'a b'],
        ['--max-conns', '0'], ['--what'], ['more'], ['--drain'],
        ['--listen', 'example:80'], ['--listen', '::1:0'],
        ['--listen', '[127.0.0.1]:0'], ['--listen', '127.1:0']];
    for (const row of rows) {
        const run = new Run(['serve', ...row]);
        assert.equal(await run.end(), 2, row.join(' '));
        assert.match(run.reason, /^sse: serve: /);
    }
});

await test('an address that cannot be had ends with 1', async () => {
    const serve = await Serve.start();
    for (const address of [`127.0.0.1:${serve.port}`, '192.0.2.1:80']) {
        const run = new Run(['serve', '--listen', address]);
        assert.equal(await run.end(), 1);
        assert.match(run.reason, /^sse: cannot listen on /);
    }
    assert.equal(await serve.stop(), 0);
});

finish();
