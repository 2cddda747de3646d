/*
 * flow.mjs - the whole way of a new user: a document goes in, its facts come
 * out, a question about it is answered while one watches, and all of it is in
 * the database.
 *
 * SPDX-License-Identifier: MIT
 */
import { join } from 'node:path';
import { answered, ask, growing, lastMessage, openPage, ready, screenshot }
    from './support/browser.mjs';
import { newDatabase, startServer } from './support/server.mjs';
import { rows } from './support/rows.mjs';
import { assert, finish, test } from './support/tap.mjs';

const SAMPLES = join(process.env.TOP ?? process.cwd(), 'examples/chat/samples');
const SYLLABUS = 'networked-systems-syllabus.md';
const QUESTION = 'When is the midterm examination?';

const UNITS = [
    'Foundations of networking',
    'Application protocols and HTTP',
    'Streaming to the browser',
    'Reliable transport',
    'Routing and the Internet',
    'Wireless and local networks',
    'Security of networked systems',
    'Building services that survive',
];

const ASSESSMENTS = [
    ['Problem sets', 20, '21 September 2026'],
    ['Laboratory reports', 15, 'one week after each laboratory'],
    ['Midterm examination', 15, '21 October 2026'],
    ['Project proposal', 5, '13 November 2026'],
    ['Project implementation and report', 20, '11 December 2026'],
    ['Final examination', 25, '16 December 2026'],
];

const db = newDatabase();
/* A word each 40 ms: what grows is to be seen growing on a slow machine, too. */
const server = await startServer({ db,
    env: { SSE_CHAT_OFFLINE_DELAY_MS: '40' } });
const page = await openPage(server.url);

/* Everything a growing element showed, in order. */
function record(selector, attribute) {
    return page.evaluate(([which, name]) => {
        window.seen = [];
        new MutationObserver(() => {
            const found = [...document.querySelectorAll(which)].at(-1);
            const value = name ? found?.getAttribute(name) : found?.innerText;
            if (value && value !== window.seen.at(-1)) {
                window.seen.push(value);
            }
        }).observe(document.querySelector('main'), { childList: true,
            subtree: true, characterData: true, attributes: Boolean(name) });
    }, [selector, attribute]);
}

const texts = (selector) => page.locator(selector).allInnerTexts();

await test('a new user finds the page', async () => {
    assert.equal(await page.title(), 'New conversation · sse-chat');
    assert.ok(await page.isVisible('#welcome-add'));
    const [cookie] = await page.context().cookies();
    assert.equal(cookie.name, 'sse_chat');
    assert.equal(cookie.httpOnly, true);
    assert.equal(cookie.sameSite, 'Lax');
    await screenshot(page, '1-new');
});

await test('the policy allows nothing inline and nothing foreign', async () => {
    const response = await page.request.get(server.url);
    const policy = response.headers()['content-security-policy'];
    for (const rule of ["default-src 'none'", "script-src 'self'",
        "style-src 'self'", "connect-src 'self'"]) {
        assert.ok(policy.includes(rule), `${rule} in ${policy}`);
    }
    assert.ok(!policy.includes('unsafe'), policy);
});

await test('a document is added', async () => {
    await page.setInputFiles('#picker', join(SAMPLES, SYLLABUS));
    await page.waitForSelector('[data-action=extract]');
    assert.deepEqual(await texts('#documents .side-name'), [SYLLABUS]);
});

await test('its reading is watched up to 100 percent', async () => {
    await record('progress', 'value');
    await page.click('[data-action=extract]');
    await page.waitForSelector('progress');
    assert.ok(await page.getByRole('progressbar').getAttribute(
        'aria-labelledby'));
    await screenshot(page, '2-reading');
    await page.waitForSelector('.course');
    const seen = (await page.evaluate(() => window.seen)).map(Number);
    assert.ok(seen.length >= 3, `seen: ${seen}`);
    assert.deepEqual(seen, [...seen].sort((one, other) => one - other));
    assert.equal(seen.at(-1), 100);
    await screenshot(page, '3-course');
});

await test('the table says what the syllabus says', async () => {
    assert.equal(await page.innerText('.course-head h3'), 'Networked Systems');
    assert.deepEqual(await texts('.course-head dd'),
        ['CS 342', 'Dr. Ingrid Halvorsen', 'Autumn 2026']);
    assert.deepEqual(await texts('.units tbody th'), UNITS);
    assert.deepEqual(await texts('.units td.number'),
        UNITS.map((_, index) => String(index + 1)));
    const topics = await texts('.units tr:nth-child(3) .topics li');
    assert.equal(topics.length, 4);
    assert.match(topics[1], /^Server-sent events: framing/);
});

