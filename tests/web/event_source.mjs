/*
 * event_source.mjs - Chromium's EventSource and `sse cat` before the same
 * server: what each asks for, when, and whether it comes again.
 *
 * SPDX-License-Identifier: MIT
 *
 * Each row is a list of answers, one to each request; whoever comes once more
 * gets 204, which ends both.  What is asked is noted as `PLACE ID`; a list that
 * is shorter than the answers is that of a client which stopped by itself.
 */
import { once } from 'node:events';
import net from 'node:net';
import { Run } from '../net/support/cat.mjs';
import { rows } from './support/event_source_rows.mjs';
import { openPage } from './support/browser.mjs';
import {
    assert, diagnose, finish, test,
} from './support/tap.mjs';

/* Nobody waits this long for anything in here, but for 30 s. */
const PATIENCE_MS = 20000;
/* Clocks are read in whole ms, and a machine may be busy. */
const EARLY_MS = 3;
const LATE_MS = 6000;
/* How many at a time: a browser makes six connections to a server. */
const AT_A_TIME = 5;

const HTML = 'HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n' +
    'Connection: close\r\n\r\n<!doctype html><html data-ready></html>';
const NO_MORE = 'HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n';

const notes = new Map(); /* of `CLIENT/ROW`: {asked, gaps, ended} */
const noteOf = (key) => {
    if (!notes.has(key)) {
        notes.set(key, { asked: [], gaps: [], ended: 0 });
    }
    return notes.get(key);
};

/* What of a request is looked at; header fields are bytes, ids UTF-8. */
function take(head) {
    const [, path] = head.split(' ');
    const [, client, row, ...place] = path.split('/');
    const id = /\r\nLast-Event-ID: ?([^\r]*)\r\n/i.exec(head)?.[1] ?? '';
    return { key: `${client}/${row}`, row: Number(row),
        asked: `/${place.join('/')} ${Buffer.from(id, 'latin1')}`.trimEnd() };
}

function answer(socket, head) {
    const { key, row, asked } = take(head);
    if (rows[row] === undefined) {
        socket.end(HTML);
        return;
    }
    const note = noteOf(key);
    const answers = rows[row].answers;
    const text = answers[note.asked.length];
    if (note.asked.length > 0) {
        note.gaps.push(Date.now() - note.ended);
    }
    note.asked.push(asked);
    note.ended = Date.now();
    if (text === undefined) {
        socket.end(NO_MORE);
    } else if (typeof text === 'object') {
        /* What comes together with an error a browser may not look at. */
        socket.write(text.reset ?? text.cut, 'latin1',
            () => setTimeout(() => {
                note.ended = Date.now();
                if (text.cut !== undefined) {
                    socket.end();
                } else {
                    socket.resetAndDestroy();
                }
            }, 1000));
    } else {
        socket.end(text.replaceAll('BASE', `/${key}`), 'latin1');
    }
}

const server = net.createServer((socket) => {
    let head = '';
    socket.setNoDelay(true);
    socket.on('error', () => {});
    socket.on('data', (bytes) => {
        head += bytes.toString('latin1');
        if (head.includes('\r\n\r\n')) {
            answer(socket, head);
            head = '';
        }
    });
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const base = `http://127.0.0.1:${server.address().port}`;

/* In the page: sources, some at a time, until each closes by itself. */
function listen({ urls, atATime, patience }) {
    const CLOSED = 2;
    const one = (url) => new Promise((resolve) => {
        const source = new EventSource(url);
        const heard = [];
        const timer = setTimeout(() => {
            source.close();
            resolve({ heard, closed: false });
        }, patience);
        source.onmessage = ({ data }) => heard.push(data);
        source.onerror = () => {
            if (source.readyState === CLOSED) {
                clearTimeout(timer);
                resolve({ heard, closed: true });
            }
        };
    });
    const told = [];
    let next = 0;
    const work = async () => {
        while (next < urls.length) {
            const mine = next;
            next += 1;
            told[mine] = await one(urls[mine]);
        }
    };
    return Promise.all(Array.from({ length: atATime }, work))
        .then(() => told);
}

async function byChromium() {
    const page = await openPage(`${base}/`);
    diagnose(await page.evaluate(() => navigator.userAgent));
    const told = await page.evaluate(listen, {
        urls: rows.map((_, row) => `${base}/chromium/${row}/`),
        atATime: AT_A_TIME, patience: PATIENCE_MS });
    await page.context().close();
    return told;
}

async function byCat(transport, row) {
    const run = new Run(['cat', '--json', '--transport', transport,
        `${base}/${transport}/${row}/`]);
    const timer = setTimeout(() => run.kill('SIGINT'), PATIENCE_MS);
    const code = await run.end();
    clearTimeout(timer);
    return { heard: run.lines.map(({ data }) => data), closed: code !== 130 };
}

async function byCats(transport) {
    const told = [];
    const queue = [...rows.keys()];
    const work = async () => {
        while (queue.length > 0) {
            const row = queue.shift();
            told[row] = await byCat(transport, row);
        }
    };
    await Promise.all(Array.from({ length: AT_A_TIME }, work));
    return told;
}

const told = {};
await test('all rows are played', async () => {
    [told.chromium, told.curl, told.sock] = await Promise.all([
        byChromium(), byCats('curl'), byCats('sock')]);
}, 300000);

/* What came of a row, in the form in which the rows say what is wanted. */
function outcome(client, row) {
    const { asked, gaps } = noteOf(`${client}/${row}`);
    const { heard, closed } = told[client][row];
    return { asked: closed ? asked : [...asked, 'waits'], heard, gaps };
}

function agrees(got, want) {
    assert.deepEqual(got.asked, want.asked);
    assert.deepEqual(got.heard, want.heard);
    const [least, most] = want.gap ?? [0, PATIENCE_MS];
    for (const gap of got.gaps) {
        assert.ok(gap >= least - EARLY_MS && gap <= most + LATE_MS,
            `a gap of ${gap} ms, not ${least} to ${most}`);
    }
}

if (process.env.SHOW) {
    for (const row of rows.keys()) {
        console.log(rows[row].name);
        for (const client of ['chromium', 'curl', 'sock']) {
            console.log('  ', client, JSON.stringify(outcome(client, row)));
        }
    }
}
for (const [row, { name, want, chromium }] of rows.entries()) {
    await test(`sse cat, libcurl: ${name}`,
        () => agrees(outcome('curl', row), want));
    await test(`sse cat, plain sockets: ${name}`,
        () => agrees(outcome('sock', row), want));
    if (chromium === undefined) {
        await test(`Chromium: ${name}`,
            () => agrees(outcome('chromium', row), want));
        continue;
    }
    /* No version of it is pinned: it may have learned otherwise. */
    await test(`Chromium: ${name}, known to differ`, () => {
        try {
            agrees(outcome('chromium', row), { ...want, ...chromium });
        } catch (error) {
            diagnose(`not as it used to: ${error.message}`);
        }
    });
}
server.close();
finish();
