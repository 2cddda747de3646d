/*
 * chat_routes.mjs - each route of sse-chat, and each way to be refused there.
 *
 * SPDX-License-Identifier: MIT
 */
import { assert, finish, test } from '../web/support/tap.mjs';
import { newDatabase, startServer } from '../web/support/server.mjs';
import { Client, collect, newClient, startModel, textOf }
    from './support/chat.mjs';

const model = await startModel((talk) => {
    talk.say('One. ');
    talk.say('Two.');
    talk.finish();
    talk.usage(7, 2);
    talk.done();
});
const server = await startServer({ db: newDatabase(), upstream: model.url });
const ann = await newClient(server.url, 'Ann');
const bob = await newClient(server.url, 'Bob');
const nobody = new Client(server.url);
const UNKNOWN = '0123456789abcdef0123456789abcdef';

/* A refusal has a status, a code and a message. */
async function refused(status, response, code) {
    const text = await response.text();
    assert.equal(response.status, status, text);
    assert.equal(response.headers.get('content-type'), 'application/json');
    const { error } = JSON.parse(text);
    assert.equal(typeof error.message, 'string');
    assert.match(error.code, /^[a-z0-9_]+$/);
    if (code) {
        assert.equal(error.code, code);
    }
    return response;
}

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
    assert.equal(messages[0].message_id, start.data.user_message_id);
    assert.equal(messages[1].message_id, done.data.assistant_message_id);
    assert.ok(messages[1].response_time_ms >= 0);
    assert.ok(!Number.isNaN(Date.parse(messages[1].created_at)));
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
    assert.match(text, /^sse_chat_requests_total\{status="201"\} [1-9]/m);
    assert.match(text,
        /^sse_chat_upstream_verdicts_total\{verdict="complete"\} [1-9]/m);
});

await test('401 without a user, with a wrong token or another scheme',
    async () => {
        for (const headers of [{}, { Authorization: `Bearer ${UNKNOWN}` },
            { Authorization: 'Basic YTpi' }, { Authorization: 'Bearer ' },
            { Cookie: 'sse_chat=x; a=b' }, { Cookie: 'sse_chatx=1' }]) {
            const response = await nobody.request('GET',
                '/api/v1/chat/sessions', { headers });
            await refused(401, response);
            assert.equal(response.headers.get('www-authenticate'), 'Bearer');
        }
        for (const [method, path] of [['POST', '/api/v1/chat/sessions'],
            ['GET', `/api/v1/chat/sessions/${UNKNOWN}/messages`],
            ['POST', `/api/v1/chat/sessions/${UNKNOWN}/messages`],
            ['GET', `/api/v1/chat/streams/${UNKNOWN}`],
            ['DELETE', `/api/v1/chat/streams/${UNKNOWN}`],
            ['POST', '/api/v1/documents'],
            ['POST', `/api/v1/documents/${UNKNOWN}/extractions`],
            ['GET', `/api/v1/documents/${UNKNOWN}/extract-stream`],
            ['POST', `/api/v1/documents/${UNKNOWN}/extract-stream`],
            ['GET', `/api/v1/documents/${UNKNOWN}/extraction`]]) {
            await refused(401, await nobody.request(method, path));
        }
    });

await test('the cookie is an identity as well', async () => {
    const cookie = { Cookie: `a=b; sse_chat=${ann.token}; c=d` };
    const read = await nobody.request('GET', '/api/v1/chat/sessions',
        { headers: cookie });
    assert.equal(read.status, 200);
    await read.text();
    const origin = { Origin: server.url };
    const made = await nobody.request('POST', '/api/v1/chat/sessions',
        { json: {}, headers: { ...cookie, ...origin } });
    assert.equal(made.status, 201);
    await made.text();
    await refused(403, await nobody.request('POST', '/api/v1/chat/sessions',
        { json: {}, headers: cookie }));
});

