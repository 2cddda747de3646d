/*
 * crash.mjs - the server is killed in the middle of an answer.
 *
 * SPDX-License-Identifier: MIT
 */
import { answered, ask, growing, openPage, screenshot }
    from './support/browser.mjs';
import { freePort } from './support/port.mjs';
import { newDatabase, startServer } from './support/server.mjs';
import { startUpstream } from './support/upstream.mjs';
import { rows } from './support/rows.mjs';
import { assert, finish, test, until } from './support/tap.mjs';

const upstream = await startUpstream();
const db = newDatabase();
let server = await startServer({ db, upstream: upstream.url,
    port: await freePort() });
const page = await openPage(server.url);

const messages = () => rows(db, 'role, status, content',
    'FROM messages ORDER BY seq');

await test('a killed server leaves the question and what was saved',
    async () => {
        await ask(page, 'What happens now?');
        const talk = await upstream.next();
        talk.say('The first words are safe. ');
        await growing(page, 10);
        await until('a checkpoint', () =>
            messages().at(-1)?.[2].startsWith('The first words'));
        talk.say('More');
        await page.waitForSelector('.message-body:has-text("safe. More")');
        await server.end('SIGKILL');
        const [question, answer] = messages();
        assert.deepEqual(question, ['user', 'complete', 'What happens now?']);
        assert.ok(answer[2].startsWith('The first words are safe.'));
    });

await test('the page says that it tries to reconnect', async () => {
    await page.waitForSelector('#banner:not([hidden])');
    assert.match(await page.innerText('#banner-text'),
        /Connection lost|Reconnecting/);
    await screenshot(page, '8-reconnecting');
});

await test('after the restart nothing counts as streaming', async () => {
    server = await startServer({ db, upstream: upstream.url,
        port: server.port });
    const [, answer] = messages();
    assert.equal(answer[1], 'truncated');
    assert.ok(answer[2].startsWith('The first words are safe.'));
});

await test('the page comes back by itself and shows what is left', async () => {
    const { text, note } = await answered(page, 'truncated');
    assert.match(text, /^The first words are safe\./);
    assert.match(note, /Retry/);
    assert.ok(await page.isHidden('#banner'));
    assert.equal(await page.locator('.message').count(), 2);
});

await test('and asks again when told to', async () => {
    await page.click('[data-action=retry]');
    const talk = await upstream.next();
    assert.equal(talk.question.messages.at(-1).content, 'What happens now?');
    talk.say('Nothing is lost.');
    talk.end();
    assert.equal((await answered(page)).text, 'Nothing is lost.');
    assert.deepEqual(messages().map(([role, status]) => [role, status]), [
        ['user', 'complete'], ['assistant', 'truncated'],
        ['assistant', 'complete']]);
});

await test('no script failed', () => {
    assert.deepEqual(page.problems, []);
});

await test('the server ends cleanly when told to', async () => {
    assert.equal(await server.end('SIGTERM'), 0);
});

finish();
