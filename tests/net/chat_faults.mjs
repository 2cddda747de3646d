/*
 * chat_faults.mjs - what becomes of an answer when the model's server fails.
 *
 * SPDX-License-Identifier: MIT
 *
 * Each row is a way to fail: what the reader is told, what is stored, and that
 * no word of the model's server reaches the reader.
 */
import { createServer } from 'node:net';
import { assert, finish, test } from '../web/support/tap.mjs';
import { newDatabase, startServer } from '../web/support/server.mjs';
import { newClient, startModel, textOf } from './support/chat.mjs';

const IDLE_MS = 2500;
const model = await startModel();
const server = await startServer({ db: newDatabase(), upstream: model.url,
    flags: ['--upstream-idle', String(IDLE_MS)] });
const ann = await newClient(server.url);

function html(talk) {
    talk.head(200, 'text/html');
    talk.response.end('<p>secret words of theirs</p>');
}

/* name, how the model answers, code, stage, retryable, status, text */
const ROWS = [
    /* First, because libcurl repeats a request whose pooled connection turns
     * out to be closed. */
    ['a connection that breaks before the answer', (talk) => talk.cut(),
        'upstream_unreachable', 'upstream', true, 'failed', ''],
    ['a page of HTML with status 200', html,
        'upstream_media_type', 'upstream', false, 'failed', ''],
    ['JSON with status 200', (talk) => {
        talk.head(200, 'application/json');
        talk.response.end('{"secret":"words of theirs"}');
    }, 'upstream_media_type', 'upstream', false, 'failed', ''],
    ['status 400', (talk) => talk.refuse(400),
        'upstream_status', 'upstream', false, 'failed', ''],
    ['status 401', (talk) => talk.refuse(401),
        'upstream_status', 'upstream', false, 'failed', ''],
    ['status 404', (talk) => talk.refuse(404),
        'upstream_status', 'upstream', false, 'failed', ''],
    ['silence before the answer', () => {},
        'upstream_timeout', 'upstream', true, 'failed', ''],
    ['silence after the head', (talk) => talk.head(),
        'upstream_timeout', 'upstream', true, 'failed', ''],
    ['silence in the middle', (talk) => talk.say('Half'),
        'upstream_timeout', 'stream', true, 'truncated', 'Half'],
    ['a connection that breaks in the middle', (talk) => {
        talk.say('Half');
        setTimeout(() => talk.cut(), 50);
    }, 'truncated', 'stream', true, 'truncated', 'Half'],
    ['a clean end in the middle', (talk) => {
        talk.say('Half');
        talk.response.end();
    }, 'truncated', 'stream', true, 'truncated', 'Half'],
    ['an end in the middle of an event', (talk) => {
        talk.say('Half');
        talk.response.end('data: {"choices":[{"delta":{"conte');
    }, 'truncated', 'stream', true, 'truncated', 'Half'],
    ['a clean end without a word', (talk) => {
        talk.head();
        talk.response.end();
    }, 'upstream_error', 'upstream', true, 'failed', ''],
    ['only a role, then the end', (talk) => {
        talk.event({ choices: [{ index: 0, delta: { role: 'assistant',
            content: '' } }] });
        talk.response.end();
    }, 'upstream_error', 'upstream', true, 'failed', ''],
    ['an error object', (talk) => {
        talk.event({ error: { message: 'secret words of theirs' } });
        talk.response.end();
    }, 'upstream_error', 'upstream', true, 'failed', ''],
    ['an error object in the middle', (talk) => {
        talk.say('Half');
        talk.event({ error: { code: 502, message: 'secret words of theirs' },
            choices: [] });
        talk.done();
    }, 'upstream_error', 'stream', true, 'failed', 'Half'],
    ['an error field', (talk) => {
        talk.say('Half');
        talk.raw('error: {"message":"secret words of theirs"}\n\n');
        talk.response.end();
    }, 'upstream_error', 'stream', true, 'failed', 'Half'],
    ['what is no JSON', (talk) => {
        talk.raw('data: secret words of theirs\n\n');
        talk.response.end();
    }, 'upstream_error', 'upstream', true, 'failed', ''],
    ['an event beyond four megabytes', (talk) => {
        talk.say('Half');
        talk.event({ padding: 'p'.repeat(5 << 20), choices: [] });
        talk.end();
    }, 'truncated', 'stream', true, 'truncated', 'Half'],
    ['what is no JSON, in the middle', (talk) => {
        talk.say('Half');
        talk.raw('data: {"choices":[{]}\n\n');
        talk.end();
    }, 'upstream_error', 'stream', true, 'failed', 'Half'],
];

