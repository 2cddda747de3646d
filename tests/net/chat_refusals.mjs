/*
 * chat_refusals.mjs - each way to be refused by sse-chat.
 *
 * SPDX-License-Identifier: MIT
 */
import { assert, finish, test } from '../web/support/tap.mjs';
import { newDatabase, startServer } from '../web/support/server.mjs';
import { Client, collect, newClient, refused, startModel, textOf }
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
            ['GET', '/api/v1/documents'], ['POST', '/api/v1/documents'],
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
        ['DELETE', '/api/v1/documents', 'GET, HEAD, POST'],
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
