/*
 * cat_tls.mjs - streams over TLS and HTTP/2: nginx with a certificate of a
 * private authority stands before a server of Node's.
 *
 * SPDX-License-Identifier: MIT
 */
import {
    assert, diagnose, finish, test, until,
} from '../web/support/tap.mjs';
import { answers, cat, httpServer, Run } from './support/cat.mjs';
import { makeCertificate } from './support/certificate.mjs';
import { Fetch } from './support/fetch.mjs';
import { startNginx } from './support/nginx.mjs';

const QUICK = ['--retry-ms', '1', '--max-retry-ms', '50'];
/* What docs/guide.md says a server sends, nginx hands on at once. */
const HEAD = {
    'Content-Type': 'text/event-stream',
    'Cache-Control': 'no-store, no-transform',
    'X-Accel-Buffering': 'no',
};

const { ca, cert, key } = makeCertificate();
const TRUSTED = { env: { CURL_CA_BUNDLE: ca } };

/** nginx before a server that answers each request by the next handler. */
async function behindNginx(...handlers) {
    const server = await httpServer(...handlers);
    const nginx = await startNginx({
        listen: 'ssl http2',
        server: `
        ssl_certificate ${cert};
        ssl_certificate_key ${key};
        location / {
            proxy_pass ${server.url};
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            proxy_set_header X-Version $server_protocol;
        }`,
    });
    const close = async () => { server.close(); await nginx.close(); };
    return { ...server, url: `https://localhost:${nginx.port}`, close,
        reload: nginx.reload };
}

await test('events come one by one, and resume over HTTP/2', async () => {
    let response = null;
    const server = await behindNginx((first) => {
        response = first;
        first.writeHead(200, HEAD);
        first.write(': hello\n\n');
    }, (second) => {
        second.writeHead(200, HEAD);
        second.end('id: 4\ndata: again\n\n');
    }, answers(204));
    const run = new Run(['cat', '--json', ...QUICK, server.url], TRUSTED);
    for (let i = 1; i <= 3; i++) {
        await until('the server', () => response !== null);
        response.write(`id: ${i}\ndata: ${i}\n\n`);
        await run.reach(i);
    }
    response.write('data: lost');
    response.socket.destroy();
    assert.equal(await run.end(), 0, run.err);
    assert.deepEqual(run.lines.map(({ data, id }) => [data, id]),
        [['1', '1'], ['2', '2'], ['3', '3'], ['again', '4']]);
    assert.deepEqual(server.requests.map(({ headers }) =>
        [headers['x-version'], headers['last-event-id']]),
    [['HTTP/2.0', undefined], ['HTTP/2.0', '3'], ['HTTP/2.0', '4']]);
    await server.close();
});

await test('an authority that is not known is an end, not a retry',
    async () => {
        const server = await behindNginx(answers(204));
        const run = await cat([...QUICK, server.url]);
        assert.equal(run.code, 1);
        assert.match(run.reason, /^sse: .*certificate/i);
        assert.equal(server.requests.length, 0);
        await server.close();
    });

await test('so is a certificate of another name', async () => {
    const server = await behindNginx(answers(204));
    const run = await cat(
        [...QUICK, server.url.replace('localhost', 'another.localhost')],
        TRUSTED);
    assert.equal(run.code, 1);
    assert.match(run.reason, /^sse: .*another\.localhost/);
    assert.equal(server.requests.length, 0);
    await server.close();
});

await test('statuses over HTTP/2: 503 is retried, 404 is not', async () => {
    const server = await behindNginx(answers(503), answers(404));
    const run = await cat([...QUICK, server.url], TRUSTED);
    assert.equal(run.code, 1);
    assert.match(run.reason, /404/);
    assert.equal(server.requests.length, 2);
    await server.close();
});

