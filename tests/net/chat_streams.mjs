/*
 * chat_streams.mjs - streams of sse-chat: re-attaching, stopping, leaving,
 * repeating, and their limits.
 *
 * SPDX-License-Identifier: MIT
 */
import { connect } from 'node:net';
import { assert, diagnose, finish, test, until } from '../web/support/tap.mjs';
import { newDatabase, startServer } from '../web/support/server.mjs';
import { begin, collect, eventsOf, newClient, next, startModel, statusOf,
    textOf } from './support/chat.mjs';

const model = await startModel();
const server = await startServer({ db: newDatabase(), upstream: model.url,
    flags: ['--keep-alive', '200'] });
const ann = await newClient(server.url);

await test('start comes before the model has said a word', async () => {
    const session = await ann.session();
    const { events, stream } = await begin(ann, session);
    const talk = await model.next();
    const messages = await ann.messages(session);
    assert.deepEqual(messages.map((one) => one.status),
        ['complete', 'streaming']);
    talk.end();
    assert.equal((await next(events)).type, 'done');
    assert.equal(await next(events), null);
    assert.equal((await ann.attach(stream)).status, 200);
});

await test('silence is filled with comments of one line', async () => {
    const response = await ann.send(await ann.session(), 'x');
    const talk = await model.next();
    let comments = 0;
    for await (const event of eventsOf(response)) {
        if (event.comment !== undefined) {
            assert.equal(event.comment, '');
            comments += 1;
            if (comments === 2) {
                talk.end();
            }
        }
    }
    assert.ok(comments >= 2);
});

await test('a stream is read again from any of its events', async () => {
    const session = await ann.session();
    const { events, stream } = await begin(ann, session);
    const talk = await model.next();
    for (const word of ['a', 'b', 'c']) {
        talk.say(word);
    }
    const seen = [];
    while (seen.length < 3) {
        seen.push(await next(events));
    }
    /* While it runs: a second reader gets all, and what comes. */
    const second = collect(await ann.attach(stream));
    const third = collect(await ann.attach(stream, seen[1].id));
    talk.say('d');
    talk.end();
    const all = await second;
    assert.equal(textOf(all), 'abcd');
    assert.deepEqual(all.slice(1, 4), seen);
    assert.equal(textOf(await third), 'cd');
    /* After its end: from each event on, the same once more. */
    for (let i = 0; i < all.length; i++) {
        const response = await ann.attach(stream, all[i].id);
        if (i === all.length - 1) {
            assert.equal(response.status, 204);
            assert.equal(await response.text(), '');
        } else {
            assert.deepEqual(await collect(response), all.slice(i + 1));
        }
    }
    const others = ['x', '0', '-1', `${all[0].id}0`, `${all[0].id}x`,
        `${all[0].id.split('-')[0]}-0`, `${all[0].id.split('-')[0]}-01`,
        `${all[0].id.split('-')[0]}-${2n ** 64n + 1n}`];
    for (const id of others) {
        assert.deepEqual(await collect(await ann.attach(stream, id)), all, id);
    }
});

await test('ids of one stream mean nothing in another', async () => {
    const first = await begin(ann, await ann.session());
    (await model.next()).end();
    await next(first.events);
    const second = await begin(ann, await ann.session());
    (await model.next()).end();
    await next(second.events);
    const again = await collect(await ann.attach(second.stream,
        first.start.id));
    assert.equal(again[0].type, 'start');
});

await test('DELETE stops the answer at once, the model included', async () => {
    const session = await ann.session();
    const { events, stream } = await begin(ann, session);
    const talk = await model.next();
    talk.say('Half');
    assert.equal((await next(events)).data.content, 'Half');
    const stopped = Date.now();
    assert.equal((await ann.stop(stream)).status, 202);
    const done = await next(events);
    assert.equal(done.type, 'done');
    assert.equal(done.data.finish_reason, 'cancelled');
    assert.equal(await next(events), null);
    await talk.closed;
    assert.ok(Date.now() - stopped < 1500);
    const reply = (await ann.messages(session))[1];
    assert.deepEqual([reply.status, reply.content, reply.finish_reason],
        ['cancelled', 'Half', 'cancelled']);
    assert.equal((await ann.stop(stream)).status, 202);
});

await test('DELETE stops it before the first word, too', async () => {
    const session = await ann.session();
    const { events, stream } = await begin(ann, session);
    assert.equal((await ann.stop(stream)).status, 202);
    assert.equal((await next(events)).data.finish_reason, 'cancelled');
    assert.equal(await statusOf(ann, session), 'cancelled');
    /* Whether the model was asked at all depends on when that was. */
    await until('the model is left alone', async () =>
        await ann.metric('sse_chat_upstream_active') === 0 &&
            model.open === 0);
});

await test('leaving reaches the model after the grace', async () => {
    const session = await ann.session();
    const { events, leave } = await begin(ann, session);
    const talk = await model.next();
    talk.say('Half');
    await next(events);
    const left = Date.now();
    leave();
    await talk.closed;
    const waited = Date.now() - left;
    assert.ok(waited >= 1500 && waited < 30000, `${waited} ms`);
    await until('the answer is stored', async () =>
        await statusOf(ann, session) === 'cancelled');
    const reply = (await ann.messages(session))[1];
    assert.deepEqual([reply.content, reply.finish_reason],
        ['Half', 'cancelled']);
});

