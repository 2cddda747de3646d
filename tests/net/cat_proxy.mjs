/*
 * cat_proxy.mjs - `sse cat URL` through an HTTP proxy, which the environment
 * names as for curl: plain requests forwarded, TLS through a tunnel.
 *
 * SPDX-License-Identifier: MIT
 */
import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import { readFileSync } from 'node:fs';
import { assert, finish, test, until } from '../web/support/tap.mjs';
import { answers, cat, httpServer, Run, streams } from './support/cat.mjs';
import { makeCertificate } from './support/certificate.mjs';

const QUICK = ['--json', '--retry-ms', '1', '--max-retry-ms', '50'];
const NO_MORE = answers(204);

/**
 * A proxy that forwards requests and makes tunnels.  `seen` has the lines of
 * what was asked, with who asked; `cut()` breaks what is open.
 */
async function startProxy(refuse = () => 0) {
    const seen = [];
    const open = new Set();
    const note = (request) => seen.push([request.method, request.url,
        request.headers['proxy-authorization'] ?? '']);
    const server = http.createServer((request, response) => {
        note(request);
        const status = refuse(request);
        if (status !== 0) {
            response.writeHead(status).end();
            return;
        }
        open.add(response.socket);
        const { 'proxy-authorization': _, ...headers } = request.headers;
        const onward = http.request(request.url, { headers,
            method: request.method }, (answer) => {
            response.writeHead(answer.statusCode, answer.headers);
            answer.on('data', (bytes) => response.write(bytes));
            answer.on('end', () => response.end());
            answer.on('error', () => response.destroy());
        });
        onward.on('error', () => response.destroy());
        response.on('close', () => onward.destroy());
        request.pipe(onward);
    });
    server.on('connect', (request, near) => {
        note(request);
        const status = refuse(request);
        near.on('error', () => {});
        if (status !== 0) {
            near.end(`HTTP/1.1 ${status} No\r\nContent-Length: 0\r\n\r\n`);
            return;
        }
        const [host, port] = request.url.split(':');
        const far = net.connect(Number(port), host, () => {
            near.write('HTTP/1.1 200 Connection established\r\n\r\n');
            near.pipe(far);
            far.pipe(near);
        });
        open.add(near);
        far.on('error', () => near.destroy());
        near.on('close', () => far.destroy());
        far.on('close', () => near.destroy());
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return {
        address: `127.0.0.1:${server.address().port}`,
        seen,
        cut() {
            open.forEach((socket) => socket.destroy());
            open.clear();
        },
        close() {
            this.cut();
            server.closeAllConnections();
            server.close();
        },
    };
}

const through = (proxy, user = '') => ({
    env: {
        no_proxy: '',
        http_proxy: `http://${user}${proxy.address}`,
        https_proxy: `http://${user}${proxy.address}`,
    },
});

await test('plain HTTP: events one by one, a cut by the proxy resumes',
    async () => {
        let response = null;
        const server = await httpServer((first) => {
            response = first;
            first.writeHead(200, { 'Content-Type': 'text/event-stream' });
            first.write(': hello\n\n');
        }, streams('id: 3\ndata: c\n\n'), NO_MORE);
        const proxy = await startProxy();
        const run = new Run(['cat', ...QUICK, server.url], through(proxy));
        await until('the request', () => response !== null);
        response.write('id: 1\ndata: a\n\n');
        await run.reach(1);
        response.write('id: 2\ndata: b\n\ndata: lost');
        await run.reach(2);
        proxy.cut();
        assert.equal(await run.end(), 0, run.err);
        assert.deepEqual(run.lines.map(({ data }) => data), ['a', 'b', 'c']);
        assert.deepEqual(server.requests.map(({ headers }) =>
            headers['last-event-id']), [undefined, '2', '3']);
        assert.deepEqual(proxy.seen,
            Array(3).fill(['GET', `${server.url}/`, '']));
        proxy.close();
        server.close();
    });

await test('TLS: through a tunnel, which is cut and made anew', async () => {
    const { ca, cert, key } = makeCertificate();
    const ids = [];
    let response = null;
    const server = https.createServer({ cert: readFileSync(cert),
        key: readFileSync(key) }, (request, answer) => {
        ids.push(request.headers['last-event-id']);
        if (ids.length === 2) {
            answer.writeHead(204).end();
            return;
        }
        response = answer;
        answer.writeHead(200, { 'Content-Type': 'text/event-stream' });
        answer.write('id: 1\ndata: a\n\n');
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address();
    const proxy = await startProxy();
    const { env } = through(proxy);
    const run = new Run(['cat', ...QUICK, `https://localhost:${port}/x`],
        { env: { ...env, CURL_CA_BUNDLE: ca } });
    await run.reach(1);
    response.write('id: 2\ndata: b\n\n');
    await run.reach(2);
    proxy.cut();
    assert.equal(await run.end(), 0, run.err);
    assert.deepEqual(ids, [undefined, '2']);
    assert.deepEqual(proxy.seen,
        Array(2).fill(['CONNECT', `localhost:${port}`, '']));
    proxy.close();
    server.closeAllConnections();
    server.close();
});

await test('its password goes to the proxy and no further', async () => {
    const server = await httpServer(streams('data: a\n\n'), NO_MORE);
    const proxy = await startProxy();
    const run = await cat([...QUICK, server.url], through(proxy, 'me:word@'));
    assert.equal(run.code, 0, run.err);
    const basic = `Basic ${Buffer.from('me:word').toString('base64')}`;
    assert.deepEqual(proxy.seen.map(([, , who]) => who), [basic, basic]);
    for (const { headers } of server.requests) {
        assert.equal(headers['proxy-authorization'], undefined);
        assert.equal(headers.authorization, undefined);
    }
    proxy.close();
    server.close();
});

await test('what the proxy answers counts as an answer: 503, then 407',
    async () => {
        const server = await httpServer(NO_MORE);
        let asked = 0;
        const proxy = await startProxy(() => (asked++ === 0 ? 503 : 407));
        const run = await cat([...QUICK, server.url], through(proxy));
        assert.equal(run.code, 1);
        assert.match(run.reason, /407/);
        assert.equal(proxy.seen.length, 2);
        assert.equal(server.requests.length, 0);
        proxy.close();
        server.close();
    });

await test('a tunnel that is refused is a connection error: tried again',
    async () => {
        const proxy = await startProxy(() => 502);
        const run = await cat([...QUICK, '--max-reconnects', '2',
            'https://localhost:1/'], through(proxy));
        assert.equal(run.code, 1);
        assert.match(run.reason, /502/);
        assert.equal(proxy.seen.length, 3);
        proxy.close();
    });

await test('a proxy that is not there is one, too', async () => {
    const proxy = await startProxy();
    proxy.close();
    const run = await cat([...QUICK, '--max-reconnects', '1',
        'http://127.0.0.1:1/'], through(proxy));
    assert.equal(run.code, 1);
    assert.match(run.err, /connect/i);
});

finish();
