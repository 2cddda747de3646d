/*
 * chat_faults.mjs - each fault of the upstream, as the person before the page
 * sees it: what came of the answer, in words what went wrong, and a way on.
 *
 * SPDX-License-Identifier: MIT
 */
import { answered, ask, openPage, ready, screenshot }
    from './support/browser.mjs';
import { FAULTS, startFaulty, together } from '../net/support/faults.mjs';
import { assert, finish, test } from './support/tap.mjs';

const QUESTION = 'What is there?';
const AT_A_TIME = 3;
const PICTURES = ['stall', '429', 'empty', 'filter'];

/* What stands below the answer, by the code of its error or its finish. */
const NOTES = {
    upstream_timeout: /did not answer in time|fell silent/,
    truncated: /broke in the middle|was cut/,
    upstream_media_type: /something else than a stream/,
    upstream_status: /busy|failed|refused/,
    upstream_error: /error|could not be read/,
    length: /greatest length/,
    content_filter: /content filter/,
    stop: /^$/,
};

/* A browser's context costs a second, so pages are used again.  To a new
 * server their cookie is a stranger's. */
const pages = [];

async function withPage(fault, use) {
    const server = await startFaulty(fault);
    let page = pages.pop();
    if (page === undefined) {
        page = await openPage(server.url);
    } else {
        await page.goto(server.url);
        await ready(page);
    }
    try {
        await use(page);
        assert.deepEqual(page.problems, []);
    } finally {
        pages.push(page);
        await server.end('SIGKILL');
    }
}

const body = (page) => page.locator('.message-body').last();

let answer = '';

await test('without a fault there is an answer and nothing below it', () =>
    withPage(null, async (page) => {
        await ask(page, QUESTION);
        ({ text: answer } = await answered(page));
        assert.match(answer, /offline/i);
        assert.equal(await page.locator('.message-note:visible').count(), 0);
    }));

/* How the page has it: what came in part broke off. */
function statusOf(row) {
    return row.status === 'complete' ? 'complete'
        : row.text === 'none' ? 'failed' : 'truncated';
}

async function checkFault(row, page) {
    await ask(page, QUESTION);
    const { text, note } = await answered(page, statusOf(row));
    if (PICTURES.includes(row.fault)) {
        await screenshot(page, `fault-${row.fault}`);
    }
    if (row.text === 'all') {
        assert.equal(text, answer);
    } else if (row.text === 'none') {
        assert.equal(await body(page).innerText(), '');
    } else {
        assert.ok(text.trim().length > 0 && text.length < answer.length);
    }
    const isEmpty = row.fault === 'empty';
    assert.match(note, isEmpty ? /without a word/
        : NOTES[row.code ?? row.finish]);
    assert.doesNotMatch(await page.innerText('body'),
        /asked for|Welcome|not connected|server_error|\{"/);
    /* Nothing runs any more, and the next message can be written. */
    assert.ok(await page.isVisible('.send'));
    assert.ok(await page.isHidden('#banner'));
    assert.equal(await page.locator('[data-action=retry]').count(),
        (row.code !== null && row.retryable) || isEmpty ? 1 : 0);
    /* After a reload it is still told that it is not whole. */
    await page.reload();
    await ready(page);
    await page.waitForSelector('.message[data-role=assistant]');
    assert.equal(await body(page).innerText(), text.trimEnd());
    assert.equal(await page.locator('.message').count(), 2);
    assert.equal(await page.locator('.message-note:visible').count(),
        row.status === 'complete' && row.finish === 'stop' && !isEmpty
            ? 0 : 1);
}

const checked = together(FAULTS, AT_A_TIME, (row) => withPage(row.fault,
    (page) => checkFault(row, page)));
for (const row of FAULTS) {
    await test(`fault ${row.fault} is told and leaves a way on`,
        () => checked.get(row));
}

await test('503 twice is tried again without a word', () =>
    withPage('flaky', async (page) => {
        await ask(page, QUESTION);
        assert.equal((await answered(page)).text, answer);
        assert.equal(await page.locator('.message').count(), 2);
    }));

finish();
