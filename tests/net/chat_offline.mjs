/*
 * chat_offline.mjs - sse-chat and its own upstream with each of its faults:
 * what the reader is told, what is stored, and what can be done about it.
 *
 * SPDX-License-Identifier: MIT
 */
import { assert, finish, test, until } from '../web/support/tap.mjs';
import { collect, newClient, textOf } from './support/chat.mjs';
import { FAULTS, startFaulty, together } from './support/faults.mjs';

const QUESTION = 'What is there?';
const AT_A_TIME = 4;

async function withServer(fault, use) {
    const server = await startFaulty(fault);
    const ann = await newClient(server.url);
    await use(ann, await ann.session());
    await until('nothing is under way', async () =>
        await ann.metric('sse_chat_answers_running') === 0 &&
        await ann.metric('sse_chat_upstream_active') === 0);
    assert.equal(await server.end('SIGTERM'), 0);
}

/* What is answered where nothing goes wrong. */
let answer = '';

await test('without a fault the offline upstream answers', () =>
    withServer(null, async (ann, session) => {
        const events = await ann.ask(session, QUESTION);
        assert.equal(events.at(-1).data.finish_reason, 'stop');
        answer = textOf(events);
        assert.match(answer, /offline/);
    }));

function checkText(row, text) {
    if (row.text === 'all') {
        assert.equal(text, answer);
    } else if (row.text === 'none') {
        assert.equal(text, '');
    } else {
        assert.ok(text.length > 0 && text.length < answer.length);
        assert.ok(answer.startsWith(text));
    }
}

async function checkFault(row, ann, session) {
    const key = { idempotency_key: 'k' };
    const events = await ann.ask(session, QUESTION, key);
    const last = events.at(-1);
    assert.equal(events[0].type, 'start');
    checkText(row, textOf(events));
    if (row.code === null) {
        assert.equal(last.type, 'done', JSON.stringify(last));
        assert.equal(last.data.finish_reason, row.finish);
    } else {
        assert.equal(last.type, 'error', JSON.stringify(last));
        assert.deepEqual([last.data.code, last.data.stage,
            last.data.retryable], [row.code, row.stage, row.retryable]);
        /* What the upstream says is for the log alone. */
        assert.doesNotMatch(JSON.stringify(events),
            /asked for|Welcome|not connected|server_error/);
    }
    const [user, reply] = await ann.messages(session);
    assert.deepEqual([user.content, user.status], [QUESTION, 'complete']);
    assert.equal(reply.content, textOf(events));
    assert.deepEqual([reply.status, reply.finish_reason],
        [row.status, row.finish ?? null]);
    /* Read again it is the same, to the last event. */
    assert.deepEqual(await collect(await ann.attach(
        events[0].data.stream_id)), events);
    /* Sent again it is the same answer, or another attempt. */
    const again = await ann.ask(session, QUESTION, key);
    const users = (await ann.messages(session))
        .filter((one) => one.role === 'user');
    assert.equal(users.length, 1);
    assert.equal(again[0].data.stream_id === events[0].data.stream_id,
        row.status === 'complete');
}

const checked = together(FAULTS, AT_A_TIME, (row) => withServer(row.fault,
    (ann, session) => checkFault(row, ann, session)));
for (const row of FAULTS) {
    await test(`fault ${row.fault}: ${row.code ?? `done, ${row.finish}`}`,
        () => checked.get(row));
}

await test('429 is tried again no sooner than it asks for', () =>
    withServer('429', async (ann, session) => {
        const begun = Date.now();
        await ann.ask(session, QUESTION);
        assert.ok(Date.now() - begun >= 2000);
        assert.equal(await ann.metric('sse_chat_upstream_requests_total'), 3);
        assert.equal(await ann.metric('sse_chat_upstream_retries_total'), 2);
    }));

await test('a fault nobody knows is refused, not overlooked', () =>
    withServer('no-such-fault', async (ann, session) => {
        const events = await ann.ask(session, QUESTION);
        assert.equal(events.at(-1).data.code, 'upstream_status');
    }));

finish();