await test('assessments with weights and dates, books and sources',
    async () => {
        const found = await page.$$eval('.assessments tbody tr', (lines) =>
            lines.map((line) => [...line.children].map((cell) =>
                cell.innerText.trim())));
        const sum = found.pop();
        assert.deepEqual(sum.slice(0, 2), ['Sum', '100 %']);
        assert.equal(found.length, ASSESSMENTS.length);
        ASSESSMENTS.forEach(([name, weight, due], index) => {
            assert.ok(found[index][0].startsWith(name), found[index][0]);
            assert.equal(found[index][1], `${weight} %`);
            assert.ok(found[index][2].includes(due), found[index][2]);
        });
        const books = await texts(
            '[aria-labelledby=course-books] .plain-list li');
        assert.equal(books.length, 4);
        assert.match(books[0], /Kurose.*Computer Networking/s);
        assert.match((await texts('.sources'))[0], /networked-systems/);
    });

await test('an answer about it streams in', async () => {
    await page.click('#new-chat');
    await record('.message[data-role=assistant] .message-body');
    await ask(page, QUESTION);
    await growing(page, 40);
    await screenshot(page, '4-streaming');
    const { text } = await answered(page);
    const seen = await page.evaluate(() => window.seen);
    assert.ok(seen.length >= 3, `${seen.length} states`);
    assert.ok(seen[0].length < text.length / 2, 'it did not come at once');
    assert.match(text, /21 October 2026/);
    assert.ok(text.includes(SYLLABUS), text);
    await screenshot(page, '5-answer');
});

await test('it can be copied', async () => {
    await page.context().grantPermissions(['clipboard-read',
        'clipboard-write']);
    /* It says so for a moment only, so somebody must be waiting for it. */
    await Promise.all([
        page.waitForSelector('[data-action=copy]:has-text("Copied")'),
        page.click('[data-action=copy]')]);
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    const [[content]] = rows(db, 'content',
        "FROM messages WHERE role = 'assistant'");
    assert.equal(copied, content);
});

await test('after a reload it is still there', async () => {
    const { text } = await lastMessage(page);
    await page.reload();
    await ready(page);
    const again = await answered(page);
    assert.equal(again.text, text);
    assert.equal(await page.innerText('#title'), QUESTION);
    assert.equal(await page.getAttribute('#sessions .side-item',
        'aria-current'), 'page');
});

await test('the result is still there, too', async () => {
    await page.click('#documents .side-item');
    await page.waitForSelector('.course');
    assert.equal((await texts('.units tbody th')).length, UNITS.length);
});

await test('a second document is dropped onto the page', async () => {
    await page.evaluate(() => {
        const data = new DataTransfer();
        data.items.add(new File(['Benches are locked at 20:00.\n'],
            'rules.txt', { type: 'text/plain' }));
        const send = (type) => document.body.dispatchEvent(
            new DragEvent(type, { bubbles: true, cancelable: true,
                dataTransfer: data }));
        send('dragenter');
        window.veilShown = !document.getElementById('veil').hidden;
        send('drop');
    });
    await page.waitForSelector('#documents li:nth-child(2)');
    assert.equal(await page.evaluate(() => window.veilShown), true);
    assert.ok(await page.isHidden('#veil'));
    assert.deepEqual(await texts('#documents .side-name'),
        ['rules.txt', SYLLABUS]);
});

await test('where there is no course, that is said', async () => {
    await page.click('[data-action=extract]');
    await page.waitForSelector('.course-empty');
    assert.equal(await page.locator('.course').count(), 0);
});

await test('a file of another kind is refused with a word', async () => {
    await page.setInputFiles('#picker', { name: 'photo.png',
        mimeType: 'image/png', buffer: Buffer.from('x') });
    await page.waitForSelector('.toast:has-text("photo.png")');
    assert.equal(await page.locator('#documents li').count(), 2);
});

await test('all of it is in the database', async () => {
    assert.deepEqual(rows(db, 'role, status, content',
        'FROM messages ORDER BY seq LIMIT 1'),
    [['user', 'complete', QUESTION]]);
    assert.deepEqual(rows(db, 'role, status, finish_reason',
        'FROM messages ORDER BY seq LIMIT -1 OFFSET 1'),
    [['assistant', 'complete', 'stop']]);
    assert.deepEqual(rows(db, 'name, media_type, length(content) > 10000',
        'FROM documents ORDER BY seq'),
    [[SYLLABUS, 'text/markdown', 1], ['rules.txt', 'text/plain', 0]]);
    const [[status, result]] = rows(db, 'status, result',
        'FROM extractions ORDER BY seq LIMIT 1');
    assert.equal(status, 'complete');
    assert.equal(JSON.parse(result).units.length, UNITS.length);
});

await test('no script failed and the policy forbade nothing', () => {
    assert.deepEqual(page.problems, []);
});

await test('the server ends cleanly when told to', async () => {
    assert.equal(await server.end('SIGTERM'), 0);
});

finish();