for (const [name, answer, code, stage, retryable, status, text] of ROWS) {
    await test(`${name}: ${code}`, async () => {
        const session = await ann.session();
        const asked = ann.ask(session, 'x');
        answer(await model.next());
        const events = await asked;
        assert.equal(events[0].type, 'start');
        const last = events.at(-1);
        assert.equal(last.type, 'error', JSON.stringify(last));
        assert.equal(last.data.code, code);
        assert.equal(last.data.stage, stage);
        assert.equal(last.data.retryable, retryable);
        assert.ok(last.data.message.length > 0);
        assert.doesNotMatch(JSON.stringify(events), /secret/);
        assert.equal(textOf(events), text);
        const [user, reply] = await ann.messages(session);
        assert.equal(user.content, 'x');
        assert.equal(reply.status, status);
        assert.equal(reply.content, text);
        assert.equal(reply.finish_reason, null);
        assert.doesNotMatch(JSON.stringify(reply), /secret/);
    });
}

/* name, how the model answers, finish reason */
const GOOD = [
    ['a finish reason without [DONE]', (talk) => {
        talk.say('All');
        talk.finish();
        talk.response.end();
    }, 'stop'],
    ['[DONE] without a finish reason', (talk) => {
        talk.say('All');
        talk.done();
    }, 'stop'],
    ['a limit on its length', (talk) => {
        talk.say('All');
        talk.finish('length');
        talk.done();
    }, 'length'],
    ['a content filter', (talk) => {
        talk.say('All');
        talk.finish('content_filter');
        talk.done();
    }, 'content_filter'],
    ['tool calls', (talk) => {
        talk.say('All');
        talk.finish('tool_calls');
        talk.done();
    }, 'tool_calls'],
    ['comments, CRLF and bytes one at a time', (talk) => {
        const body = ': hello\r\n\r\n: wait\r\ndata:{"choices":[{"index":0,'
            + '"delta":{"content":"A\\u006cl"}}]}\r\n\r\ndata: {"choices":[{'
            + '"index":0,"delta":{},"finish_reason":"stop"}]}\r\n\r\n'
            + 'data: [DONE]\r\n\r\n';
        talk.head();
        let at = 0;
        const timer = setInterval(() => {
            talk.response.write(body.slice(at, at + 5));
            at += 5;
            if (at >= body.length) {
                clearInterval(timer);
                talk.response.end();
            }
        }, 1);
    }, 'stop'],
    ['data of several lines, ids, names and unknown fields', (talk) => {
        talk.raw('event: message\nid: 7\nretry: 5\nvendor: x\n'
            + 'data: {"choices":[{"index":0,\ndata: "delta":{"content":\n'
            + ': a comment between\ndata: "All"}}]}\n\n'
            + 'event: nothing we know\ndata: {"choices":[]}\n\n');
        talk.finish();
        talk.done();
    }, 'stop'],
    ['a line of 300,000 bytes', (talk) => {
        talk.raw(`data: {"padding":"${'p'.repeat(300000)}","choices":[`
            + '{"index":0,"delta":{"content":"All"}}]}\n\n');
        talk.finish();
        talk.done();
    }, 'stop'],
    ['more time than any silence may take', (talk) => {
        const pieces = [...'All'];
        const timer = setInterval(() => {
            talk.say(pieces.shift());
            if (pieces.length === 0) {
                clearInterval(timer);
                talk.end();
            }
        }, IDLE_MS * 0.7);
    }, 'stop'],
    ['an open connection after [DONE]', (talk) => {
        talk.say('All');
        talk.finish();
        talk.raw('data: [DONE]\n\n');
    }, 'stop'],
];

for (const [name, answer, reason] of GOOD) {
    await test(`an answer with ${name} is complete`, async () => {
        const session = await ann.session();
        const asked = ann.ask(session, 'x');
        answer(await model.next());
        const events = await asked;
        const last = events.at(-1);
        assert.equal(last.type, 'done', JSON.stringify(last));
        assert.equal(last.data.finish_reason, reason);
        assert.deepEqual(last.data.usage, { prompt_tokens: null,
            completion_tokens: null, total_tokens: null });
        const reply = (await ann.messages(session))[1];
        assert.deepEqual([reply.status, reply.content, reply.finish_reason],
            ['complete', 'All', reason]);
    });
}

await test('an event too large to be read is told as such', async () => {
    const other = await startServer({ db: newDatabase(), upstream: model.url,
        log: 'pipe' });
    const cy = await newClient(other.url);
    const huge = { padding: 'p'.repeat(5 << 20), choices: [] };
    const TYPE = `event: ${'t'.repeat(300)}\ndata: {"choices":[]}\n\n`;
    for (const [name, send, code, status] of [
        ['at once', (talk) => talk.event(huge), 'upstream_error', 'failed'],
        ['behind text', (talk) => {
            talk.say('Half');
            talk.event(huge);
        }, 'truncated', 'truncated'],
        ['by its type', (talk) => {
            talk.say('Half');
            talk.raw(TYPE);
        }, 'truncated', 'truncated']]) {
        const session = await cy.session();
        const asked = cy.ask(session, 'x');
        const talk = await model.next();
        send(talk);
        talk.end();
        const last = (await asked).at(-1);
        assert.equal(last.data.code, code, name);
        assert.match(last.data.message, /too large/, name);
        assert.equal((await cy.messages(session))[1].status, status, name);
    }
    assert.equal(await other.end('SIGTERM'), 0);
    assert.match(other.logged(), /an event of 52\d{5} bytes/);
    assert.match(other.logged(), /too long a type/);
});

