/*
 * chat_kills.mjs - sse-chat is killed at random moments, while it answers and
 * extracts, and started again.
 *
 * SPDX-License-Identifier: MIT
 *
 * CHAT_KILLS says how often (50), CHAT_SEED makes the same moments again.
 */
import { assert, diagnose, finish, test } from '../web/support/tap.mjs';
import { newDatabase, startServer } from '../web/support/server.mjs';
import { rows } from '../web/support/rows.mjs';
import { collect, eventsOf, newClient, startModel, textOf }
    from './support/chat.mjs';

const KILLS = Number(process.env.CHAT_KILLS ?? 50);
const SEED = Number(process.env.CHAT_SEED ?? Date.now() % 1000000);
const WORDS = 40;
const WORD_MS = 6;
const UNITS = 120;
const WHOLE = Array.from({ length: WORDS }, (_, i) => `word${i} `).join('');
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/* The generator of Park and Miller. */
let state = SEED % 2147483647 || 1;
function random() {
    state = state * 48271 % 2147483647;
    return state / 2147483647;
}

/* While `slow`, words and parts of a document take their time, so that there
 * is a middle to be killed in. */
let slow = false;
const model = await startModel(async (talk) => {
    const text = talk.question.messages.at(-1).content;
    if (/<chunk index="/.test(text)) {
        await pause(slow ? 20 + 250 * random() : 0);
        talk.say(JSON.stringify({ course: { title: 'Systems' },
            units: [...text.matchAll(/^## Unit (\d+): (\w+)/gm)].map((one) =>
                ({ number: Number(one[1]), title: one[2], topics: [] })),
            assessments: [], books: [] }));
        talk.end();
        return;
    }
    talk.head();
    for (let i = 0; i < WORDS && talk.open; i++) {
        talk.say(`word${i} `);
        if (slow) {
            await pause(WORD_MS);
        }
    }
    talk.end();
});

const SYLLABUS = Array.from({ length: UNITS }, (_, i) =>
    `## Unit ${i + 1}: Name${i + 1}\n\n${
        `This sentence belongs to unit number ${i + 1}. `.repeat(14)}\n`)
    .join('\n');

const db = newDatabase();
let server = await startServer({ db, upstream: model.url });
const ann = await newClient(server.url);

/* Says whether the server told that it had begun. */
async function beginAnswer(session, content, key) {
    try {
        const response = await ann.send(session, content, key);
        for await (const event of eventsOf(response)) {
            if (event.type === 'start') {
                return true;
            }
        }
    } catch {
        /* It was killed before. */
    }
    return false;
}

async function beginExtraction(document) {
    try {
        const response = await ann.request('POST',
            `/api/v1/documents/${document}/extractions`);
        await response.text();
        return response.status === 202;
    } catch {
        return false;
    }
}

/* After the start nothing is under way that nobody works on. */
function checkRows() {
    assert.deepEqual(rows(db, 'seq',
        "FROM messages WHERE status = 'streaming'"), []);
    assert.deepEqual(rows(db, 'content', "FROM messages WHERE role = 'user' "
        + 'GROUP BY session_seq, content HAVING count(*) > 1'), []);
}

const made = [];
let inAnswer = 0;
let inExtraction = 0;

async function killOnce(round) {
    const one = { session: await ann.session(), content: `message ${round}`,
        key: { idempotency_key: `key ${round}` },
        document: await ann.upload(SYLLABUS, `syllabus ${round}.md`) };
    made.push(one);
    slow = true;
    const begun = Promise.all([
        beginAnswer(one.session, one.content, one.key),
        beginExtraction(one.document)]);
    /* Before the server knows of all of it, or in the midst of it. */
    const early = random() < 0.4;
    if (!early) {
        await begun;
    }
    await pause((early ? 25 : 150) * random());
    one.killed = Date.now();
    await server.end('SIGKILL');
    slow = false;
    [one.told, one.accepted] = await begun;
    server = await startServer({ db, upstream: model.url });
    ann.url = server.url;
    checkRows();
    const messages = await ann.messages(one.session);
    const [reply] = messages.slice(1);
    if (one.told) {
        assert.equal(messages[0]?.content, one.content, 'it was told, so it is '
            + 'saved');
        assert.ok(WHOLE.startsWith(reply.content));
        assert.equal(reply.status, reply.content === WHOLE ? reply.status
            : 'truncated');
        inAnswer += reply.status === 'truncated';
    }
    /* Sent again with its key it is answered, and is there once. */
    const again = await ann.ask(one.session, one.content, one.key);
    assert.equal(again.at(-1).type, 'done');
    assert.equal(textOf(again), WHOLE);
    await checkExtraction(one);
}

async function checkExtraction(one) {
    const path = `/api/v1/documents/${one.document}`;
    const known = rows(db, 'e.seq', 'FROM extractions e JOIN documents d '
        + `ON d.seq = e.document_seq WHERE d.id = '${one.document}'`);
    assert.ok(known.length <= 1);
    if (one.accepted) {
        assert.equal(known.length, 1, 'it was accepted, so it is saved');
    }
    if (known.length === 0) {
        await ann.json(202, 'POST', `${path}/extractions`);
    }
    let watched = await ann.request('GET', `${path}/extract-stream`);
    while (watched.status === 503) { /* it is about to go on */
        await watched.text();
        await pause(10);
        watched = await ann.request('GET', `${path}/extract-stream`);
    }
    const { result, failed_chunks: failed } =
        (await collect(watched)).at(-1).data;
    assert.deepEqual(failed, []);
    assert.deepEqual(result.units.map((unit) => unit.title).sort(),
        Array.from({ length: UNITS }, (_, i) => `Name${i + 1}`).sort());
    const [[seq, ended]] = rows(db, 'seq, ended_at',
        'FROM extractions ORDER BY seq DESC LIMIT 1');
    inExtraction += seq === known[0]?.[0] && ended >= one.killed;
}

diagnose(`seed ${SEED}`);
await test(`killed ${KILLS} times at random moments, it loses and doubles `
    + 'nothing', async () => {
    for (let round = 0; round < KILLS; round++) {
        await killOnce(round);
    }
    diagnose(`${inAnswer} in mid-answer, ${inExtraction} while extracting`);
    assert.ok(inAnswer > KILLS / 3 && inExtraction > KILLS / 3);
}, 300000);

await test('in the end every message is there once, with its answer', () => {
    assert.deepEqual(rows(db, 'content, count(*)', 'FROM messages WHERE '
        + "role = 'user' GROUP BY content ORDER BY min(seq)"),
    made.map((one) => [one.content, 1]));
    assert.deepEqual(rows(db, 'count(*)', 'FROM messages WHERE status = '
        + "'complete' AND role = 'assistant'"), [[made.length]]);
    assert.deepEqual(rows(db, 'count(*), sum(status = \'complete\')',
        'FROM extractions'), [[made.length, made.length]]);
    assert.deepEqual(rows(db, 'integrity_check',
        'FROM pragma_integrity_check'), [['ok']]);
});

await test('it ends with status 0', async () => {
    assert.equal(await server.end('SIGTERM'), 0);
    await model.stop();
});
finish();
