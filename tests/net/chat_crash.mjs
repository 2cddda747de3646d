/*
 * chat_crash.mjs - sse-chat is killed, ended and started again.
 *
 * SPDX-License-Identifier: MIT
 */
import { assert, finish, test, until } from '../web/support/tap.mjs';
import { newDatabase, startServer } from '../web/support/server.mjs';
import { collect, eventsOf, newClient, startModel, textOf }
    from './support/chat.mjs';

const WORD_MS = 3;
const WORDS = 60;
const CRASHES = 12;

/* Speaks slowly, so that there is a middle. */
let quick = true;
const model = await startModel(async (talk) => {
    talk.head();
    for (let i = 0; i < WORDS && talk.open; i++) {
        talk.say(`word${i} `);
        if (!quick) {
            await new Promise((resolve) => setTimeout(resolve, WORD_MS));
        }
    }
    if (talk.open) {
        talk.end();
    }
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

await test(`after ${CRASHES} crashes at odd moments nothing is lost, doubled
 or still streaming`.replace('\n', ''), async () => {
    quick = false;
    const session = await ann.session();
    for (let i = 0; i < CRASHES; i++) {
        const key = { idempotency_key: `k${i}` };
        const begun = await Promise.race([
            ann.send(session, `m${i}`, key).then(async (response) => {
                for await (const event of eventsOf(response)) {
                    if (event.type === 'start') {
                        break;
                    }
                }
                return true;
            }, () => false),
            new Promise((resolve) => setTimeout(resolve, i * 2, false)),
        ]);
        await new Promise((resolve) => setTimeout(resolve,
            (i * 37) % (WORDS * WORD_MS)));
        await restart('SIGKILL');
        const messages = await ann.messages(session, '?limit=200');
        assert.ok(messages.every((one) => one.status !== 'streaming'));
        const mine = messages.filter((one) => one.content === `m${i}`);
        assert.ok(mine.length <= 1);
        if (begun) {
            assert.equal(mine.length, 1, 'start was told, so it is saved');
        }
        const again = await ann.ask(session, `m${i}`, key);
        assert.equal(again.at(-1).type, 'done');
        assert.equal(textOf(again), WHOLE);
        const after = await ann.messages(session, '?limit=200');
        assert.equal(after.filter((one) => one.content === `m${i}`).length, 1);
        assert.equal(after.at(-1).content, WHOLE);
        assert.equal(after.at(-1).status, 'complete');
    }
    quick = true;
}, 60000);

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
        await new Promise((resolve) => setTimeout(resolve, 200));
        await assert.rejects(fetch(`${cy.url}/healthz`));
        shortTalk.say('Whole');
        shortTalk.end();
        assert.equal((await short).at(-1).type, 'done');
        const cut = (await long).at(-1);
        assert.equal(cut.type, 'error');
        assert.equal(cut.data.code, 'truncated');
        assert.equal(cut.data.retryable, true);
        assert.equal(await ended, 0);
        assert.ok(Date.now() - begun < 8000);
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