await test('403 for a foreign origin, whatever the identity', async () => {
    for (const origin of ['http://evil.example', 'null', 'file://',
        'http://127.0.0.1:1', `${server.url}0`, 'https://127.0.0.1']) {
        const headers = { Origin: origin };
        for (const client of [ann, nobody]) {
            await refused(403, await client.request('POST', '/api/v1/users',
                { json: { name: 'x' }, headers }));
        }
        await refused(403, await ann.request('DELETE',
            `/api/v1/chat/streams/${UNKNOWN}`, { headers }));
        await refused(403, await nobody.request('POST',
            '/api/v1/chat/sessions', { json: {},
                headers: { ...headers, Cookie: `sse_chat=${ann.token}` } }));
    }
    const fine = await ann.request('POST', '/api/v1/users',
        { json: { name: 'x' }, headers: { Origin: server.url } });
    assert.equal(fine.status, 201);
    await fine.text();
});

await test('404 for what is not there and for what is somebody else\'s',
    async () => {
        const session = await ann.session();
        const document = await ann.upload('text');
        const start = (await ann.ask(session, 'x'))[0];
        const stream = start.data.stream_id;
        for (const client of [bob, ann]) {
            const mine = client === ann;
            const ids = mine ? [UNKNOWN, UNKNOWN, UNKNOWN]
                : [session, stream, document];
            for (const [method, path, json] of [
                ['GET', `/api/v1/chat/sessions/${ids[0]}/messages`],
                ['POST', `/api/v1/chat/sessions/${ids[0]}/messages`,
                    { content: 'x' }],
                ['GET', `/api/v1/chat/streams/${ids[1]}`],
                ['DELETE', `/api/v1/chat/streams/${ids[1]}`],
                ['POST', `/api/v1/documents/${ids[2]}/extractions`],
                ['GET', `/api/v1/documents/${ids[2]}/extract-stream`],
                ['POST', `/api/v1/documents/${ids[2]}/extract-stream`],
                ['GET', `/api/v1/documents/${ids[2]}/extraction`]]) {
                await refused(404, await client.request(method, path,
                    json ? { json } : {}), 'not_found');
            }
        }
        for (const path of ['/api', '/api/v1/', '/api/v1/userz',
            '/api/v1/users/', '/api/v1/chat/sessions/x/messages',
            '/api/v1/chat/sessions//messages', '/api/v1/chat/streams/',
            '/api/v1/chat/streams/%2e%2e']) {
            await refused(404, await ann.request('GET', path));
        }
        await refused(404, await ann.request('GET',
            `/api/v1/documents/${document}/extract-stream`));
        await refused(404, await ann.request('GET',
            `/api/v1/documents/${document}/extraction`));
    });

await test('405 names the methods that are taken', async () => {
    for (const [method, path, allow] of [
        ['GET', '/api/v1/users', 'POST'],
        ['DELETE', '/api/v1/chat/sessions', 'GET, HEAD, POST'],
        ['PUT', `/api/v1/chat/sessions/${UNKNOWN}/messages`,
            'GET, HEAD, POST'],
        ['POST', `/api/v1/chat/streams/${UNKNOWN}`, 'GET, DELETE'],
        ['GET', '/api/v1/documents', 'POST'],
        ['GET', `/api/v1/documents/${UNKNOWN}/extractions`, 'POST'],
        ['DELETE', `/api/v1/documents/${UNKNOWN}/extract-stream`,
            'GET, POST'],
        ['POST', `/api/v1/documents/${UNKNOWN}/extraction`, 'GET, HEAD'],
        ['POST', '/', 'GET, HEAD'], ['POST', '/healthz', 'GET, HEAD'],
        ['DELETE', '/metrics', 'GET, HEAD']]) {
        const response = await ann.request(method, path);
        await refused(405, response, 'method_not_allowed');
        assert.equal(response.headers.get('allow'), allow, path);
    }
});

