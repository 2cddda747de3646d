/*
 * answers.mjs - answers that are stopped, interrupted, refused or asked for
 * again, before a language model that does what the test says.
 *
 * SPDX-License-Identifier: MIT
 */
import { answered, ask, growing, lastMessage, openPage, ready, screenshot }
    from './support/browser.mjs';
import { newDatabase, startServer } from './support/server.mjs';
import { startUpstream } from './support/upstream.mjs';
import { rows } from './support/rows.mjs';
import { assert, finish, test, until } from './support/tap.mjs';

const upstream = await startUpstream();
const db = newDatabase();
/* The page goes by what an error says, not by the name of its event. */
const server = await startServer({ db, upstream: upstream.url,
    flags: ['--error-event', 'failure'] });
const page = await openPage(server.url);

const messages = () => rows(db, 'role, status, content',
    'FROM messages ORDER BY seq');

/* Each test has a conversation of its own. */
async function begin(question) {
    await page.goto(`${server.url}/#/`);
    await page.waitForSelector('#welcome:not([hidden])');
    await ask(page, question);
    return upstream.next();
}

await test('an answer comes word by word', async () => {
    const talk = await begin('One?');
    talk.say('First ');
    await growing(page, 5);
    assert.equal((await lastMessage(page)).text.trim(), 'First');
    talk.say('second.');
    await page.waitForSelector('.message-body:has-text("First second.")');
    talk.end();
    assert.equal((await answered(page)).text, 'First second.');
    assert.equal(talk.question.stream, true);
    assert.equal(talk.question.messages.at(-1).content, 'One?');
});

await test('markup in it stays text', async () => {
    const talk = await begin('Harm?');
    talk.say('<img src=x onerror="window.harmed=1"> <b>bold</b> '
        + '[x](javascript:window.harmed=1) **strong** `code`');
    talk.end();
    const { text } = await answered(page);
    assert.match(text, /<img src=x onerror="window\.harmed=1"> <b>bold<\/b>/);
    const body = page.locator('.message[data-role=assistant] .message-body');
    assert.equal(await body.locator('img, b, a').count(), 0);
    assert.equal(await body.locator('strong, code').count(), 2);
    assert.equal(await page.evaluate(() => window.harmed), undefined);
});

await test('the stop button stops it, at the model, too', async () => {
    const talk = await begin('Long?');
    talk.say('A long story ');
    await growing(page, 5);
    await page.click('.stop');
    await talk.closed;
    const { text, note } = await answered(page, 'cancelled');
    assert.equal(text.trim(), 'A long story');
    assert.match(note, /Stopped/);
    assert.ok(await page.isVisible('.send'));
    assert.deepEqual(messages().at(-1),
        ['assistant', 'cancelled', 'A long story ']);
});

await test('so does the Escape key', async () => {
    const talk = await begin('Longer?');
    talk.say('Once ');
    await growing(page, 4);
    await page.keyboard.press('Escape');
    await talk.closed;
    await answered(page, 'cancelled');
});

await test('Shift and Enter begin a line', async () => {
    await page.goto(`${server.url}/#/`);
    await page.waitForSelector('#welcome:not([hidden])');
    await page.locator('#message').pressSequentially('a');
    await page.press('#message', 'Shift+Enter');
    await page.locator('#message').pressSequentially('b');
    await page.press('#message', 'Enter');
    const talk = await upstream.next();
    assert.equal(talk.question.messages.at(-1).content, 'a\nb');
    talk.say('Fine.');
    talk.end();
    await answered(page);
});

await test('a reload in mid-answer loses nothing', async () => {
    const talk = await begin('Reload?');
    talk.say('Before, ');
    await growing(page, 7);
    await page.reload();
    await ready(page);
    await growing(page, 7);
    talk.say('after.');
    await page.waitForSelector('.message-body:has-text("Before, after.")');
    talk.end();
    assert.equal((await answered(page)).text, 'Before, after.');
    assert.equal(await page.locator('.message').count(), 2);
    assert.deepEqual(messages().at(-1),
        ['assistant', 'complete', 'Before, after.']);
});

await test('nor does a reload that comes back after the end', async () => {
    const talk = await begin('Late?');
    talk.say('Half ');
    await growing(page, 4);
    await page.goto('about:blank');
    talk.say('and half.');
    talk.end();
    await until('it is saved', () => messages().at(-1)[1] === 'complete');
    await page.goBack();
    await ready(page);
    assert.equal((await answered(page)).text, 'Half and half.');
    assert.equal(await page.locator('.message').count(), 2, 'not doubled');
});

await test('nor one that comes back after it broke off', async () => {
    const talk = await begin('Late and broken?');
    talk.say('Half ');
    await growing(page, 4);
    await page.goto('about:blank');
    talk.cut();
    await until('it is saved', () => messages().at(-1)[1] === 'truncated');
    await page.goBack();
    await ready(page);
    assert.equal((await answered(page, 'truncated')).text.trim(), 'Half');
    assert.equal(await page.locator('.message').count(), 2, 'not doubled');
    await page.click('[data-action=retry]:has-text("Retry")');
    const again = await upstream.next();
    again.say('Whole.');
    again.end();
    assert.equal((await answered(page)).text, 'Whole.');
    assert.equal(messages().filter(([role, , content]) => role === 'user' &&
        content === 'Late and broken?').length, 1);
});