await test('429 and 5xx before any text are tried again twice', async () => {
    const session = await ann.session();
    const asked = ann.ask(session, 'x');
    (await model.next()).refuse(503);
    (await model.next()).refuse(429, { 'Retry-After': '1' });
    const talk = await model.next();
    talk.say('At last');
    talk.end();
    const events = await asked;
    assert.equal(events.at(-1).type, 'done');
    assert.equal(textOf(events), 'At last');
});

await test('a third 5xx is told', async () => {
    const session = await ann.session();
    const before = model.requests;
    const asked = ann.ask(session, 'x');
    for (let i = 0; i < 3; i++) {
        (await model.next()).refuse(500);
    }
    const events = await asked;
    assert.equal(events.at(-1).data.code, 'upstream_status');
    assert.equal(events.at(-1).data.retryable, true);
    assert.equal(model.requests - before, 3);
    assert.doesNotMatch(JSON.stringify(events), /secret/);
});

await test('a pooled connection that has died costs nothing', async () => {
    const session = await ann.session();
    const first = ann.ask(session, 'x');
    (await model.next()).end();
    await first;
    const second = ann.ask(session, 'y');
    (await model.next()).cut();
    const talk = await model.next();
    talk.say('Here');
    talk.end();
    assert.equal(textOf(await second), 'Here');
});

await test('text and newlines of every kind arrive as they were', async () => {
    const parts = ['a\nb', '\r\n\r\ndata: x\n\n', 'id: 1\revent: done\r',
        '\u2028\u0085', '"\\', '\u0001\t', '😀 Größe', '</script>'];
    const session = await ann.session();
    const asked = ann.ask(session, 'x');
    const talk = await model.next();
    parts.forEach((part) => talk.say(part));
    talk.end();
    const events = await asked;
    assert.equal(textOf(events), parts.join(''));
    assert.equal((await ann.messages(session))[1].content, parts.join(''));
});

await test('a model that is not there is told as such', async () => {
    const closed = createServer();
    await new Promise((resolve) => closed.listen(0, '127.0.0.1', resolve));
    const { port } = closed.address();
    await new Promise((resolve) => closed.close(resolve));
    const other = await startServer({ db: newDatabase(),
        upstream: `http://127.0.0.1:${port}/v1` });
    const cy = await newClient(other.url);
    const session = await cy.session();
    const events = await cy.ask(session, 'x');
    assert.equal(events.at(-1).data.code, 'upstream_unreachable');
    assert.equal((await cy.messages(session))[1].status, 'failed');
    assert.equal(await other.end('SIGTERM'), 0);
});

await test('the name of the error event is a setting', async () => {
    const other = await startServer({ db: newDatabase(), upstream: model.url,
        flags: ['--error-event', 'failure'] });
    const cy = await newClient(other.url);
    const asked = cy.ask(await cy.session(), 'x');
    (await model.next()).refuse(400);
    assert.equal((await asked).at(-1).type, 'failure');
    assert.equal(await other.end('SIGTERM'), 0);
});

await test('key, model and agent reach the model, the key nobody else',
    async () => {
        const other = await startServer({ db: newDatabase(),
            upstream: model.url, env: { SSE_CHAT_API_KEY: 'sk-key-123',
                SSE_CHAT_MODEL: 'small', SSE_CHAT_AGENT: 'agent-7' } });
        const cy = await newClient(other.url);
        const asked = cy.ask(await cy.session(), 'x');
        const talk = await model.next();
        assert.equal(talk.request.url,
            '/v2/gen-ai/agents/agent-7/chat/completions');
        assert.equal(talk.request.headers.authorization, 'Bearer sk-key-123');
        assert.equal(talk.question.model, 'small');
        assert.equal(talk.question.stream, true);
        talk.head(401, 'text/plain');
        talk.response.end('wrong key sk-key-123');
        assert.doesNotMatch(JSON.stringify(await asked), /sk-key/);
        assert.equal(await other.end('SIGTERM'), 0);
    });

await test('nothing is left under way', async () => {
    assert.equal(await ann.metric('sse_chat_answers_running'), 0);
    assert.equal(await ann.metric('sse_chat_upstream_waiting'), 0);
    assert.equal(await server.end('SIGTERM'), 0);
});
finish();