await test('coming back within the grace keeps the answer', async () => {
    const session = await ann.session();
    const { events, leave, stream } = await begin(ann, session);
    const talk = await model.next();
    talk.say('a');
    const seen = await next(events);
    leave();
    await new Promise((resolve) => setTimeout(resolve, 100));
    const again = await ann.attach(stream, seen.id);
    await new Promise((resolve) => setTimeout(resolve, 2200));
    assert.ok(talk.open);
    talk.say('b');
    talk.end();
    assert.equal(textOf(await collect(again)), 'b');
    assert.equal(await statusOf(ann, session), 'complete');
});

await test('on_disconnect continue runs on without a reader', async () => {
    const session = await ann.session();
    const { leave, stream } = await begin(ann, session,
        { on_disconnect: 'continue' });
    const talk = await model.next();
    talk.say('a');
    leave();
    await new Promise((resolve) => setTimeout(resolve, 2600));
    assert.ok(talk.open);
    talk.say('b');
    talk.end();
    await until('the answer is stored', async () =>
        await statusOf(ann, session) === 'complete');
    assert.equal(textOf(await collect(await ann.attach(stream))), 'ab');
});

await test('a partial answer can be read while it runs', async () => {
    const session = await ann.session();
    const { leave } = await begin(ann, session);
    const talk = await model.next();
    talk.say('x'.repeat(5000));
    await until('4 KiB are saved', async () =>
        (await ann.messages(session))[1].content.length >= 4096);
    talk.say('little');
    await until('a second has passed', async () =>
        (await ann.messages(session))[1].content.endsWith('little'));
    assert.equal(await statusOf(ann, session), 'streaming');
    leave();
    await talk.closed;
});

await test('429 for a ninth stream of one user, not for another', async () => {
    const cy = await newClient(server.url);
    const open = [];
    for (let i = 0; i < 8; i++) {
        open.push(await begin(cy, await cy.session()));
    }
    const session = await cy.session();
    const refused = await cy.send(session, 'x');
    assert.equal(refused.status, 429);
    assert.ok(Number(refused.headers.get('retry-after')) > 0);
    assert.equal(typeof (await refused.json()).error.code, 'string');
    assert.equal((await cy.attach(open[0].stream)).status, 429);
    assert.deepEqual(await cy.messages(session), []);
    const other = await begin(ann, await ann.session());
    for (let i = 0; i < 9; i++) {
        (await model.next()).end();
    }
    await next(other.events);
    for (const one of open) {
        assert.equal((await next(one.events)).type, 'done');
        await next(one.events);
    }
    const again = cy.ask(session, 'x');
    (await model.next()).end();
    assert.equal((await again).at(-1).type, 'done');
});

/* Sends a message and does not read the answer. */
function rawSend(session) {
    const body = JSON.stringify({ content: 'x' });
    const socket = connect(server.port, '127.0.0.1');
    socket.setEncoding('latin1');
    socket.pause();
    socket.write(`POST ${ann.messagesPath(session)} HTTP/1.1\r\n`
        + `Host: 127.0.0.1:${server.port}\r\n`
        + `Authorization: Bearer ${ann.token}\r\n`
        + `Content-Type: application/json\r\nContent-Length: ${body.length}`
        + `\r\n\r\n${body}`);
    return socket;
}

await test('a browser that stops reading pauses the model', async () => {
    const session = await ann.session();
    const socket = rawSend(session);
    const talk = await model.next();
    const piece = '~'.repeat(10000);
    for (let i = 0; i < 100; i++) {
        talk.say(piece);
    }
    talk.end();
    /* What has come through stands still, far from the end. */
    let length = -1;
    await until('the flow has stopped', async () => {
        await new Promise((resolve) => setTimeout(resolve, 1500));
        const before = length;
        length = (await ann.messages(session))[1].content.length;
        return length > 0 && length === before;
    });
    diagnose(`${length} bytes came through`);
    assert.ok(length > 0 && length < 900000, `${length} bytes came through`);
    assert.equal(await statusOf(ann, session), 'streaming');
    let received = '';
    socket.on('data', (bytes) => {
        received += bytes;
    });
    socket.resume();
    await until('all of it has come', () => received.includes('event: done'));
    assert.equal(received.split('~').length - 1, 1000000);
    socket.destroy();
    assert.equal(await statusOf(ann, session), 'complete');
});

await test('a reader who stalls and leaves frees the model', async () => {
    const session = await ann.session();
    const socket = rawSend(session);
    const talk = await model.next();
    for (let i = 0; i < 90; i++) {
        talk.say('~'.repeat(10000));
    }
    await until('some of it has come through', async () =>
        (await ann.messages(session))[1].content.length > 100000);
    socket.destroy();
    await talk.closed;
    await until('the answer is stored', async () =>
        await statusOf(ann, session) === 'cancelled');
});

await test('an answer that is too long is cut and told so', async () => {
    const session = await ann.session();
    const asked = ann.ask(session, 'x');
    const talk = await model.next();
    const piece = 'z'.repeat(65536);
    for (let i = 0; i < 17; i++) {
        talk.say(piece);
    }
    const events = await asked;
    assert.equal(events.at(-1).data.code, 'truncated');
    assert.equal(textOf(events).length, 1 << 20);
    await talk.closed;
    const reply = (await ann.messages(session))[1];
    assert.equal(reply.status, 'truncated');
    assert.equal(reply.content.length, 1 << 20);
});

await test('nothing is left under way', async () => {
    await until('all answers have ended', async () =>
        await ann.metric('sse_chat_answers_running') === 0);
    assert.equal(await ann.metric('sse_chat_upstream_waiting'), 0);
    assert.equal(await server.end('SIGTERM'), 0);
});
finish();
