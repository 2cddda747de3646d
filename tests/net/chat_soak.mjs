/*
 * chat_soak.mjs - the starting guide's checklist under load: many streams at a
 * time, clients who vanish, models that fail, and what all that costs.
 *
 * SPDX-License-Identifier: MIT
 *
 * SOAK_SECONDS says how long (12; `make soak` gives it ten minutes), and
 * SOAK_CHATS how many at a time (200).  What was counted is printed as a
 * table.
 */
import { assert, diagnose, finish, test, until }
    from '../web/support/tap.mjs';
import { newDatabase, startServer } from '../web/support/server.mjs';
import { rows } from '../web/support/rows.mjs';
import { eventsOf, newClient, startModel } from './support/chat.mjs';

const SECONDS = Number(process.env.SOAK_SECONDS ?? 12);
const CHATS = Number(process.env.SOAK_CHATS ?? 200);
const CHATS_A_USER = 5;
const SESSION_LENGTH = 8;   /* messages */
/* One message of so many; not by chance, which on a slow machine might choose
 * none at all. */
const VANISHING = 20;
const FAILING = 33;
const WORDS = 12;
const WORD_MS = 10;
/* A sanitizer keeps freed memory for a while, to see who still uses it. */
const SLACK = (/address/.test(process.env.SAN_FLAGS ?? '') ? 300 : 16) << 20;

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const wordsOf = (content) => Array.from({ length: WORDS },
    (_, i) => `${content}.${i} `);

/* ---- A model that says what can be told from the question ---- */

const model = await startModel(async (talk) => {
    const { content } = talk.question.messages.at(-1);
    const words = wordsOf(content);
    if (content.startsWith('refuse')) {
        talk.refuse(400);
        return;
    }
    for (let i = 0; i < WORDS && talk.open; i++) {
        talk.say(words[i]);
        await pause(WORD_MS);
        if (content.startsWith('cut') && i === WORDS / 2) {
            talk.cut();
            return;
        }
    }
    talk.end();
});

const db = newDatabase();
const server = await startServer({ db, upstream: model.url, log: 'ignore' });

/* ---- Two hundred people ---- */

const seen = { sent: 0, whole: 0, failed: 0, vanished: 0, reattached: 0,
    problems: [] };
const stopAt = Date.now() + SECONDS * 1000;
let chunks = 0;

function problem(text) {
    if (seen.problems.length < 20) {
        seen.problems.push(text);
    }
}

/* Reads up to `most` chunks.  @return the stream's id, the last event and the
 * text, behind that which is known already */
async function read(response, most, text = '') {
    let last = null;
    let stream = null;
    for await (const event of eventsOf(response)) {
        if (event.comment !== undefined) {
            continue;
        }
        last = event;
        if (event.type === 'start') {
            stream = event.data.stream_id;
        } else if (event.type === 'chunk') {
            text += event.data.content;
            chunks += 1;
            most -= 1;
            if (most === 0) {
                break;
            }
        }
    }
    return { stream, last, text };
}

function judge(kind, content, { last, text }) {
    const words = wordsOf(content);
    if (kind === 'fine' && last?.type === 'done' && text === words.join('')) {
        seen.whole += 1;
    } else if (kind === 'cut' && last?.data.code === 'truncated' &&
        text === words.slice(0, WORDS / 2 + 1).join('')) {
        seen.failed += 1;
    } else if (kind === 'refuse' && last?.data.code === 'upstream_status' &&
        text === '') {
        seen.failed += 1;
    } else {
        problem(`${content}: ${JSON.stringify(last)} after "${text}"`);
    }
}

/* One message.  @return whether the session can go on */
async function talkOnce(user, session, number) {
    const turn = seen.sent;
    const kind = turn % FAILING !== 7 ? 'fine'
        : turn % (2 * FAILING) === 7 ? 'cut' : 'refuse';
    const content = `${kind} ${number}`;
    const abort = new AbortController();
    const vanishes = kind === 'fine' && turn % VANISHING === 3;
    const comesBack = vanishes && turn % (2 * VANISHING) === 3;
    seen.sent += 1;
    const response = await user.send(session, content, {
        idempotency_key: content,
        on_disconnect: comesBack ? 'continue' : 'cancel' },
    { signal: abort.signal });
    if (response.status !== 200) {
        problem(`${content}: ${response.status} ${await response.text()}`);
        return false;
    }
    if (!vanishes) {
        judge(kind, content, await read(response, Infinity));
        return true;
    }
    const before = await read(response,
        1 + Math.floor(Math.random() * (WORDS - 2)));
    abort.abort();
    if (!comesBack) {
        seen.vanished += 1;
        return false;
    }
    /* The same key brings all of it, an event's id what follows that. */
    judge(kind, content, Math.random() < 0.5
        ? await read(await user.send(session, content,
            { idempotency_key: content }), Infinity)
        : await read(await user.attach(before.stream, before.last.id),
            Infinity, before.text));
    seen.reattached += 1;
    return true;
}

async function live(user, number) {
    let count = 0;
    while (Date.now() < stopAt) {
        const session = await user.session();
        for (let i = 0; i < SESSION_LENGTH && Date.now() < stopAt; i++) {
            count += 1;
            if (!await talkOnce(user, session, `${number}-${count}`)) {
                break;
            }
        }
    }
}

/* ---- What it costs ---- */

const samples = [];