await test('400 for what is no JSON, no object, or the wrong member',
    async () => {
        const headers = { 'Content-Type': 'application/json' };
        const session = await ann.session();
        for (const body of ['{', '{"name":}', '[]', '"x"', 'null', '{"a":1}{}',
            '{"name":"a","name":"b"}', '\ufeff{}', '{"name":"\\ud800"}',
            '{"name":"\\u0000"}', '['.repeat(5000)]) {
            await refused(400, await nobody.request('POST', '/api/v1/users',
                { body, headers }));
        }
        await refused(400, await nobody.request('POST', '/api/v1/users',
            { body: Buffer.from('{"name":"\xff"}', 'latin1'), headers }));
        for (const json of [{}, { name: 1 }, { name: '' }, { name: ' \n' },
            { name: null }, { name: ['a'] }]) {
            await refused(400, await nobody.request('POST', '/api/v1/users',
                { json }));
        }
        for (const json of [{}, { content: '' }, { content: '  ' },
            { content: 5 }, { content: 'x', idempotency_key: 5 },
            { content: 'x', idempotency_key: '' },
            { content: 'x', on_disconnect: 'explode' },
            { content: 'x', on_disconnect: true }]) {
            await refused(400, await ann.request('POST',
                ann.messagesPath(session), { json }));
        }
        await refused(400, await ann.request('POST', '/api/v1/chat/sessions',
            { json: { title: 7 } }));
        assert.deepEqual(await ann.messages(session), []);
    });

await test('400 for a document that is no text', async () => {
    const headers = { 'Content-Type': 'text/plain' };
    for (const bytes of [[], [0xff], [0x61, 0xc3], [0xed, 0xa0, 0x80],
        [0xc0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0x61, 0x00, 0x62]]) {
        await refused(400, await ann.request('POST',
            '/api/v1/documents?name=x', { body: Buffer.from(bytes),
                headers }));
    }
    await refused(400, await ann.request('POST', '/api/v1/documents?name=%00',
        { body: 'x', headers }));
    await refused(400, await ann.request('POST',
        `/api/v1/documents?name=${'x'.repeat(300)}`, { body: 'x', headers }));
});

await test('413 for what is too large', async () => {
    const session = await ann.session();
    const most = 'x'.repeat(65536);
    await refused(413, await ann.send(session, `${most}x`));
    assert.equal(textOf(await ann.ask(session, most)), 'One. Two.');
    await refused(413, await ann.send(session, 'x'.repeat(300000)));
    await refused(413, await ann.request('POST', '/api/v1/chat/sessions',
        { json: { title: 'x'.repeat(500) } }));
    const headers = { 'Content-Type': 'text/plain' };
    const large = Buffer.alloc((16 << 20) + 1, 'word \n');
    await refused(413, await ann.request('POST', '/api/v1/documents?name=x',
        { body: large, headers }));
    const made = await ann.json(201, 'POST', '/api/v1/documents?name=x',
        { body: large.subarray(1), headers });
    assert.equal(made.bytes, 16 << 20);
});

await test('415 for another media type', async () => {
    const session = await ann.session();
    for (const type of ['text/plain', 'application/x-www-form-urlencoded',
        'application/jsonx', 'multipart/form-data']) {
        const options = { body: '{"name":"a"}',
            headers: { 'Content-Type': type } };
        await refused(415, await nobody.request('POST', '/api/v1/users',
            options));
        await refused(415, await ann.request('POST',
            ann.messagesPath(session), options));
    }
    const good = await nobody.request('POST', '/api/v1/users', {
        body: '{"name":"a"}',
        headers: { 'Content-Type': 'Application/JSON; charset=utf-8' } });
    assert.equal(good.status, 201);
    await good.text();
    for (const type of ['application/pdf', 'text/html', 'text/plainer',
        'text/plain; charset=iso-8859-1']) {
        await refused(415, await ann.request('POST',
            '/api/v1/documents?name=x', { body: 'x',
                headers: { 'Content-Type': type } }));
    }
});

await test('409 while an answer is under way, and for a key used otherwise',
    async () => {
        const slow = await startModel();
        const other = await startServer({ db: newDatabase(),
            upstream: slow.url });
        const cy = await newClient(other.url);
        const session = await cy.session();
        const first = await cy.send(session, 'one', { idempotency_key: 'k' });
        const talk = await slow.next();
        await refused(409, await cy.send(session, 'two'), 'busy');
        await refused(409, await cy.send(session, 'two',
            { idempotency_key: 'k' }));
        talk.end();
        await collect(first);
        const second = await cy.send(session, 'two');
        (await slow.next()).end();
        await collect(second);
        assert.equal((await cy.messages(session)).length, 4);
        assert.equal(await other.end('SIGTERM'), 0);
        await slow.stop();
    });

await test('it ends with status 0', async () => {
    assert.equal(await server.end('SIGTERM'), 0);
});
finish();