await test('nginx reads its configuration anew: the stream goes on',
    async () => {
        const server = await behindNginx((response) => {
            response.writeHead(200, HEAD);
            response.write('id: 1\ndata: a\n\n');
        }, (response) => {
            response.writeHead(200, HEAD);
            response.end('id: 2\ndata: b\n\n');
        }, answers(204));
        const run = new Run(['cat', '--json', ...QUICK, server.url], TRUSTED);
        await run.reach(1);
        /* Its old process ends, connections and all; a new one listens. */
        server.reload();
        assert.equal(await run.end(), 0, run.err);
        assert.deepEqual(run.lines.map(({ data }) => data), ['a', 'b']);
        assert.deepEqual(server.requests.map(({ headers }) =>
            headers['last-event-id']), [undefined, '1', '2']);
        await server.close();
    });

await test('streams share a connection; one pauses, the other goes on',
    async () => {
        const responses = {};
        const server = await behindNginx((response, { url }) => {
            response.writeHead(200, HEAD);
            /* nginx keeps the head until there is a body. */
            response.write(': hello\n\n');
            responses[url] = response;
        });
        const urls = ['/a', '/b'].map((path) => server.url + path);
        const run = new Fetch(['--pause-first', ...urls],
            { CURL_CA_BUNDLE: ca });
        await until('both', () => Object.keys(responses).length === 2);
        await run.line('1 open 2');
        await run.line('2 open 2');
        responses['/a'].write('data: 0\n\n');
        await run.line('1 paused');
        for (let i = 1; i <= 50; i++) {
            responses['/a'].write(`data: ${i}\n\n`);
            responses['/b'].write(`data: ${i}\n\n`);
        }
        await run.line('2 event  50');
        assert.ok(!run.out.includes('1 event  1\n'));
        run.child.stdin.write('go on\n');
        await run.line('1 event  50');
        const mine = run.out.split('\n').filter((line) =>
            line.startsWith('1 event'));
        assert.deepEqual(mine,
            Array.from({ length: 51 }, (_, i) => `1 event  ${i}`));
        run.child.kill('SIGKILL');
        await server.close();
    });

await test('a pause of one closes its window: its sender stands, no other',
    async () => {
        const EVENTS = 900;
        const responses = {};
        const server = await behindNginx((response, { url }) => {
            response.writeHead(200, HEAD);
            response.write(': hello\n\n');
            responses[url] = response;
        });
        const urls = ['/a', '/b'].map((path) => server.url + path);
        const run = new Fetch(['--pause-first', ...urls],
            { CURL_CA_BUNDLE: ca });
        await until('both', () => Object.keys(responses).length === 2);
        responses['/a'].write('data: 0\n\n');
        await run.line('1 paused');
        /* 90 MB, of which libcurl takes 32 MiB before the window is closed, and
         * Linux may keep 36 MB between nginx and us. */
        let sent = 0;
        const send = () => {
            while (sent < EVENTS) {
                sent += 1;
                const padding = '.'.repeat(100000);
                if (!responses['/a'].write(`data: ${sent} ${padding}\n\n`)) {
                    responses['/a'].once('drain', send);
                    return;
                }
            }
        };
        send();
        let before = 0;
        await until('the sender stands', async () => {
            before = sent;
            await new Promise((resolve) => setTimeout(resolve, 3000));
            return sent === before;
        });
        assert.ok(sent < EVENTS, `${sent} events were taken`);
        diagnose(`${sent} of ${EVENTS} events of 100 kB went out`);
        responses['/b'].write('data: on\n\n');
        await run.line('2 event  on');
        assert.equal(sent, before);
        run.child.stdin.write('go on\n');
        await until('all of the other', () =>
            (run.out.match(/^1 event/gm) ?? []).length === EVENTS + 1);
        assert.deepEqual(run.out.match(/^1 event {2}\d+/gm).map((line) =>
            Number(line.slice(9))),
        Array.from({ length: EVENTS + 1 }, (_, i) => i));
        run.child.kill('SIGKILL');
        await server.close();
    });

finish();