async function metrics() {
    const text = await (await fetch(`${server.url}/metrics`)).text();
    const value = (name) => Number(new RegExp(`^${name} (.*)$`, 'm')
        .exec(text)?.[1]);
    return { files: value('process_open_fds'),
        memory: value('process_resident_memory_bytes'),
        kept: value('sse_chat_kept_bytes'),
        connections: value('sse_chat_connections'),
        streams: value('sse_chat_streams'), model: model.open,
        asked: value('sse_chat_upstream_requests_total'),
        running: value('sse_chat_answers_running') };
}

async function watch() {
    const every = Math.max(500, SECONDS * 10);
    while (Date.now() < stopAt) {
        await pause(every);
        samples.push({ at: Date.now(), sent: seen.sent, ...await metrics() });
    }
}

function table() {
    const step = Math.max(1, Math.floor(samples.length / 12));
    const line = (cells) => diagnose(cells.map((cell) =>
        String(cell).padStart(9)).join(''));
    const mib = (bytes) => (bytes / (1 << 20)).toFixed(1);
    const begun = stopAt - SECONDS * 1000;
    line(['seconds', 'messages', 'streams', 'at model', 'conns', 'files',
        'MiB', 'kept MiB']);
    samples.filter((_, i) => i % step === 0 || i === samples.length - 1)
        .forEach((one) => line([((one.at - begun) / 1000).toFixed(0), one.sent,
            one.streams, one.model, one.connections, one.files,
            mib(one.memory), mib(one.kept)]));
    diagnose(`${seen.sent} messages, ${chunks} chunks: ${seen.whole} whole, `
        + `${seen.failed} failed as they were to, ${seen.vanished} left, `
        + `${seen.reattached} left and came back`);
}

const idle = await metrics();
const users = [];
for (let i = 0; i < CHATS / CHATS_A_USER; i++) {
    users.push(await newClient(server.url));
}
await Promise.all([watch(), ...Array.from({ length: CHATS }, (_, i) =>
    live(users[i % users.length], i).catch((error) =>
        problem(`chat ${i}: ${error.stack}`)))]);
const settled = await test('all answers come to an end', () =>
    until('nothing is under way', async () => {
        const now = await metrics();
        return now.running === 0 && now.streams === 0 && model.open === 0;
    }));
table();

await test(`many streams: ${CHATS} at a time, twenty of them at the model`,
    () => {
        assert.ok(Math.max(...samples.map((one) => one.streams)) >=
            CHATS * 0.8);
        assert.ok(model.mostOpen <= 20, `${model.mostOpen}`);
    });

await test('load: every reader who stayed got every word, once', () => {
    assert.deepEqual(seen.problems, []);
    assert.equal(seen.whole + seen.failed + seen.vanished, seen.sent);
    assert.ok(seen.whole > seen.sent * 0.8);
});

await test('load: every message is stored, with the end that was told',
    () => {
        assert.ok(settled);
        const count = (status) => rows(db, 'count(*)', 'FROM messages WHERE '
            + `role = 'assistant' AND status = '${status}'`)[0][0];
        assert.deepEqual(rows(db, "sum(role = 'user'), sum(role = "
            + "'assistant')", 'FROM messages'), [[seen.sent, seen.sent]]);
        assert.equal(count('streaming'), 0);
        assert.equal(count('truncated') + count('failed'), seen.failed);
        /* Who left may have missed the end by a moment. */
        assert.ok(count('complete') >= seen.whole);
        assert.equal(count('complete') + count('cancelled'),
            seen.whole + seen.vanished);
    });

await test('disconnect: whoever leaves costs the model nothing more',
    async () => {
        assert.ok(seen.vanished > 0 && seen.reattached > 0);
        const { asked } = await metrics();
        assert.ok(asked <= seen.sent, `${asked} requests`);
        assert.equal(asked, model.requests);
    });

await test('error propagation: each failure was told to its reader', () => {
    assert.ok(seen.failed > 0);
});

await test('load: files, memory and requests to the model stay flat',
    async () => {
        const [first, last] = [samples[Math.floor(samples.length / 4)],
            samples.at(-1)];
        const most = (name) => Math.max(...samples.map((one) => one[name]));
        /* Besides the connections of its readers, who have two each while
         * they make a session, it has the pool to the model. */
        const own = samples.map((one) => one.files - one.connections);
        assert.ok(Math.max(...own) <= idle.files - idle.connections + 24,
            `${Math.max(...own)} files of its own`);
        assert.ok(most('connections') <= CHATS * 2 + 40);
        const grown = last.memory - first.memory - 1.3 *
            (last.kept - first.kept);
        assert.ok(grown < SLACK, `${grown} bytes more`);
        assert.ok(most('kept') <= 17 << 20);
        /* Once that is full, nothing grows any more. */
        const full = samples.filter((one) => one.kept > 15 << 20);
        const after = full.slice(Math.floor(full.length / 4))
            .map((one) => one.memory);
        assert.ok(after.length === 0 ||
            Math.max(...after) - Math.min(...after) < SLACK / 2,
        `from ${Math.min(...after)} to ${Math.max(...after)} bytes`);
        await until('the files are closed', async () =>
            (await metrics()).files <= idle.files + CHATS + 24);
    });

await test('it ends with status 0', async () => {
    assert.equal(await server.end('SIGTERM'), 0);
    await model.stop();
});
finish();
