/*
 * chat_safety.mjs - secrets, foreign pages and policies of sse-chat.  Refusals
 * by status are in chat_refusals.mjs and chat_limits.mjs, markup in
 * tests/web/chat_safety.mjs.
 *
 * SPDX-License-Identifier: MIT
 */
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { assert, finish, test } from '../web/support/tap.mjs';
import { newDatabase, startServer } from '../web/support/server.mjs';
import { collect, newClient, startModel } from './support/chat.mjs';

const KEY = 'sk-this-is-the-key-of-the-model';
const SAID = 'words the model\'s server said';
const model = await startModel();
const db = newDatabase();
const server = await startServer({ db, upstream: model.url, log: 'pipe',
    env: { SSE_CHAT_API_KEY: KEY } });
const ann = await newClient(server.url, 'Ann');
const PAGE = ['', 'app.js', 'api.js', 'chat.js', 'theme.css', 'index.html'];

/* All that the server tells anybody who asks. */
async function publicText() {
    const texts = [];
    for (const path of [...PAGE, 'metrics', 'healthz', 'api/v1/nothing']) {
        const response = await fetch(`${server.url}/${path}`);
        texts.push(JSON.stringify([...response.headers]),
            await response.text());
    }
    return texts.join('\n');
}

function databaseBytes() {
    const folder = dirname(db);
    return readdirSync(folder).map((name) =>
        readFileSync(join(folder, name), 'latin1')).join('');
}

async function askRefused(answer) {
    const asked = ann.ask(await ann.session(), 'x');
    answer(await model.next());
    return JSON.stringify(await asked);
}

await test('the key is in no event, row, page, log or file', async () => {
    const told = [
        await askRefused((talk) => {
            talk.head(401, 'application/json');
            talk.response.end(JSON.stringify({ error: {
                message: `Incorrect key: ${KEY}. ${SAID}` } }));
        }),
        await askRefused((talk) => {
            talk.head(403, 'text/html');
            talk.response.end(`${'x'.repeat(380)}${KEY}${KEY}`);
        }),
        await askRefused((talk) => {
            talk.event({ error: { message: `${SAID} ${'y'.repeat(200)} ${KEY}`,
                type: KEY, code: KEY } });
            talk.response.end();
        }),
        await askRefused((talk) => {
            talk.raw(`event: ${KEY}\ndata: ${KEY}\n\n`);
            talk.response.end();
        })];
    const places = { events: told.join(), log: server.logged(),
        public: await publicText(), database: databaseBytes() };
    for (const [place, text] of Object.entries(places)) {
        assert.ok(text.length > 100, place);
        assert.ok(!text.includes(KEY), `${place}: ${text.slice(0, 500)}`);
        assert.ok(!text.includes('sk-this'), `${place}, a part of it`);
    }
    assert.match(server.logged(), /\*\*\*/, 'but that there was one is logged');
});

await test('what the model\'s server says of a failure is in the log alone',
    async () => {
        const told = await askRefused((talk) => {
            talk.head(500, 'text/plain');
            talk.response.end(SAID);
            model.next().then((next) => next.refuse(500));
            model.next().then((next) => next.refuse(500));
        });
        assert.ok(!told.includes(SAID));
        assert.ok(!databaseBytes().includes(SAID));
        assert.ok(server.logged().includes('words the model'));
    });

await test('a token is stored hashed and logged nowhere', async () => {
    const made = await fetch(`${server.url}/api/v1/users`, { method: 'POST',
        body: '{"name":"Eve"}',
        headers: { 'Content-Type': 'application/json' } });
    const { token } = await made.json();
    await fetch(`${server.url}/api/v1/chat/sessions`,
        { headers: { Authorization: `Bearer ${token}` } });
    await fetch(`${server.url}/api/v1/nothing?token=${token}`);
    for (const text of [server.logged(), databaseBytes(),
        await publicText()]) {
        assert.ok(!text.includes(token));
        assert.ok(!text.includes(Buffer.from(token, 'hex')
            .toString('latin1')));
    }
});

await test('what was said is in no log', async () => {
    const asked = ann.ask(await ann.session(), 'My secret question');
    const talk = await model.next();
    talk.say('A private answer');
    talk.cut();
    await asked;
    assert.doesNotMatch(server.logged(), /secret question|private answer/);
});

await test('the page has no inline script, style or handler', async () => {
    const page = await fetch(server.url);
    const policy = page.headers.get('content-security-policy');
    for (const rule of ["default-src 'none'", "script-src 'self'",
        "style-src 'self'", "connect-src 'self'", "base-uri 'none'",
        "form-action 'none'", "frame-ancestors 'none'"]) {
        assert.ok(policy.includes(rule), rule);
    }
    assert.doesNotMatch(policy, /unsafe|\*|http|data:|blob:/);
    const html = await page.text();
    assert.doesNotMatch(html, /<script(?![^>]* src="[\w-]+\.js")/);
    assert.doesNotMatch(html, /<style|\sstyle=|\son\w+=|javascript:/i);
    assert.doesNotMatch(html, /(src|href)="(https?:|\/\/)/);
    const names = [...html.matchAll(/(?:src|href)="([\w-]+\.\w+)"/g)]
        .map((one) => one[1]);
    assert.ok(names.length >= 6);
    for (const name of [...names, ...PAGE]) {
        const file = await fetch(`${server.url}/${name}`);
        assert.equal(file.status, 200, name);
        assert.equal(file.headers.get('x-content-type-options'), 'nosniff');
        assert.equal(file.headers.get('content-security-policy'), policy);
        assert.doesNotMatch(await file.text(),
            /innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(/);
    }
});

await test('no answer lets another origin read it', async () => {
    const origin = { Origin: 'http://evil.example' };
    for (const [method, path] of [['GET', '/api/v1/chat/sessions'],
        ['OPTIONS', '/api/v1/chat/sessions'], ['GET', '/healthz'],
        ['GET', '/metrics'], ['GET', '/'], ['GET', '/api/v1/documents'],
        ['POST', '/api/v1/chat/sessions']]) {
        const response = await ann.request(method, path, { headers: origin });
        const names = [...response.headers.keys()];
        assert.deepEqual(names.filter((name) =>
            name.startsWith('access-control-')), [], `${method} ${path}`);
        await response.text();
    }
});

await test('streams and JSON are neither cached nor sniffed', async () => {
    const asked = await ann.send(await ann.session(), 'x');
    (await model.next()).end();
    await collect(asked);
    const list = await ann.request('GET', '/api/v1/chat/sessions');
    await list.text();
    for (const response of [asked, list]) {
        assert.equal(response.headers.get('x-content-type-options'),
            'nosniff');
        assert.match(response.headers.get('cache-control'), /no-store/);
    }
});

await test('it ends with status 0', async () => {
    assert.equal(await server.end('SIGTERM'), 0);
    await model.stop();
});
finish();
