/*
 * layout.mjs - narrow and dark screens, the keyboard, and what a screen reader
 * is told.
 *
 * SPDX-License-Identifier: MIT
 */
import { answered, ask, growing, openPage, screenshot }
    from './support/browser.mjs';
import { newDatabase, startServer } from './support/server.mjs';
import { startUpstream } from './support/upstream.mjs';
import { assert, finish, test } from './support/tap.mjs';

const ANSWER = '# Deadlines\n\n| What | When |\n|---|---|\n' +
    '| Midterm | 21 October 2026 |\n\n> A quotation of some length, so that ' +
    'it has to be broken.\n\n```\n' + 'long line of code '.repeat(12) +
    '\n```\n\nhttps://example.org/' + 'x'.repeat(120) + '\n';

const upstream = await startUpstream();
const server = await startServer({ db: newDatabase(), upstream: upstream.url });

async function converse(page) {
    await ask(page, 'Which deadlines are there?');
    const talk = await upstream.next();
    talk.say(ANSWER);
    talk.end();
    await answered(page);
}

function overflow(page) {
    return page.evaluate(() =>
        document.documentElement.scrollWidth - window.innerWidth);
}

for (const [width, scheme] of [[320, 'light'], [390, 'dark'], [1280, 'dark']]) {
    await test(`nothing sticks out at ${width} pixels, ${scheme}`, async () => {
        const page = await openPage(server.url, { colorScheme: scheme,
            viewport: { width, height: 760 } });
        assert.ok(await overflow(page) <= 0);
        await converse(page);
        assert.ok(await overflow(page) <= 0);
        const box = await page.locator('.message-body').last().boundingBox();
        assert.ok(box.x >= 0 && box.x + box.width <= width);
        await screenshot(page, `9-${scheme}-${width}`);
        await page.context().close();
    });
}

await test('a long title leaves the button of the side its size', async () => {
    const page = await openPage(server.url,
        { viewport: { width: 390, height: 760 } });
    const size = () => page.locator('#side-open').boundingBox();
    const { width } = await size();
    await page.evaluate(() => {
        document.getElementById('title').textContent = 'long '.repeat(40);
    });
    assert.equal((await size()).width, width);
    await page.context().close();
});

await test('the side slides in and out, with the focus', async () => {
    const page = await openPage(server.url,
        { viewport: { width: 390, height: 760 } });
    assert.ok(await page.isHidden('#new-chat'));
    await page.click('#side-open');
    await page.waitForSelector('#new-chat', { state: 'visible' });
    assert.ok(await page.evaluate(() =>
        document.getElementById('side').contains(document.activeElement)));
    await page.keyboard.press('Escape');
    await page.waitForSelector('#new-chat', { state: 'hidden' });
    assert.equal(await page.evaluate(() => document.activeElement.id),
        'side-open');
    await page.context().close();
});

const page = await openPage(server.url);

await test('the keyboard reaches everything, and shows where it is',
    async () => {
        await page.evaluate(() => document.activeElement.blur());
        const reached = [];
        for (let step = 0; step < 12; step += 1) {
            await page.keyboard.press('Tab');
            reached.push(await page.evaluate(() => {
                const { activeElement: at } = document;
                const { outlineStyle } = getComputedStyle(at);
                /* Of the text field the frame around it tells; after the last
                 * element the browser's own come, and here that is the body. */
                const framed = ['TEXTAREA', 'BODY'].includes(at.tagName) ||
                    outlineStyle !== 'none';
                return `${at.id || at.className}${framed ? '' : ' unseen'}`;
            }));
        }
        for (const id of ['new-chat', 'add-document', 'message', 'attach']) {
            assert.ok(reached.includes(id), `${id} in ${reached}`);
        }
        assert.ok(!reached.some((id) => id.endsWith('unseen')),
            reached.join());
    });

await test('everything to press has a name', async () => {
    const nameless = await page.$$eval('button, a, input, textarea',
        (elements) => elements.filter((element) => !element.hidden &&
            !(element.getAttribute('aria-label') ||
                element.labels?.length || element.textContent.trim()))
            .map((element) => element.outerHTML));
    assert.deepEqual(nameless, []);
});

await test('an answer is read out in sentences, and its end is told',
    async () => {
        await ask(page, 'Tell me.');
        const talk = await upstream.next();
        talk.say('One whole sentence. And a half');
        await growing(page, 10);
        const polite = page.locator('#announcer');
        assert.equal(await polite.getAttribute('aria-live'), 'polite');
        await page.waitForSelector(
            '#announcer p:has-text("One whole sentence.")',
            { state: 'attached' });
        assert.ok(!(await polite.textContent()).includes('half'));
        talk.end();
        await answered(page);
        assert.match(await polite.textContent(),
            /And a half.*The answer is complete\./s);
    });

await test('who asked for less motion gets none', async () => {
    const still = await openPage(server.url, { reducedMotion: 'reduce' });
    assert.equal(await still.evaluate(() =>
        getComputedStyle(document.querySelector('.side')).transitionDuration
            .split(',').every((time) => parseFloat(time) < 0.001)), true);
    assert.deepEqual([...still.problems, ...page.problems], []);
    await still.context().close();
});

await test('the server ends cleanly when told to', async () => {
    assert.equal(await server.end('SIGTERM'), 0);
});

finish();
