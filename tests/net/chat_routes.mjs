/*
 * chat_routes.mjs - each route of sse-chat.
 *
 * SPDX-License-Identifier: MIT
 */
import { assert, finish, test } from '../web/support/tap.mjs';
import { newDatabase, startServer } from '../web/support/server.mjs';
import { rows } from '../web/support/rows.mjs';
import { Client, collect, newClient, refused, startModel, textOf }
    from './support/chat.mjs';

const model = await startModel((talk) => {
    talk.say('One. ');
    setTimeout(() => {
        talk.say('Two.');
        talk.finish();
        talk.usage(7, 2);
        talk.done();
    }, 30);
});
const db = newDatabase();
const server = await startServer({ db, upstream: model.url });
const ann = await newClient(server.url, 'Ann');
const bob = await newClient(server.url, 'Bob');
const nobody = new Client(server.url);
const UNKNOWN = '0123456789abcdef0123456789abcdef';

await test('a user is made, with a token and a cookie', async () => {
    const response = await nobody.request('POST', '/api/v1/users',
        { json: { name: 'Eve' } });
    assert.equal(response.status, 201);
    const made = await response.json();
    assert.equal(typeof made.user_id, 'string');
    assert.match(made.token, /^[0-9a-f]{64}$/);
    const cookie = response.headers.get('set-cookie');
    assert.match(cookie, new RegExp(`^sse_chat=${made.token};`));
    assert.match(cookie, /HttpOnly/);
    assert.match(cookie, /SameSite=Lax/);
    assert.match(cookie, /Max-Age=\d{7,}/);
});

await test('sessions are made and listed', async () => {
    const first = await ann.session('Plans');
    const second = await ann.session();
    const { sessions } = await ann.json(200, 'GET', '/api/v1/chat/sessions');
    assert.deepEqual(sessions.find((one) => one.session_id === first), {
        session_id: first, title: 'Plans', message_count: 0,
        last_message_at: null });
    assert.equal(sessions.find((one) => one.session_id === second).title,
        null);
    assert.deepEqual((await bob.json(200, 'GET', '/api/v1/chat/sessions'))
        .sessions, []);
});

await test('an empty body makes a session, too', async () => {
    const response = await ann.request('POST', '/api/v1/chat/sessions');
    assert.equal(response.status, 201);
});

await test('a message is answered by a stream', async () => {
    const session = await ann.session();
    const response = await ann.send(session, 'Count.');
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('content-type'), 'text/event-stream');
    assert.match(response.headers.get('cache-control'), /no-store/);
    assert.match(response.headers.get('cache-control'), /no-transform/);
    assert.equal(response.headers.get('x-accel-buffering'), 'no');
    const events = await collect(response);
    assert.deepEqual(events.map((event) => event.type),
        ['start', 'chunk', 'chunk', 'done']);
    assert.equal(textOf(events), 'One. Two.');
    const [start] = events;
    const done = events.at(-1);
    assert.equal(start.data.status, 'streaming');
    assert.equal(typeof start.data.stream_id, 'string');
    assert.ok(Number(start.retry) >= 1000);
    assert.equal(done.data.user_message_id, start.data.user_message_id);
    assert.equal(done.data.finish_reason, 'stop');
    assert.deepEqual(done.data.usage, { prompt_tokens: 7,
        completion_tokens: 2, total_tokens: 9 });
    assert.equal(new Set(events.map((event) => event.id)).size, events.length);

    const messages = await ann.messages(session);
    assert.deepEqual(messages.map((one) => [one.role, one.content, one.status,
        one.finish_reason]), [['user', 'Count.', 'complete', null],
        ['assistant', 'One. Two.', 'complete', 'stop']]);
    assert.deepEqual(messages.map((one) => one.stream_id),
        [null, start.data.stream_id]);
    assert.equal(messages[0].message_id, start.data.user_message_id);
    assert.equal(messages[1].message_id, done.data.assistant_message_id);
    assert.ok(messages[1].response_time_ms >= 0);
    assert.ok(!Number.isNaN(Date.parse(messages[1].created_at)));
    /* Usage and timings are stored with it. */
    const [[prompt, completion, total, byte, token, gap, whole]] = rows(db,
        'prompt_tokens, completion_tokens, total_tokens, first_byte_ms, '
        + 'first_token_ms, longest_gap_ms, response_time_ms',
        `FROM messages WHERE id = '${messages[1].message_id}'`);
    assert.deepEqual([prompt, completion, total], [7, 2, 9]);
    assert.equal(whole, messages[1].response_time_ms);
    assert.ok(byte >= 0 && token >= byte && gap >= 25 && whole >= token + gap,
        `${[byte, token, gap, whole]}`);
    const { sessions } = await ann.json(200, 'GET', '/api/v1/chat/sessions');
    const row = sessions.find((one) => one.session_id === session);
    assert.equal(row.message_count, 2);
    assert.ok(row.last_message_at >= messages[0].created_at);
});

