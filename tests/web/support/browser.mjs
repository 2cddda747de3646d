/*
 * browser.mjs - a headless Chromium with the page in it.
 *
 * SPDX-License-Identifier: MIT
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { PATIENCE_MS } from './tap.mjs';

const SCREENSHOTS = join(process.env.BUILD ?? 'build', 'screenshots');

const ARGUMENTS = ['--headless', '--no-sandbox', '--disable-gpu',
    '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync'];

/* A browser that does not come up has nothing to do with what is tested, and
 * the first one on a busy machine takes its time: so it gets three tries. */
async function launch(tries) {
    try {
        return await chromium.launch({
            executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
            args: ARGUMENTS,
            timeout: 40000,
        });
    } catch (error) {
        if (tries === 1) {
            throw error;
        }
        console.log(`# again: ${String(error).split('\n')[0]}`);
        return launch(tries - 1);
    }
}

const browser = await launch(3);

/**
 * A page of a user of its own.
 *
 * @param {string} url
 * @param {object} [options]  Of playwright's newContext().
 * @return {Promise<Page>}  With two members more: `problems`, what its scripts
 *     threw and what its policy forbade, and `context()` as ever.
 */
export async function openPage(url, options = {}) {
    const context = await browser.newContext({
        viewport: { width: 1280, height: 820 }, ...options });
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    page.problems = [];
    page.on('pageerror', (error) => page.problems.push(String(error)));
    page.on('console', (message) => {
        if (/Content Security Policy|Refused to/.test(message.text())) {
            page.problems.push(message.text());
        }
    });
    await page.goto(url);
    await ready(page);
    return page;
}

/** Waits until the page has begun. */
export async function ready(page) {
    await page.waitForSelector('html[data-ready]');
}

/** Writes a message and sends it with the Enter key. */
export async function ask(page, text) {
    await page.fill('#message', text);
    await page.press('#message', 'Enter');
}

/** What the last message of the conversation looks like. */
export function lastMessage(page) {
    return page.evaluate(() => {
        const message = document.querySelector('.messages').lastElementChild;
        return message && {
            role: message.dataset.role,
            status: message.dataset.status,
            text: message.querySelector('.message-body').innerText,
            note: message.querySelector('.message-note').innerText,
        };
    });
}

/** Waits until the last message is an answer of this status. */
export async function answered(page, status = 'complete') {
    await page.waitForSelector('.message:last-child[data-role=assistant]' +
        `[data-status=${status}]`);
    return lastMessage(page);
}

/** Waits until the answer under way has at least so many characters. */
export async function growing(page, length = 1) {
    await page.waitForFunction((least) => {
        const message = document.querySelector('.messages').lastElementChild;
        return message?.dataset.status === 'streaming' &&
            message.querySelector('.message-body').innerText.length >= least;
    }, length);
    return lastMessage(page);
}

export async function screenshot(page, name) {
    mkdirSync(SCREENSHOTS, { recursive: true });
    await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`) });
}
