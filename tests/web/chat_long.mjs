/*
 * chat_long.mjs - a document of hundreds of pages goes through the page: with
 * reloads, a restart of the server and parts that fail.
 *
 * SPDX-License-Identifier: MIT
 */
import { openPage, ready, screenshot } from './support/browser.mjs';
import { freePort } from './support/port.mjs';
import { newDatabase, startServer } from './support/server.mjs';
import { startModel } from '../net/support/chat.mjs';
import { assert, diagnose, finish, test, until } from './support/tap.mjs';

const PAGES = 400;   /* of some 2,000 characters */
const UNITS = PAGES / 4;

function book(pages) {
    const parts = ['# Operating Systems\n\nCourse code: CS 377\n'];
    for (let i = 0; i < pages; i++) {
        if (i % 4 === 0) {
            parts.push(`## Unit ${i / 4 + 1}: Chapter of page ${i}\n`);
        }
        parts.push(`${`Page ${i} explains at some length what a system does `
            + 'when nobody looks. '}`.repeat(29));
    }
    return parts.join('\n\n');
}

/* Tells the units that stand in a part, when it is let. */
const waiting = [];
let plan = (talk) => talk.answer();
const model = await startModel((talk) => {
    const text = talk.question.messages.at(-1).content;
    talk.answer = () => {
        talk.say(JSON.stringify({ course: { title: 'Operating Systems',
            code: 'CS 377' }, units: [...text.matchAll(
            /^## Unit (\d+): (.+)$/gm)].map((one) =>
            ({ number: Number(one[1]), title: one[2], topics: [] })),
        assessments: [], books: [] }));
        talk.end();
    };
    plan(talk);
});
const db = newDatabase();
let server = await startServer({ db, upstream: model.url,
    port: await freePort() });
const page = await openPage(server.url);

const percent = async () => Number(await page.getAttribute('progress',
    'value'));

function letGo(count) {
    waiting.splice(0, count).forEach((talk) => talk.answer());
}

async function add(name, text) {
    await page.setInputFiles('#picker', { name, mimeType: 'text/markdown',
        buffer: Buffer.from(text) });
    await page.waitForSelector(`.document-head h2:has-text("${name}")`);
    await page.waitForSelector('[data-action=extract]');
}

await test('the offline upstream reads hundreds of pages', async () => {
    const own = await startServer({ db: newDatabase(),
        env: { SSE_CHAT_OFFLINE_DELAY_MS: '0' } });
    const other = await openPage(own.url);
    const text = book(PAGES);
    await other.setInputFiles('#picker', { name: 'book.md',
        mimeType: 'text/markdown', buffer: Buffer.from(text) });
    const begun = Date.now();
    await other.click('[data-action=extract]');
    await other.waitForSelector('.course');
    diagnose(`${PAGES} pages, ${text.length} bytes in ${
        Date.now() - begun} ms`);
    assert.equal(await other.locator('.units tbody tr').count(), UNITS);
    assert.equal(await other.innerText('.course-head h3'),
        'Operating Systems');
    assert.ok(text.length > 300 * 2000);
    await screenshot(other, 'long-course');
    assert.deepEqual(other.problems, []);
    await other.context().close();
    assert.equal(await own.end('SIGTERM'), 0);
});

await test('a large document is watched on its way to the server',
    async () => {
        const slow = await openPage(server.url,
            { viewport: { width: 390, height: 780 } });
        const network = await slow.context().newCDPSession(slow);
        await network.send('Network.enable');
        await network.send('Network.emulateNetworkConditions', {
            offline: false, latency: 5, downloadThroughput: -1,
            uploadThroughput: 3 << 19 });
        await slow.evaluate(() => {
            window.shares = [];
            new MutationObserver(() => {
                const bar = document.querySelector('#upload-status progress');
                window.shares.push(bar ? Number(bar.value) : -1);
            }).observe(document.getElementById('upload-status'),
                { subtree: true, childList: true, attributes: true });
        });
        await slow.setInputFiles('#picker', { name: 'large.txt',
            mimeType: 'text/plain',
            buffer: Buffer.from('Words and words and words.\n'
                .repeat(300000)) });
        await slow.waitForFunction(() => document.querySelector(
            '#upload-status progress')?.value > 0.2);
        assert.ok(await slow.isVisible('#upload-status'));
        assert.equal(await slow.getAttribute('#upload-status progress',
            'aria-label'), 'Adding large.txt');
        await screenshot(slow, 'long-upload');
        await slow.waitForSelector('.document-head h2:has-text("large.txt")');
        await slow.waitForSelector('#upload-status', { state: 'hidden' });
        const shares = (await slow.evaluate(() => window.shares))
            .filter((share) => share >= 0);
        assert.ok(shares.length >= 4, `${shares}`);
        assert.deepEqual(shares, [...shares].sort((a, b) => a - b));
        assert.deepEqual(slow.problems, []);
        await slow.context().close();
    });

await test('a document that is refused is told in words', async () => {
    await page.setInputFiles('#picker', { name: 'broken.txt',
        mimeType: 'text/plain', buffer: Buffer.from([0x61, 0xff, 0xfe]) });
    await page.waitForSelector('.toast:has-text("UTF-8")');
    assert.match(await page.innerText('.toast'),
        /^“broken\.txt” was not added\. The document/);
    await page.click('.toast button');
    assert.equal(await page.locator('#documents li').count(), 0);
});

await test('twenty parts are under way, and a reload does not stop them',
    async () => {
        plan = (talk) => waiting.push(talk);
        await add('long.md', book(PAGES));
        await page.click('[data-action=extract]');
        await until('twenty are asked about', () => waiting.length === 20);
        letGo(20);
        await until('it goes on', async () => await percent() > 10 &&
            waiting.length === 20);
        assert.match(await page.innerText('.stage-text'),
            /^Reading: \d+ of \d+ parts$/);
        assert.match(await page.innerText('#documents .side-detail'),
            /being read/);
        await screenshot(page, 'long-reading');
        await page.setViewportSize({ width: 320, height: 760 });
        const lines = await page.$eval('.stage-percent', (element) => {
            element.previousSibling.textContent = 'What is being done now ... '
                .repeat(2);
            return element.getBoundingClientRect().height /
                parseFloat(getComputedStyle(element).fontSize);
        });
        assert.ok(lines < 2, `the figure is broken: ${lines} em`);
        await page.setViewportSize({ width: 1280, height: 820 });
        const before = await percent();
        await page.reload();
        await ready(page);
        await page.waitForSelector('progress');
        await until('it is where it was', async () =>
            await percent() >= before);
        assert.equal(model.mostOpen, 20);
    });

await test('nor does a look at something else', async () => {
    const before = await percent();
    await page.click('#new-chat');
    await page.waitForSelector('#welcome:not([hidden])');
    letGo(10);
    await page.click('#documents .side-item');
    await page.waitForSelector('progress');
    await until('it has gone on', async () => await percent() > before);
});

await test('nor does a restart of the server', async () => {
    const before = await percent();
    await server.end('SIGKILL');
    await page.waitForSelector('#banner:not([hidden])');
    await screenshot(page, 'long-reconnecting');
    waiting.length = 0;
    server = await startServer({ db, upstream: model.url, port: server.port });
    await until('it is asked for the rest', () => waiting.length === 20);
    await page.waitForSelector('#banner', { state: 'hidden' });
    assert.ok(await percent() >= before, 'it does not begin anew');
    plan = (talk) => talk.answer();
    letGo(20);
    await page.waitForSelector('.course');
    assert.equal(await page.locator('.units tbody tr').count(), UNITS);
    const titles = await page.locator('.units tbody th').allInnerTexts();
    assert.equal(new Set(titles).size, UNITS, 'nothing is doubled');
    assert.match(await page.innerText('#documents .side-detail'),
        /facts collected/);
});

await test('parts that fail are told beside what was found', async () => {
    plan = (talk) => {
        if (/<chunk index="[12]"/.test(
            talk.question.messages.at(-1).content)) {
            talk.refuse(400);
        } else {
            talk.answer();
        }
    };
    await add('gaps.md', book(40));
    await page.click('[data-action=extract]');
    await page.waitForSelector('.course');
    assert.match(await page.innerText('.gaps'), /2 parts .* not be read/s);
    assert.ok(await page.locator('.units tbody tr').count() < 10);
    await screenshot(page, 'long-gaps');
    /* Told from the rows it is the same. */
    await page.reload();
    await ready(page);
    await page.waitForSelector('.course');
    assert.match(await page.innerText('.gaps'), /2 parts .* not be read/s);
});

await test('read again it may be whole', async () => {
    plan = (talk) => talk.answer();
    await page.click('[data-action=extract]');
    await page.waitForSelector('.course');
    await page.waitForSelector('.gaps', { state: 'detached' });
    assert.equal(await page.locator('.units tbody tr').count(), 10);
});

await test('a reading that fails is told, and can be tried again',
    async () => {
        plan = (talk) => talk.refuse(401);
        await add('refused.md', book(8));
        await page.click('[data-action=extract]');
        await page.waitForSelector('.failure');
        assert.match(await page.innerText('.failure'), /refused/);
        assert.doesNotMatch(await page.innerText('body'), /secret/);
        await screenshot(page, 'long-failure');
        plan = (talk) => talk.answer();
        await page.click('.failure [data-action=extract]');
        await page.waitForSelector('.course');
        assert.equal(await page.locator('.failure').count(), 0);
    });

await test('the keyboard does not lose its place meanwhile', async () => {
    const place = () => page.evaluate(() => document.activeElement.tagName +
        (document.activeElement.dataset.action ?? ''));
    plan = (talk) => talk.answer();
    await add('keys.md', book(8));
    await page.press('[data-action=extract]', 'Enter');
    await page.waitForSelector('.course');
    assert.equal(await place(), 'H2');
    plan = (talk) => waiting.push(talk);
    await page.press('[data-action=extract]', 'Enter');
    await page.waitForSelector('progress');
    await page.focus('[data-action=ask]');
    await until('the model is asked', () => waiting.length > 0);
    plan = (talk) => talk.answer();
    letGo(waiting.length);
    await page.waitForSelector('.course');
    assert.equal(await place(), 'BUTTONask');
});

await test('no script failed and the policy forbade nothing', async () => {
    assert.deepEqual(page.problems, []);
    assert.equal(await server.end('SIGTERM'), 0);
    await model.stop();
});
finish();
