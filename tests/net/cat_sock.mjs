/*
 * cat_sock.mjs - the tests of `sse cat URL` over plain sockets: all that hold
 * over libcurl, and what this transport cannot.
 *
 * SPDX-License-Identifier: MIT
 */
import { assert, test } from '../web/support/tap.mjs';

process.env.TRANSPORT = 'sock';
const { cat, httpServer, streams } = await import('./support/cat.mjs');

await test('https by a redirect: says that there is no TLS', async () => {
    const server = await httpServer((response) => {
        response.writeHead(302, { Location: 'https://127.0.0.1:9/' }).end();
    });
    const run = await cat(['--trace', server.url]);
    server.close();
    assert.equal(run.code, 1);
    assert.match(run.reason, /^sse: .*no TLS/);
    assert.deepEqual(run.lines.at(-1), { final_id: '' });
});

await test('by name, past addresses where nobody listens', async () => {
    const server = await httpServer(streams('data: a\n\n'));
    const run = await cat(['--no-reconnect', '--json',
        server.url.replace('127.0.0.1', 'localhost')]);
    assert.deepEqual([run.code, run.lines.length], [0, 1]);
    server.close();
});

await import('./cat_http.mjs');