await test('messages come in pages, oldest first', async () => {
    const session = await ann.session();
    for (const content of ['a', 'b', 'c']) {
        await ann.ask(session, content);
    }
    const all = await ann.messages(session);
    assert.deepEqual(all.filter((one) => one.role === 'user')
        .map((one) => one.content), ['a', 'b', 'c']);
    const newest = await ann.messages(session, '?limit=2');
    assert.deepEqual(newest, all.slice(-2));
    const before = await ann.messages(session,
        `?limit=3&before=${newest[0].message_id}`);
    assert.deepEqual(before, all.slice(1, 4));
    for (const query of ['?limit=0', '?limit=x', '?limit=-1', '?before=x']) {
        await refused(400, await ann.request('GET',
            ann.messagesPath(session) + query));
    }
    await refused(404, await ann.request('GET',
        `${ann.messagesPath(session)}?before=${UNKNOWN}`));
});

await test('a document is kept', async () => {
    const made = await ann.json(201, 'POST', '/api/v1/documents?name=a%20b.md',
        { body: '# Title\n\nText.\n',
            headers: { 'Content-Type': 'text/markdown; charset=utf-8' } });
    assert.equal(made.bytes, 15);
    assert.equal(typeof made.document_id, 'string');
    const plain = await ann.json(201, 'POST', '/api/v1/documents?name=b.txt',
        { body: 'Größe', headers: { 'Content-Type': 'text/plain' } });
    assert.equal(plain.bytes, 7);
});

await test('documents are listed to their owner, the newest first',
    async () => {
        const cy = await newClient(server.url, 'Cy');
        const list = async () => (await cy.json(200, 'GET',
            '/api/v1/documents')).documents;
        assert.deepEqual(await list(), []);
        const plain = await cy.upload('Größe', 'b.txt', 'text/plain');
        const marked = await cy.upload('# Title\n', 'a b.md');
        const [first, second] = await list();
        assert.ok(!Number.isNaN(Date.parse(first.created_at)));
        assert.ok(second.created_at <= first.created_at);
        delete first.created_at;
        delete second.created_at;
        assert.deepEqual(first, { document_id: marked, name: 'a b.md',
            media_type: 'text/markdown', bytes: 8, extraction: null });
        assert.deepEqual(second, { document_id: plain, name: 'b.txt',
            media_type: 'text/plain', bytes: 7, extraction: null });
        /* The model here says no JSON, so that a reading fails. */
        await collect(await cy.request('POST',
            `/api/v1/documents/${plain}/extract-stream`));
        assert.deepEqual((await list()).map((one) => one.extraction),
            [null, 'failed']);
        const { documents: others } = await bob.json(200, 'GET',
            '/api/v1/documents');
        assert.deepEqual(others, []);
    });

await test('the page, its files and the health are served', async () => {
    const page = await nobody.request('GET', '/');
    assert.equal(page.status, 200);
    assert.match(page.headers.get('content-type'), /^text\/html/);
    const policy = page.headers.get('content-security-policy');
    assert.match(policy, /default-src 'none'/);
    assert.match(policy, /script-src 'self'/);
    assert.doesNotMatch(policy, /unsafe-inline/);
    assert.match(await page.text(), /<!doctype html>/i);
    const tag = page.headers.get('etag');
    const again = await nobody.request('GET', '/',
        { headers: { 'If-None-Match': tag } });
    assert.equal(again.status, 304);
    assert.equal(await again.text(), '');
    const script = await nobody.request('GET', '/app.js');
    assert.match(script.headers.get('content-type'), /javascript/);
    await script.text();
    assert.deepEqual(await nobody.json(200, 'GET', '/healthz'),
        { status: 'ok' });
    const head = await nobody.request('HEAD', '/healthz');
    assert.equal(head.status, 200);
    await refused(404, await nobody.request('GET', '/../config.c'));
    await refused(404, await nobody.request('GET', '/nothing.js'));
});

await test('the metrics are Prometheus text', async () => {
    const response = await nobody.request('GET', '/metrics');
    assert.match(response.headers.get('content-type'), /version=0\.0\.4/);
    const text = await response.text();
    for (const line of text.trim().split('\n')) {
        assert.match(line,
            /^(# (HELP|TYPE) \w+ .+|\w+(\{\w+="\w+"\})? [\d.]+)$/);
        assert.match(line, /\b(sse_chat|process)_/);
    }
    assert.match(text, /^sse_chat_upstream_requests_total [1-9]/m);
    for (const name of ['first_byte_', 'first_token_', '']) {
        assert.match(text, new RegExp(
            `^sse_chat_upstream_${name}seconds_count [1-9]`, 'm'));
    }
    assert.match(text, /^sse_chat_requests_total\{status="201"\} [1-9]/m);
    assert.match(text,
        /^sse_chat_upstream_verdicts_total\{verdict="complete"\} [1-9]/m);
});

await test('it ends with status 0', async () => {
    assert.equal(await server.end('SIGTERM'), 0);
});
finish();
