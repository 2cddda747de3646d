/*
 * serve_nginx.mjs - `sse serve` behind nginx as docs/deploy.md has it, with a
 * Chromium that reads over TLS and HTTP/2.
 *
 * SPDX-License-Identifier: MIT
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { assert, finish, PATIENCE_MS, test, until }
    from '../web/support/tap.mjs';
import { makeCertificate } from './support/certificate.mjs';
import { startNginx } from './support/nginx.mjs';
import { Serve } from './support/serve.mjs';

const wait = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

/* The block of the text, with the names of this machine. */
const text = readFileSync(`${process.env.TOP}/docs/deploy.md`, 'utf8');
const block = /```nginx\nserver \{\n([\s\S]*?)\n\}\n```/.exec(text)[1];
const { cert, key } = makeCertificate();

async function behindNginx(...args) {
    const serve = await Serve.start('--retry-ms', '50', ...args);
    const words = /^ *listen 443 (.*);$/m.exec(block)[1];
    const server = block.replace(/^ *(listen|server_name) .*\n/gm, '')
        .replaceAll('127.0.0.1:8080', `127.0.0.1:${serve.port}`)
        .replace(/ssl_certificate \S+;/, `ssl_certificate ${cert};`)
        .replace(/ssl_certificate_key \S+;/, `ssl_certificate_key ${key};`);
    const nginx = await startNginx({ listen: words, server });
    const url = `https://localhost:${nginx.port}`;
    const close = async () => {
        serve.run.kill('SIGKILL');
        await nginx.close();
    };
    return { serve, url, close };
}

async function launch(tries) {
    try {
        return await chromium.launch({
            executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
            args: ['--headless', '--no-sandbox', '--disable-gpu',
                '--disable-quic', '--no-first-run'],
            timeout: 40000,
        });
    } catch (error) {
        if (tries === 1) {
            throw error;
        }
        return launch(tries - 1);
    }
}
const browser = await launch(3);

/** A page that reads topics and notes what comes. */
async function openReader(url, ...topics) {
    const context = await browser.newContext({ ignoreHTTPSErrors: true });
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    await page.goto(`${url}/healthz`);
    await page.evaluate((names) => {
        window.got = names.map(() => []);
        window.opened = 0;
        window.sources = names.map((name, i) => {
            const source = new EventSource(`/topic/${name}`);
            source.onopen = () => { window.opened += 1; };
            source.onmessage = (event) => {
                window.got[i].push([event.data, event.lastEventId]);
            };
            source.addEventListener('gap', () => {
                window.got[i].push(['gap', '']);
            });
            return source;
        });
    }, topics);
    await page.waitForFunction((count) => window.opened >= count,
        topics.length);
    return page;
}

const got = (page, i = 0) => page.evaluate((k) => window.got[k], i);
const texts = async (page, i) => (await got(page, i)).map(([data]) => data);

await test('events come one by one, over HTTP/2', async () => {
    const rig = await behindNginx();
    const page = await openReader(rig.url, 'a');
    for (let i = 0; i < 5; i += 1) {
        const id = await rig.serve.publish('a', `event ${i}`);
        await until('the event', async () => (await got(page)).length > i);
        const [data, last] = (await got(page))[i];
        assert.deepEqual([data, last], [`event ${i}`, id]);
    }
    const protocol = await page.evaluate(async () => {
        await (await fetch('/healthz')).text();
        return performance.getEntriesByType('resource').at(-1)
            .nextHopProtocol;
    });
    assert.equal(protocol, 'h2');
    await rig.close();
});

await test('twenty streams share one connection', async () => {
    const rig = await behindNginx();
    const topics = Array.from({ length: 20 }, (_, i) => `t${i % 4}`);
    const page = await openReader(rig.url, ...topics);
    for (let i = 0; i < 4; i += 1) {
        await rig.serve.publish(`t${i}`, `for ${i}`);
    }
    for (let i = 0; i < 20; i += 1) {
        await until('the event', async () => (await got(page, i)).length > 0);
        assert.deepEqual(await texts(page, i), [`for ${i % 4}`]);
    }
    await rig.close();
});

await test('streams that end or break resume without loss', async () => {
    const rig = await behindNginx('--lifetime', '600');
    const page = await openReader(rig.url, 'a');
    const children = (pid) => execFileSync('pgrep', ['-P', String(pid),
        'nginx'], { encoding: 'utf8' }).trim().split('\n').map(Number);
    /* Who has no id yet, and whose stream ends, misses what comes between. */
    await until('an id to resume from', async () => {
        await rig.serve.publish('a', 'begin');
        return (await got(page)).length > 0;
    });
    for (let i = 0; i < 150; i += 1) {
        await rig.serve.publish('a', String(i));
        if (i === 50 || i === 100) {
            const [master] = children(process.pid);
            children(master).forEach((pid) => process.kill(pid, 'SIGKILL'));
        }
        await wait(15);
    }
    await until('the last event', async () =>
        (await texts(page)).at(-1) === '149');
    assert.deepEqual((await texts(page)).filter((one) => one !== 'begin'),
        Array.from({ length: 150 }, (_, i) => String(i)));
    assert.ok(await page.evaluate(() => window.opened) > 3);
    await rig.close();
});

await test('metrics stay inside', async () => {
    const rig = await behindNginx();
    const page = await openReader(rig.url, 'a');
    const statuses = await page.evaluate(() => Promise.all(
        ['/healthz', '/metrics'].map(async (path) =>
            (await fetch(path)).status)));
    assert.deepEqual(statuses, [200, 404]);
    await rig.close();
});

await browser.close();
finish();
