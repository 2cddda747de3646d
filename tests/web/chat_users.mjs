/*
 * chat_users.mjs - several people before the page, and a browser that stops
 * reading.
 *
 * SPDX-License-Identifier: MIT
 */
import { once } from 'node:events';
import { answered, ask, growing, openPage, ready, screenshot }
    from './support/browser.mjs';
import { newDatabase, startServer } from './support/server.mjs';
import { newClient, startModel } from '../net/support/chat.mjs';
import { rows } from './support/rows.mjs';
import { assert, diagnose, finish, test, until } from './support/tap.mjs';

const model = await startModel();
const db = newDatabase();
const server = await startServer({ db, upstream: model.url });
const visitor = await newClient(server.url);
const ann = await openPage(server.url);
const bob = await openPage(server.url);
const texts = (page, selector) => page.locator(selector).allInnerTexts();

let talks = [];

await test('two people ask side by side, and each gets his own answer',
    async () => {
        await Promise.all([ask(ann, 'What does Ann ask?'),
            ask(bob, 'What does Bob ask?')]);
        talks = [await model.next(), await model.next()];
        const name = (talk) => /Ann|Bob/.exec(
            talk.question.messages.at(-1).content)[0];
        for (let i = 0; i < 20; i++) {
            talks.forEach((talk) => talk.say(`${name(talk)}${i} `));
            await new Promise((resolve) => setTimeout(resolve, 5));
        }
        talks.forEach((talk) => talk.end());
        for (const [page, who] of [[ann, 'Ann'], [bob, 'Bob']]) {
            assert.equal((await answered(page)).text.trim(),
                Array.from({ length: 20 }, (_, i) => `${who}${i}`)
                    .join(' '));
        }
    });

await test('neither sees the other\'s conversations and documents',
    async () => {
        await ann.setInputFiles('#picker', { name: 'ann.md',
            mimeType: 'text/markdown', buffer: Buffer.from('# Ann\n') });
        await ann.waitForSelector('#documents .side-name:has-text("ann.md")');
        await bob.reload();
        await ready(bob);
        assert.deepEqual(await texts(bob, '#sessions .side-name'),
            ['What does Bob ask?']);
        assert.deepEqual(await texts(bob, '#documents .side-name'), []);
        assert.deepEqual(await texts(ann, '#documents .side-name'),
            ['ann.md']);
    });

await test('a link to somebody else\'s conversation leads nowhere',
    async () => {
        const [[session]] = rows(db, 'id',
            "FROM sessions WHERE title = 'What does Ann ask?'");
        await bob.goto(`${server.url}/#/chat/${session}`);
        await bob.waitForSelector('.toast');
        await bob.waitForSelector('#welcome:not([hidden])');
        assert.doesNotMatch(await bob.innerText('main'), /Ann/);
        await screenshot(bob, 'users-not-found');
        await bob.click('.toast button');
        const [[document]] = rows(db, 'id', 'FROM documents');
        await bob.goto(`${server.url}/#/document/${document}`);
        await bob.waitForSelector('#welcome:not([hidden])');
        assert.doesNotMatch(await bob.innerText('main'), /Ann/);
    });

await test('while one waits the other is served', async () => {
    await ann.click('#new-chat');
    await ask(ann, 'Slow?');
    const slow = await model.next();
    slow.say('Wait ');
    await growing(ann, 4);
    await bob.click('#new-chat');
    await ask(bob, 'Fast?');
    const fast = await model.next();
    fast.say('At once.');
    fast.end();
    assert.equal((await answered(bob)).text, 'At once.');
    assert.equal((await growing(ann, 4)).text.trim(), 'Wait');
    slow.end();
    await answered(ann);
});

/* Begins a stream in the page's own name and reads one piece of it. */
function beginReading(page) {
    return page.evaluate(async () => {
        const json = (path, body) => fetch(`/api/v1/${path}`, {
            method: 'POST', body: JSON.stringify(body),
            headers: { 'Content-Type': 'application/json' } });
        const { session_id: session } =
            await (await json('chat/sessions', {})).json();
        const response = await json(`chat/sessions/${session}/messages`,
            { content: 'Flood?' });
        window.reader = response.body.getReader();
        await window.reader.read();
        return session;
    });
}

await test('a browser that stops reading pauses the model', async () => {
    const before = await visitor.metric('process_resident_memory_bytes');
    const session = await beginReading(bob);
    const talk = await model.next();
    /* Of a letter each: a piece becomes an event of a hundred bytes, so that
     * an answer of allowed size is more than the systems between can keep:
     * Linux lets a connection have up to 36 MB. */
    const most = 1000000;
    const stop = { said: 0, over: false };
    const speak = async () => {
        while (stop.said < most && talk.open && !stop.over) {
            stop.said += 1;
            if (!talk.say('~')) {
                await Promise.race([once(talk.response, 'drain'),
                    talk.closed]);
            }
        }
        if (talk.open) {
            talk.end();
        }
    };
    const spoken = speak();
    let said = -1;
    await until('the model is paused', async () => {
        const still = said === stop.said;
        said = stop.said;
        await new Promise((resolve) => setTimeout(resolve, 1200));
        return still && said === stop.said;
    });
    stop.over = true;
    diagnose(`${said} pieces came through`);
    assert.ok(said > 0 && said < most, `${said}`);
    const [[status]] = rows(db, 'm.status', 'FROM messages m JOIN sessions s '
        + `ON s.seq = m.session_seq WHERE s.id = '${session}' AND `
        + "m.role = 'assistant'");
    assert.equal(status, 'streaming');
    if (!/address/.test(process.env.SAN_FLAGS ?? '')) {
        const grown = await visitor.metric('process_resident_memory_bytes')
            - before;
        assert.ok(grown < 16 << 20, `${grown} bytes more`);
    }
    /* Read on, and all of it comes. */
    const tildes = await bob.evaluate(async () => {
        const decoder = new TextDecoder();
        let count = 0;
        for (;;) {
            const { done, value } = await window.reader.read();
            if (done) {
                return count;
            }
            count += decoder.decode(value).split('~').length - 1;
        }
    });
    await spoken;
    assert.ok(tildes >= said - 2, `${tildes}`);
    await until('it is complete', () => rows(db, 'status', 'FROM messages '
        + 'ORDER BY seq DESC LIMIT 1')[0][0] === 'complete');
}, 200000);

await test('one that is closed without having read frees the model',
    async () => {
        const guest = await openPage(server.url);
        await beginReading(guest);
        const talk = await model.next();
        for (let i = 0; i < 20000; i++) {
            talk.say('~~~~');
        }
        await guest.context().close();
        await talk.closed;
        await until('nothing runs', async () =>
            await visitor.metric('sse_chat_answers_running') === 0);
    });

await test('no script failed and the policy forbade nothing', async () => {
    assert.deepEqual([...ann.problems, ...bob.problems], []);
    assert.equal(await server.end('SIGTERM'), 0);
    await model.stop();
});
finish();
