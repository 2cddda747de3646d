/*
 * chat_safety.mjs - markup from outside stays text wherever it is shown, and no
 * other page gets hold of this one.
 *
 * SPDX-License-Identifier: MIT
 */
import { createServer } from 'node:http';
import { answered, ask, openPage, ready } from './support/browser.mjs';
import { newDatabase, startServer } from './support/server.mjs';
import { startModel } from '../net/support/chat.mjs';
import { assert, finish, test } from './support/tap.mjs';

const EVIL = '<img src=x onerror="window.harmed=1"><script>harmed=1</script>';

const model = await startModel((talk) => {
    const { messages } = talk.question;
    talk.say(/<chunk index/.test(messages.at(-1).content)
        ? JSON.stringify({ course: { code: EVIL, title: EVIL,
            instructor: EVIL, term: EVIL },
        units: [{ number: 1, title: EVIL, topics: [EVIL] }],
        assessments: [{ name: EVIL, weight_percent: 5, due: EVIL }],
        books: [EVIL] })
        : `${EVIL}\n\n# ${EVIL}\n\n| ${EVIL} |\n|---|\n\n[a](javascript:a) `
            + `[b](data:text/html,b)\n\n\`\`\`${EVIL}\n${EVIL}\n\`\`\``);
    talk.end();
});
const server = await startServer({ db: newDatabase(), upstream: model.url });
const page = await openPage(server.url);

async function checkUnharmed(where) {
    assert.equal(await page.evaluate(() => window.harmed), undefined, where);
    assert.equal(await page.locator('main img, main script, nav script, '
        + 'nav img:not(.brand img), .toasts img').count(), 0, where);
    assert.deepEqual(page.problems, [], where);
}

await test('in a question, its title and its answer', async () => {
    await ask(page, EVIL);
    const { text } = await answered(page);
    assert.ok(text.includes('<script>harmed=1</script>'));
    await page.waitForSelector('#sessions .side-name');
    assert.ok((await page.innerText('#sessions .side-name'))
        .startsWith('<img src=x'));
    assert.ok((await page.innerText('#title')).startsWith('<img src=x'));
    assert.equal(await page.locator('.message-body a').count(), 0);
    await checkUnharmed('conversation');
    await page.reload();
    await ready(page);
    await answered(page);
    await checkUnharmed('after a reload');
});

await test('in the name of a document and the facts that were found',
    async () => {
        await page.setInputFiles('#picker', { name: `${EVIL.slice(0, 37)}.md`,
            mimeType: 'text/markdown', buffer: Buffer.from(EVIL) });
        await page.click('[data-action=extract]');
        await page.waitForSelector('.course');
        assert.ok((await page.innerText('.course')).includes(EVIL));
        await checkUnharmed('document');
    });

await test('in the name of a file that is refused', async () => {
    await page.setInputFiles('#picker', { name: '<img src=x>.png',
        mimeType: 'image/png', buffer: Buffer.from('x') });
    await page.waitForSelector('.toast:has-text("<img src=x>.png")');
    await checkUnharmed('toast');
});

await test('the cookie is out of reach of scripts', async () => {
    assert.equal(await page.evaluate(() => document.cookie), '');
});

await test('another page can neither frame it nor speak for its user',
    async () => {
        const evil = createServer((request, response) => {
            response.setHeader('Content-Type', 'text/html');
            response.end('<!doctype html>'
                + `<iframe src="${server.url}"></iframe>`);
        });
        await new Promise((resolve) => evil.listen(0, '127.0.0.1', resolve));
        const other = await page.context().newPage();
        /* The same host, so that even a strict cookie comes along. */
        await other.goto(`http://127.0.0.1:${evil.address().port}/`);
        const frame = other.frames().find((one) => one.parentFrame());
        await frame.waitForLoadState().catch(() => {});
        assert.equal(await frame.evaluate(() =>
            document.getElementById('message') === null).catch(() => true),
        true, 'it is not shown in a frame');
        const results = await other.evaluate(async (url) => {
            const tried = [];
            for (const [type, mode] of [['application/json', 'cors'],
                ['text/plain', 'no-cors'], ['text/plain', 'cors']]) {
                try {
                    const response = await fetch(`${url}/api/v1/documents`, {
                        method: 'POST', credentials: 'include', mode,
                        body: 'planted', headers: { 'Content-Type': type } });
                    tried.push(response.type === 'opaque' ? 'unseen'
                        : response.status);
                } catch {
                    tried.push('failed');
                }
            }
            return tried;
        }, server.url);
        assert.deepEqual(results, ['failed', 'unseen', 'failed']);
        const names = await page.evaluate(async () =>
            (await (await fetch('/api/v1/documents')).json()).documents
                .map((one) => one.bytes));
        assert.equal(names.length, 1, 'nothing was planted');
        await other.close();
        evil.close();
    });

await test('it ends with status 0', async () => {
    assert.equal(await server.end('SIGTERM'), 0);
    await model.stop();
});
finish();
