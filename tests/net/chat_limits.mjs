/*
 * chat_limits.mjs - many clients of sse-chat, rude ones, and what they cost.
 *
 * SPDX-License-Identifier: MIT
 */
import { connect } from 'node:net';
import { assert, finish, test, until } from '../web/support/tap.mjs';
import { newDatabase, startServer } from '../web/support/server.mjs';
import { newClient, startModel } from './support/chat.mjs';

const USERS = 128; /* with 8 streams each: 1,024 in all */
const model = await startModel((talk) => talk.say('first words'));
const server = await startServer({ db: newDatabase(), upstream: model.url });
const ann = await newClient(server.url);

function headOf(client, method, path, more = '') {
    return `${method} ${path} HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\n`
        + `Authorization: Bearer ${client.token}\r\n${more}\r\n`;
}

function sendText(client, session) {
    const body = JSON.stringify({ content: 'x' });
    return headOf(client, 'POST', client.messagesPath(session),
        `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n`)
        + body;
}

/* A connection on which this was sent; what comes back is in `got`. */
function raw(text) {
    const socket = connect(server.port, '127.0.0.1');
    socket.got = '';
    socket.setEncoding('latin1');
    socket.on('data', (piece) => {
        socket.got += piece;
    });
    socket.on('error', () => {});
    socket.ended = new Promise((resolve) => socket.on('close', resolve));
    socket.write(text);
    return socket;
}

function sessionsOf(user, count) {
    return Promise.all(Array.from({ length: count }, () => user.session()));
}

function files() {
    return ann.metric('process_open_fds');
}

async function settled() {
    await until('all answers have ended', async () =>
        await ann.metric('sse_chat_answers_running') === 0 &&
        await ann.metric('sse_chat_upstream_active') === 0 &&
        await ann.metric('sse_chat_streams') === 0);
}

await test('200 clients who vanish leave nothing behind', async () => {
    const users = [];
    for (let i = 0; i < 50; i++) {
        users.push(await newClient(server.url));
    }
    const vanish = async (round) => {
        const sockets = [];
        for (const user of users) {
            sockets.push(...(await sessionsOf(user, 4)).map((session) =>
                raw(sendText(user, session))));
        }
        if (round > 0) {
            await until('all have begun', () => sockets.every((socket) =>
                socket.got.includes('event: start')));
        }
        sockets.forEach((socket, i) => i % 2 === 0 ? socket.destroy()
            : socket.resetAndDestroy());
        await Promise.all(sockets.map((socket) => socket.ended));
        await settled();
    };
    await vanish(0);
    const before = await files();
    const memory = await ann.metric('process_resident_memory_bytes');
    const requests = model.requests;
    await vanish(1);
    await vanish(2);
    /* The pool to the model may differ by its size. */
    await until('the files are closed', async () =>
        await files() <= before + 20);
    assert.ok(model.requests - requests <= 400);
    await until('the model is left alone', () => model.open === 0);
    const grown = await ann.metric('process_resident_memory_bytes') - memory;
    /* A sanitizer keeps freed memory for a while, to see who still uses it. */
    const most = /address/.test(process.env.SAN_FLAGS ?? '') ? 300 : 16;
    assert.ok(grown < most << 20, `${grown} bytes more`);
});

await test('requests that are cut or late cost nothing', async () => {
    const session = await ann.session();
    const before = await files();
    const whole = sendText(ann, session);
    const sockets = [];
    for (let cut = 1; cut < whole.length; cut += 5) {
        const socket = raw(whole.slice(0, cut));
        sockets.push(socket);
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
    sockets.forEach((socket) => socket.destroy());
    await settled();
    assert.deepEqual(await ann.messages(session), []);
    await until('the files are closed', async () =>
        await files() <= before + 2);
});

await test('what is no HTTP is refused in JSON', async () => {
    for (const [text, status] of [
        ['GARBAGE\r\n\r\n', 400],
        ['GET / HTTP/1.1\r\n\r\n', 400],
        ['GET / HTTP/3.0\r\nHost: a\r\n\r\n', 505],
        [`GET /${'a'.repeat(20000)} HTTP/1.1\r\nHost: a\r\n\r\n`, 414],
        [`GET / HTTP/1.1\r\nHost: a\r\nX: ${'a'.repeat(20000)}\r\n\r\n`, 431],
        [headOf(ann, 'POST', '/api/v1/chat/sessions',
            'Content-Type: application/json\r\nContent-Length: 300000\r\n'),
        413],
        [headOf(ann, 'POST', '/api/v1/documents?name=x',
            'Content-Type: text/plain\r\nContent-Length: 16777217\r\n'), 413],
        [headOf(ann, 'POST', '/api/v1/chat/sessions',
            'Content-Length: 2\r\nTransfer-Encoding: chunked\r\n'), 400],
    ]) {
        const socket = raw(text);
        await socket.ended;
        assert.match(socket.got, new RegExp(`^HTTP/1\\.1 ${status} `));
        const body = socket.got.slice(socket.got.indexOf('\r\n\r\n') + 4);
        assert.equal(typeof JSON.parse(body).error.message, 'string');
        assert.match(socket.got, /content-type: application\/json/i);
    }
});

await test('a name that is not this server\'s is refused', async () => {
    for (const [host, status] of [['evil.example', 403],
        [`evil.example:${server.port}`, 403], ['127.0.0.1.evil.example', 403],
        ['localhost', 200], [`localhost:${server.port}`, 200],
        ['[::1]:1', 200], ['127.0.0.1', 200]]) {
        const socket = raw(`GET /healthz HTTP/1.1\r\nHost: ${host}\r\n`
            + 'Connection: close\r\n\r\n');
        await socket.ended;
        assert.match(socket.got, new RegExp(`^HTTP/1\\.1 ${status} `), host);
    }
});

await test('HTTP/1.0 gets a stream that ends with the connection',
    async () => {
        const session = await ann.session();
        const socket = raw(sendText(ann, session)
            .replace('HTTP/1.1', 'HTTP/1.0'));
        await until('it has begun', () => socket.got.includes('first words'));
        assert.doesNotMatch(socket.got, /chunked/i);
        const stream = /"stream_id":"([^"]+)"/.exec(socket.got)[1];
        await ann.stop(stream);
        await socket.ended;
        assert.match(socket.got, /event: done\n/);
    });

await test('503 beyond a thousand streams, and room again after', async () => {
    /* The model hears a little later that those before have gone. */
    await settled();
    await until('the model has seen them go', () => model.open === 0);
    model.mostOpen = 0;
    const sockets = [];
    for (let i = 0; i < USERS; i++) {
        const user = await newClient(server.url);
        sockets.push(...(await sessionsOf(user, 8)).map((session) =>
            raw(sendText(user, session))));
    }
    await until('all were answered', () => sockets.every((socket) =>
        /event: start|HTTP\/1.1 503/.test(socket.got)));
    const full = sockets.filter((socket) => /^HTTP\/1.1 503/.test(socket.got));
    assert.equal(full.length, USERS * 8 - 1000);
    assert.match(full[0].got, /retry-after: \d/i);
    assert.equal(await ann.metric('sse_chat_streams'), 1000);
    assert.ok(model.mostOpen <= 20, `${model.mostOpen} at the model`);
    sockets.forEach((socket) => socket.destroy());
    await settled();
    const socket = raw(sendText(ann, await ann.session()));
    await until('there is room', () => socket.got.includes('event: start'));
    socket.destroy();
});

await test('it ends with status 0', async () => {
    await settled();
    assert.equal(await server.end('SIGTERM'), 0);
});
finish();
