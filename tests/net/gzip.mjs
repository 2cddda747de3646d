/*
 * gzip.mjs - compressed streams over libsse-curl: each event is there as soon
 * as the server has flushed it through the compressor.
 *
 * SPDX-License-Identifier: MIT
 */
import zlib from 'node:zlib';
import { assert, finish, test, until } from '../web/support/tap.mjs';
import { answers, cat, httpServer } from './support/cat.mjs';
import { Fetch } from './support/fetch.mjs';
import { startNginx } from './support/nginx.mjs';

const TYPE = { 'Content-Type': 'text/event-stream' };
const NO_MORE = answers(204);

/** Answers with a compressed stream, which `use` writes to. */
const zipped = (use) => (response) => {
    const gzip = zlib.createGzip();
    response.writeHead(200, { ...TYPE, 'Content-Encoding': 'gzip' });
    gzip.on('data', (bytes) => response.write(bytes));
    gzip.on('end', () => response.end());
    use({
        write: (text) => new Promise((resolve) => {
            gzip.write(text);
            gzip.flush(zlib.constants.Z_SYNC_FLUSH, resolve);
        }),
        end: () => gzip.end(),
        break: () => response.destroy(),
        corrupt: () => response.write('this is no deflated block'),
    });
};

await test('each event as it is flushed; a cut resumes', async () => {
    let stream = null;
    const server = await httpServer(zipped((made) => { stream = made; }),
        zipped(async (made) => {
            await made.write('id: 5\ndata: after\n\n');
            made.end();
        }), NO_MORE);
    const run = new Fetch(['--gzip', server.url]);
    await until('the request', () => stream !== null);
    for (let i = 1; i <= 4; i++) {
        await stream.write(`id: ${i}\ndata: ${'x'.repeat(i)}\n\n`);
        await run.line(`1 event ${i} ${'x'.repeat(i)}`);
    }
    stream.break();
    assert.equal(await run.end(), 0);
    assert.deepEqual(server.requests.map(({ headers }) =>
        headers['last-event-id']), [undefined, '4', '5']);
    assert.match(server.requests[0].headers['accept-encoding'], /gzip/);
    assert.equal(run.out.trimEnd().split('\n').at(-1),
        '1 end the server has no more to send');
    server.close();
});

await test('a pause in the middle of what one packet held', async () => {
    const server = await httpServer(zipped(async (stream) => {
        let text = '';
        for (let i = 0; i < 2000; i++) {
            text += `data: ${i}\n\n`;
        }
        await stream.write(text);
        stream.end();
    }), NO_MORE);
    const run = new Fetch(['--gzip', '--pause-first', server.url]);
    await run.line('1 paused');
    await new Promise((resolve) => setTimeout(resolve, 100));
    assert.ok(!run.out.includes('1 event  1\n'));
    run.child.stdin.write('go on\n');
    assert.equal(await run.end(), 0);
    assert.deepEqual(run.out.split('\n').filter((line) =>
        line.startsWith('1 event')),
    Array.from({ length: 2000 }, (_, i) => `1 event  ${i}`));
    server.close();
});

await test('bytes that cannot be decompressed are an end, not a retry',
    async () => {
        const server = await httpServer(zipped(async (stream) => {
            await stream.write('data: a\n\n');
            stream.corrupt();
        }));
        const run = new Fetch(['--gzip', server.url]);
        assert.equal(await run.end(), 0);
        assert.ok(run.out.includes('1 event  a\n'));
        assert.match(run.out, /^1 end /m);
        assert.equal(server.requests.length, 1);
        server.close();
    });

await test('a coding that nobody asked for is refused by name', async () => {
    const server = await httpServer(zipped((stream) =>
        stream.write('data: a\n\n')));
    const run = await cat([server.url]);
    assert.equal(run.code, 1);
    assert.equal(run.out, '');
    assert.match(run.reason, /content coding gzip not asked for/);
    server.close();
});

await test('through nginx, which compresses what it is handed', async () => {
    let response = null;
    const server = await httpServer((first) => {
        response = first;
        first.writeHead(200, { ...TYPE, 'X-Accel-Buffering': 'no' });
        first.write(': hello\n\n');
    });
    const nginx = await startNginx({ server: `
        gzip on;
        gzip_types text/event-stream;
        gzip_proxied any;
        gzip_min_length 0;
        location / {
            proxy_pass ${server.url};
            proxy_http_version 1.1;
            proxy_set_header Connection "";
        }` });
    const coding = await new Promise((resolve) => {
        fetch(nginx.url, { headers: { 'Accept-Encoding': 'gzip' } }).then(
            ({ headers, body }) => {
                resolve(headers.get('content-encoding'));
                body.cancel();
            });
    });
    assert.equal(coding, 'gzip');
    response = null;
    const run = new Fetch(['--gzip', nginx.url]);
    await until('the request', () => response !== null);
    for (let i = 1; i <= 4; i++) {
        response.write(`id: ${i}\ndata: ${i}\n\n`);
        await run.line(`1 event ${i} ${i}`);
    }
    run.child.kill('SIGKILL');
    server.close();
    await nginx.close();
});

finish();
