/*
 * chat_looks.mjs - every view in light and dark, wide and narrow: nothing
 * sticks out, everything can be read, and what can be pressed is large enough.
 *
 * SPDX-License-Identifier: MIT
 */
import { join } from 'node:path';
import { answered, ask, openPage, screenshot } from './support/browser.mjs';
import { newDatabase, startServer } from './support/server.mjs';
import { startModel } from '../net/support/chat.mjs';
import { assert, finish, test } from './support/tap.mjs';

const SAMPLE = join(process.env.TOP ?? process.cwd(),
    'examples/chat/samples/networked-systems-syllabus.md');

const model = await startModel((talk) => {
    const text = talk.question.messages.at(-1).content;
    if (/<chunk index="1"/.test(text)) {
        talk.refuse(400);
        return;
    }
    talk.say(/<chunk index/.test(text)
        ? JSON.stringify({ course: { code: 'CS 342', title: 'Systems',
            instructor: 'Dr. A', term: 'Autumn 2026' },
        units: [{ number: 1, title: 'Foundations of networking',
            topics: ['Layers', 'Delay'] }],
        assessments: [{ name: 'Examination', weight_percent: 60,
            due: '21 October 2026' }], books: ['Kurose and Ross'] })
        : '## A heading\n\nSome *words*, `code` and [a link](https://a.b/).\n\n'
            + '> quoted\n\n| a | b |\n|---|---|\n| c | d |\n\n'
            + '```\ncode\n```\n');
    if (text === 'Break.') {
        setTimeout(() => talk.cut(), 100);
    } else {
        talk.end();
    }
});
const server = await startServer({ db: newDatabase(), upstream: model.url,
    log: 'ignore' });

/* Texts whose contrast is less than WCAG's level AA asks for. */
function faint(page) {
    return page.evaluate(() => {
        const parse = (text) => {
            const [r, g, b, a = 1] = text.match(/[\d.]+/g).map(Number);
            return [r, g, b, a];
        };
        const over = ([r, g, b, a], [R, G, B]) =>
            [r * a + R * (1 - a), g * a + G * (1 - a), b * a + B * (1 - a), 1];
        const light = ([r, g, b]) => {
            const part = (value) => value <= 10.31 ? value / 255 / 12.92
                : ((value / 255 + 0.055) / 1.055) ** 2.4;
            return 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
        };
        const behind = (element) => {
            const layers = [];
            for (let at = element; at; at = at.parentElement) {
                layers.push(parse(getComputedStyle(at).backgroundColor));
            }
            return layers.reduceRight((below, layer) => over(layer, below),
                [255, 255, 255, 1]);
        };
        const found = [];
        for (const element of document.querySelectorAll('body *')) {
            const own = [...element.childNodes].some((node) =>
                node.nodeType === Node.TEXT_NODE && node.data.trim() !== '');
            const box = element.getBoundingClientRect();
            if (!own || box.width < 2 || box.height < 2 ||
                element.closest(':disabled, .visually-hidden, [hidden]') ||
                !element.checkVisibility({ visibilityProperty: true })) {
                continue;
            }
            const style = getComputedStyle(element);
            const back = behind(element);
            const [one, other] = [light(over(parse(style.color), back)),
                light(back)].sort((a, b) => b - a);
            const ratio = (one + 0.05) / (other + 0.05);
            const size = parseFloat(style.fontSize);
            const large = size >= 24 || (size >= 18.6 &&
                Number(style.fontWeight) >= 600);
            if (ratio < (large ? 3 : 4.5)) {
                found.push(`${element.textContent.trim().slice(0, 30)}: ${
                    ratio.toFixed(2)}`);
            }
        }
        return found;
    });
}

/* Buttons and links beside text that a thumb would miss. */
function small(page) {
    return page.$$eval('button, .side-item, .new-chat', (elements) => elements
        .filter((element) => element.checkVisibility(
            { visibilityProperty: true }))
        .map((element) => [element, element.getBoundingClientRect()])
        .filter(([, box]) => box.width > 0 &&
            (box.width < 24 || box.height < 24))
        .map(([element]) => element.outerHTML.slice(0, 80)));
}

async function check(page, name) {
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth -
        window.innerWidth) <= 0, `${name} sticks out`);
    assert.deepEqual(await faint(page), [], name);
    assert.deepEqual(await small(page), [], name);
    await screenshot(page, `looks-${name}`);
}

for (const [width, scheme] of [[1280, 'light'], [1280, 'dark'], [360, 'light'],
    [360, 'dark']]) {
    await test(`everything can be read at ${width} pixels, ${scheme}`,
        async () => {
            const page = await openPage(server.url, { colorScheme: scheme,
                viewport: { width, height: 800 } });
            const name = (what) => `${what}-${scheme}-${width}`;
            await check(page, name('welcome'));
            await ask(page, 'Say something.');
            await answered(page);
            await check(page, name('answer'));
            await ask(page, 'Break.');
            await answered(page, 'truncated');
            await check(page, name('broken'));
            await page.setInputFiles('#picker', SAMPLE);
            await page.waitForSelector('[data-action=extract]');
            await check(page, name('offer'));
            await page.click('[data-action=extract]');
            await page.waitForSelector('.course');
            await check(page, name('course'));
            await page.context().setOffline(true);
            await page.waitForSelector('#banner:not([hidden])');
            await check(page, name('offline'));
            if (width < 800) {
                await page.click('#side-open');
                await page.waitForSelector('#new-chat', { state: 'visible' });
                await page.waitForTimeout(400);
                await check(page, name('side'));
            }
            assert.deepEqual(page.problems, []);
            await page.context().close();
        });
}

await test('the server ends cleanly when told to', async () => {
    assert.equal(await server.end('SIGTERM'), 0);
    await model.stop();
});
finish();
