/*
 * chat_repeats.mjs - what sse-chat does about messages sent again, and what the
 * model is told of earlier ones.
 *
 * SPDX-License-Identifier: MIT
 */
import { assert, finish, test } from '../web/support/tap.mjs';
import { newDatabase, startServer } from '../web/support/server.mjs';
import { begin, collect, newClient, next, startModel, textOf }
    from './support/chat.mjs';

const model = await startModel();
const server = await startServer({ db: newDatabase(), upstream: model.url });
const ann = await newClient(server.url);

await test('the same key brings the same stream', async () => {
    const session = await ann.session();
    const key = { idempotency_key: 'once' };
    const first = await begin(ann, session, key);
    const talk = await model.next();
    talk.say('a');
    await next(first.events);
    /* While it runs. */
    const second = collect(await ann.send(session, 'x', key));
    talk.say('b');
    talk.end();
    const all = await second;
    assert.equal(all[0].data.stream_id, first.stream);
    assert.deepEqual(all[0], first.start);
    assert.equal(textOf(all), 'ab');
    /* After its end. */
    assert.deepEqual(await ann.ask(session, 'x', key), all);
    assert.equal((await ann.messages(session)).length, 2);
    /* In another session it is another key. */
    const elsewhere = ann.ask(await ann.session(), 'x', key);
    (await model.next()).end();
    assert.notEqual((await elsewhere)[0].data.stream_id, first.stream);
    assert.equal((await ann.send(session, 'y', key)).status, 409);
});

await test('after a failure the same key asks again about the same message',
    async () => {
        const session = await ann.session();
        const key = { idempotency_key: 'again' };
        const first = ann.ask(session, 'x', key);
        (await model.next()).refuse(400);
        const failed = await first;
        assert.equal(failed.at(-1).type, 'error');
        const second = ann.ask(session, 'x', key);
        const cut = await model.next();
        cut.say('Half');
        setTimeout(() => cut.cut(), 50);
        const truncated = await second;
        assert.equal(truncated.at(-1).data.code, 'truncated');
        const third = ann.ask(session, 'x', key);
        const talk = await model.next();
        assert.deepEqual(talk.question.messages.slice(1),
            [{ role: 'user', content: 'x' }]);
        talk.say('Whole');
        talk.end();
        const done = await third;
        assert.equal(textOf(done), 'Whole');
        for (const events of [truncated, done]) {
            assert.equal(events[0].data.user_message_id,
                failed[0].data.user_message_id);
        }
        const users = (await ann.messages(session))
            .filter((one) => one.role === 'user');
        assert.equal(users.length, 1);
        /* What follows sees the last answer alone. */
        const fourth = ann.ask(session, 'y');
        const asked = await model.next();
        assert.deepEqual(asked.question.messages.slice(1), [
            { role: 'user', content: 'x' },
            { role: 'assistant', content: 'Whole' },
            { role: 'user', content: 'y' }]);
        asked.end();
        await fourth;
    });

await test('the model gets the ten newest messages, this one last',
    async () => {
        const session = await ann.session();
        for (let i = 0; i < 7; i++) {
            const asked = ann.ask(session, `q${i}`);
            const talk = await model.next();
            talk.say(`a${i}`);
            talk.end();
            await asked;
        }
        const failing = ann.ask(session, 'q7');
        (await model.next()).refuse(400);
        await failing;
        const asked = ann.ask(session, 'q8');
        const talk = await model.next();
        const told = talk.question.messages;
        assert.equal(told[0].role, 'system');
        assert.deepEqual(told.slice(1).map((one) => one.content),
            ['q3', 'a3', 'q4', 'a4', 'q5', 'a5', 'q6', 'a6', 'q7', 'q8']);
        talk.end();
        await asked;
    });

await test('it ends with status 0', async () => {
    assert.equal(await server.end('SIGTERM'), 0);
});
finish();
