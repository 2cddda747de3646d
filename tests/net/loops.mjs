/*
 * loops.mjs - the examples that run libsse-curl in the loops of libuv and of
 * libevent, against a server of Node's.
 *
 * SPDX-License-Identifier: MIT
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { assert, finish, test, until } from '../web/support/tap.mjs';
import { answers, httpServer, streams } from './support/cat.mjs';

const NO_MORE = answers(204);
const cut = (text) => (response) => {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    response.write(text, () => setTimeout(() => response.destroy(), 20));
};

class Client {
    constructor(program, urls) {
        this.out = '';
        this.err = '';
        this.child = spawn(program, urls, { stdio: ['ignore', 'pipe', 'pipe'],
            env: { ...process.env, no_proxy: '*' } });
        this.child.stdout.on('data', (text) => { this.out += text; });
        this.child.stderr.on('data', (text) => { this.err += text; });
        this.ended = once(this.child, 'close');
    }

    async end() {
        const [code, signal] = await this.ended;
        return code ?? signal;
    }
}

async function checkLoop(name) {
    const program = `${process.env.BUILD}/examples/${name}_client`;
    if (!existsSync(program)) {
        await test(`${name}: # SKIP built without ${name}`, () => {});
        return;
    }
    await test(`${name}: a stream that is cut resumes, and 204 ends it`,
        async () => {
            const server = await httpServer(
                cut('retry: 1\nid: 7\nevent: add\ndata: a\n\ndata: lost'),
                streams('id: 8\ndata: b\n\n'), NO_MORE);
            const run = new Client(program, [server.url]);
            assert.equal(await run.end(), 0, run.err);
            assert.equal(run.out, '1 add: a\n1 message: b\n');
            assert.deepEqual(server.requests.map(({ headers }) =>
                headers['last-event-id']), [undefined, '7', '8']);
            assert.match(run.err, /^1 again in 1\d\d ms: /);
            server.close();
        });

    await test(`${name}: fifty streams at a time, each in order`, async () => {
        const open = new Set();
        let most = 0;
        const server = await httpServer((response, { url }) => {
            open.add(response);
            most = Math.max(most, open.size);
            response.writeHead(200, { 'Content-Type': 'text/event-stream' });
            let n = 0;
            const timer = setInterval(() => {
                if (n < 20) {
                    response.write(`data: ${url} ${n}\n\n`);
                } else {
                    clearInterval(timer);
                    open.delete(response);
                    response.end('event: bye\ndata\n\n');
                }
                n += 1;
            }, 5);
        });
        const urls = Array.from({ length: 50 }, (_, i) => `${server.url}/${i}`);
        const run = new Client(program, urls);
        await until('fifty goodbyes', () =>
            (run.out.match(/ bye: \n/g) ?? []).length >= 50);
        run.child.kill('SIGINT');
        assert.equal(await run.end(), 0);
        assert.equal(most, 50);
        for (let i = 0; i < 50; i++) {
            const mine = run.out.split('\n').filter((line) =>
                line.startsWith(`${i + 1} message: `)).slice(0, 20);
            assert.deepEqual(mine, Array.from({ length: 20 },
                (_, n) => `${i + 1} message: /${i} ${n}`));
        }
        server.close();
    });

    await test(`${name}: one fails, the others go on`, async () => {
        const server = await httpServer((response, { url }) =>
            (url === '/bad' ? answers(404) : NO_MORE)(response));
        const run = new Client(program, [`${server.url}/bad`,
            'ftp://127.0.0.1/', server.url]);
        assert.equal(await run.end(), 1);
        assert.match(run.err, /^1 ended: .*404/m);
        assert.match(run.err, /^ftp:.*/m);
        assert.match(run.err, /^3 ended: /m);
        server.close();
    });

    await test(`${name}: nothing to do ends at once`, async () => {
        const lost = new Client(program, []);
        assert.equal(await lost.end(), 2);
        assert.match(lost.err, /^usage: .*_client URL\.\.\.$/m);
        assert.equal(await new Client(program, ['ftp://127.0.0.1/']).end(), 1);
    });

    await test(`${name}: Ctrl-C while nothing arrives`, async () => {
        const server = await httpServer(
            streams('data: a\n\n', { end: false }));
        const run = new Client(program, [server.url]);
        await until('the event', () => run.out === '1 message: a\n');
        const before = Date.now();
        run.child.kill('SIGINT');
        assert.equal(await run.end(), 0);
        assert.ok(Date.now() - before < 30000);
        assert.match(run.err, /^1 ended: ended by the caller$/m);
        server.close();
    });
}

await checkLoop('libuv');
await checkLoop('libevent');
finish();
