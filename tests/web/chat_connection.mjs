/*
 * chat_connection.mjs - what the page says and does while there is no
 * connection.
 *
 * SPDX-License-Identifier: MIT
 */
import { answered, ask, growing, lastMessage, openPage, ready, screenshot }
    from './support/browser.mjs';
import { newDatabase, startServer } from './support/server.mjs';
import { startModel } from '../net/support/chat.mjs';
import { freePort } from './support/port.mjs';
import { rows } from './support/rows.mjs';
import { assert, finish, test, until } from './support/tap.mjs';

const model = await startModel();
const db = newDatabase();
let server = await startServer({ db, upstream: model.url,
    port: await freePort() });
const page = await openPage(server.url);
const banner = page.locator('#banner');

async function restart() {
    server = await startServer({ db, upstream: model.url, port: server.port });
}

await test('being offline is said at once, and only while it lasts',
    async () => {
        await page.context().setOffline(true);
        await page.waitForSelector('#banner[data-state=offline]');
        assert.match(await banner.innerText(), /You are offline/);
        assert.match(await page.textContent('#announcer'), /You are offline/);
        await page.context().setOffline(false);
        await page.waitForSelector('#banner', { state: 'hidden' });
        assert.match(await page.textContent('#announcer'), /Connected again/);
    });

await test('a message written offline is sent once, when that is over',
    async () => {
        await page.context().setOffline(true);
        await page.waitForSelector('#banner[data-state=offline]');
        await ask(page, 'Is anybody there?');
        /* The conversation could not be made: the words are still there. */
        await page.waitForSelector('.toast');
        assert.equal(await page.inputValue('#message'), 'Is anybody there?');
        await page.click('.toast button');
        await page.context().setOffline(false);
        await page.waitForSelector('#banner', { state: 'hidden' });
        await page.press('#message', 'Enter');
        const talk = await model.next();
        talk.say('Yes.');
        talk.end();
        assert.equal((await answered(page)).text, 'Yes.');
        assert.deepEqual(rows(db, 'count(*)', "FROM messages WHERE role = "
            + "'user'"), [[1]]);
    });

await test('a server that is gone is told, with a countdown and a button',
    async () => {
        await ask(page, 'A long one, please.');
        const talk = await model.next();
        talk.say('It begins ');
        await growing(page, 5);
        await until('it is saved', () => rows(db, 'content', 'FROM messages '
            + 'ORDER BY seq DESC LIMIT 1')[0][0] === 'It begins ');
        await server.end('SIGKILL');
        await page.waitForSelector('#banner[data-state=waiting]');
        await until('the countdown', async () =>
            /Connection lost\. Trying again in \d+ s/.test(
                await banner.innerText()));
        const { text } = await lastMessage(page);
        assert.equal(text.trim(), 'It begins', 'what came stays to be read');
        assert.ok(await page.isVisible('#banner-retry'));
        await screenshot(page, 'connection-lost');
        /* Read out once, and not each second. */
        await page.waitForTimeout(2500);
        const said = await page.textContent('#announcer');
        assert.equal(said.split('Connection lost').length - 1, 1, said);
    });

await test('the button tries at once', async () => {
    /* The page's own tries must not come first, however long it takes. */
    await page.route('**/api/**', (route) => route.abort());
    await restart();
    await until('there is time to press it', async () =>
        / in ([89]|\d\d+) s/.test(await banner.innerText()));
    await page.unroute('**/api/**');
    const begun = Date.now();
    await page.press('#banner-retry', 'Enter');
    await page.waitForSelector('#banner', { state: 'hidden' });
    assert.ok(Date.now() - begun < 7500);
    assert.equal(await page.evaluate(() => document.activeElement.id), 'main');
    const { text } = await answered(page, 'truncated');
    assert.equal(text.trim(), 'It begins');
    assert.match(await page.textContent('#announcer'), /Connected again/);
});

await test('a page whose server does not answer yet waits for it',
    async () => {
        const other = await page.context().newPage();
        await other.route('**/api/**', (route) => route.abort());
        await other.goto(server.url);
        await other.waitForSelector('#banner[data-state=waiting]');
        await other.unroute('**/api/**');
        await ready(other);
        await other.waitForSelector('#banner', { state: 'hidden' });
        assert.ok(await other.locator('#sessions .side-item').count() >= 1);
        await other.close();
    });

await test('nothing was sent twice', async () => {
    await until('nothing runs', () => rows(db, 'count(*)', 'FROM messages '
        + "WHERE status = 'streaming'")[0][0] === 0);
    assert.deepEqual(rows(db, 'content, count(*)', 'FROM messages WHERE role '
        + "= 'user' GROUP BY content ORDER BY min(seq)"),
    [['Is anybody there?', 1], ['A long one, please.', 1]]);
    assert.deepEqual(page.problems, []);
    assert.equal(await server.end('SIGTERM'), 0);
    await model.stop();
});
finish();
