/*
 * chat_crash.mjs - sse-chat is killed, ended and started again; killed often,
 * see chat_kills.mjs.
 *
 * SPDX-License-Identifier: MIT
 */
import { execFileSync } from 'node:child_process';
import { assert, finish, test, until } from '../web/support/tap.mjs';
import { newDatabase, startServer } from '../web/support/server.mjs';
import { collect, eventsOf, newClient, startModel, textOf }
    from './support/chat.mjs';

const WORDS = 60;

const model = await startModel((talk) => {
    for (let i = 0; i < WORDS; i++) {
        talk.say(`word${i} `);
    }
    talk.end();
});
const WHOLE = Array.from({ length: WORDS }, (_, i) => `word${i} `).join('');
const db = newDatabase();
let server = await startServer({ db, upstream: model.url });
const ann = await newClient(server.url);

async function restart(signal) {
    const status = await server.end(signal);
    server = await startServer({ db, upstream: model.url });
    ann.url = server.url;
    return status;
}

await test('kill -9 in mid-answer leaves the message and what was saved',
    async () => {
        const slow = await startModel();
        const file = newDatabase();
        let other = await startServer({ db: file, upstream: slow.url });
        const cy = await newClient(other.url);
        const session = await cy.session();
        const events = eventsOf(await cy.send(session, 'Question?'));
        await events.next();
        const talk = await slow.next();
        talk.say('x'.repeat(5000));
        talk.say('unsaved');
        await until('it is saved', async () =>
            (await cy.messages(session))[1].content.length >= 5000);
        await other.end('SIGKILL');
        other = await startServer({ db: file, upstream: slow.url });
        cy.url = other.url;
        const [user, reply] = await cy.messages(session);
        assert.deepEqual([user.content, user.status],
            ['Question?', 'complete']);
        assert.equal(reply.status, 'truncated');
        assert.ok(reply.content.startsWith('x'.repeat(5000)));
        await other.end('SIGKILL');
        await slow.stop();
    });

await test('a key is good for good', async () => {
    const session = await ann.session();
    const key = { idempotency_key: 'k' };
    const first = await ann.ask(session, 'x', key);
    const requests = model.requests;
    assert.equal(await restart('SIGTERM'), 0);
    const again = await ann.ask(session, 'x', key);
    assert.equal(model.requests, requests);
    assert.equal(textOf(again), textOf(first));
    assert.deepEqual(again[0].data, first[0].data);
    assert.deepEqual(again.at(-1).data, first.at(-1).data);
    assert.equal((await ann.send(session, 'y', key)).status, 409);
});

await test('streams that have ended are told after a restart, too',
    async () => {
        const session = await ann.session();
        const first = await ann.ask(session, 'x');
        await restart('SIGKILL');
        const stream = first[0].data.stream_id;
        const again = await collect(await ann.attach(stream, first[3].id));
        assert.equal(again[0].type, 'start');
        assert.equal(textOf(again), WHOLE);
        assert.equal((await ann.attach(stream, again.at(-1).id)).status, 204);
    });

await test('ten minutes after its end a stream is gone, its answer is not',
    async () => {
        const session = await ann.session();
        const key = { idempotency_key: 'old' };
        const [{ data: { stream_id: stream } }] =
            await ann.ask(session, 'x', key);
        await server.end('SIGKILL');
        execFileSync('sqlite3', [db, 'UPDATE messages SET ended_at = ended_at'
            + ` - 600001 WHERE stream_id = '${stream}'`]);
        server = await startServer({ db, upstream: model.url });
        ann.url = server.url;
        assert.equal((await ann.attach(stream)).status, 404);
        assert.equal((await ann.messages(session))[1].content, WHOLE);
        const again = await ann.ask(session, 'x', key);
        assert.equal(again[0].data.stream_id, stream);
        assert.equal(textOf(again), WHOLE);
    });

await test('an orderly end gives answers a moment and saves what there is',
    async () => {
        const slow = await startModel();
        const file = newDatabase();
        let other = await startServer({ db: file, upstream: slow.url });
        const cy = await newClient(other.url);
        const [first, second] = [await cy.session(), await cy.session()];
        const short = cy.ask(first, 'x');
        const shortTalk = await slow.next();
        const long = cy.ask(second, 'x');
        const longTalk = await slow.next();
        longTalk.say('Half');
        const begun = Date.now();
        const ended = other.end('SIGTERM');
        await until('nobody listens any more', () =>
            fetch(`${cy.url}/healthz`).then((answer) =>
                answer.text().then(() => false), () => true));
        shortTalk.say('Whole');
        shortTalk.end();
        assert.equal((await short).at(-1).type, 'done');
        const cut = (await long).at(-1);
        assert.equal(cut.type, 'error');
        assert.equal(cut.data.code, 'truncated');
        assert.equal(cut.data.retryable, true);
        assert.equal(await ended, 0);
        assert.ok(Date.now() - begun < 30000);
        other = await startServer({ db: file, upstream: slow.url });
        cy.url = other.url;
        assert.equal((await cy.messages(first))[1].status, 'complete');
        const reply = (await cy.messages(second))[1];
        assert.deepEqual([reply.status, reply.content],
            ['truncated', 'Half']);
        assert.equal(await other.end('SIGINT'), 0);
        await slow.stop();
    });

await test('it ends with status 0', async () => {
    assert.equal(await server.end('SIGINT'), 0);
});
finish();