await test('another conversation meanwhile, and back', async () => {
    const talk = await begin('Wait?');
    talk.say('Still ');
    await growing(page, 5);
    const here = page.url();
    await page.click('#new-chat');
    await page.waitForSelector('#welcome:not([hidden])');
    talk.say('there.');
    await page.goto(here);
    await page.waitForSelector('.message-body:has-text("Still there.")');
    talk.end();
    assert.equal((await answered(page)).text, 'Still there.');
});

await test('a second tab sees the answer of the first', async () => {
    const talk = await begin('Both?');
    talk.say('Shared ');
    await growing(page, 6);
    const other = await page.context().newPage();
    const asked = [];
    other.on('request', (request) => asked.push(request.url()));
    await other.goto(page.url());
    await other.waitForSelector('.message[data-status=streaming]');
    /* By its stream, not by asking for its row again and again. */
    for (const word of ['more ', 'and ', 'more ']) {
        talk.say(word);
        await other.waitForSelector(
            `.message-body:has-text("${word.trim()}")`);
    }
    assert.equal(asked.filter((url) => url.includes('/messages')).length, 1);
    assert.equal(asked.filter((url) => url.includes('/streams/')).length, 1);
    talk.say('text.');
    talk.end();
    assert.equal((await answered(other)).text, 'Shared more and more text.');
    assert.equal(await other.locator('.message').count(), 2);
    await other.close();
    assert.equal((await answered(page)).text, 'Shared more and more text.');
});

await test('and can stop it', async () => {
    const talk = await begin('Stop it over there?');
    talk.say('On and on ');
    await growing(page, 6);
    const other = await page.context().newPage();
    await other.goto(page.url());
    await growing(other, 6);
    await other.click('.stop');
    await talk.closed;
    await answered(other, 'cancelled');
    await answered(page, 'cancelled');
    await other.close();
});

await test('a tab that is looked at again has caught up', async () => {
    const talk = await begin('Who is first?');
    talk.say('One.');
    talk.end();
    await answered(page);
    const other = await page.context().newPage();
    await other.goto(page.url());
    await ready(other);
    await answered(other);
    await ask(other, 'And who is next?');
    const second = await upstream.next();
    second.say('Two.');
    second.end();
    await answered(other);
    await other.close();
    await page.evaluate(() =>
        document.dispatchEvent(new Event('visibilitychange')));
    await page.waitForSelector('.message-body:has-text("Two.")');
    assert.equal(await page.locator('.message').count(), 4);
});

await test('a broken answer says so and can be asked for again', async () => {
    const talk = await begin('Break?');
    talk.say('It begins ');
    await growing(page, 8);
    talk.cut();
    const { text, note } = await answered(page, 'truncated');
    assert.equal(text.trim(), 'It begins');
    assert.match(note, /Retry/);
    await screenshot(page, '6-broken');
    const before = messages().filter(([role]) => role === 'user').length;
    await page.click('[data-action=retry]');
    const again = await upstream.next();
    again.say('All of it.');
    again.end();
    assert.equal((await answered(page)).text, 'All of it.');
    assert.equal(messages().filter(([role]) => role === 'user').length, before,
        'the message was not sent twice');
    assert.equal(await page.locator('[data-action=retry]').count(), 0);
});

await test('retry works after a reload, too', async () => {
    const talk = await begin('Break again?');
    talk.say('Some ');
    await growing(page, 4);
    talk.cut();
    await answered(page, 'truncated');
    await page.reload();
    await ready(page);
    await answered(page, 'truncated');
    await page.click('[data-action=retry]:has-text("Retry")');
    const again = await upstream.next();
    again.say('Whole.');
    again.end();
    assert.equal((await answered(page)).text, 'Whole.');
});

await test('a model that refuses is reported in words', async () => {
    const talk = await begin('Refused?');
    talk.refuse(401);
    const { note } = await answered(page, 'failed');
    assert.ok(note.length > 10, note);
    assert.ok(!note.includes('{'), note);
});

await test('offline is said, and ends by itself', async () => {
    await page.goto(`${server.url}/#/`);
    await page.waitForSelector('#welcome:not([hidden])');
    await ask(page, 'First.');
    const first = await upstream.next();
    first.say('Yes.');
    first.end();
    await answered(page);
    await page.context().setOffline(true);
    await ask(page, 'Offline?');
    await page.waitForSelector('#banner[data-state=offline]:not([hidden])');
    await screenshot(page, '7-offline');
    await page.context().setOffline(false);
    const talk = await upstream.next();
    await page.waitForSelector('#banner', { state: 'hidden' });
    talk.say('Back.');
    talk.end();
    assert.equal((await answered(page)).text, 'Back.');
});

await test('no script failed and the policy forbade nothing', () => {
    assert.deepEqual(page.problems, []);
});

await test('the server ends cleanly when told to', async () => {
    assert.equal(await server.end('SIGTERM'), 0);
});

finish();
