/*
 * llm_client.mjs - examples/curl_llm_client.c against servers that end their
 * answers in all the ways there are.
 *
 * SPDX-License-Identifier: MIT
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import { assert, finish, test } from '../web/support/tap.mjs';
import { echoServer, event, replay } from './support/llm.mjs';

/* Runs the client; what it printed, and what it said last. */
async function ask(url, question = 'hi', key = 'secret') {
    const child = spawn(`${process.env.BUILD}/examples/curl_llm_client`,
        [url, 'm', question], { stdio: ['ignore', 'pipe', 'pipe'],
            env: { ...process.env, no_proxy: '*', LLM_API_KEY: key } });
    let out = '';
    let err = '';
    child.stdout.setEncoding('utf8').on('data', (text) => { out += text; });
    child.stderr.setEncoding('utf8').on('data', (text) => { err += text; });
    const [code] = await once(child, 'close');
    return { code, out, err, last: err.trimEnd().split('\n').at(-1) };
}

/* What the server behind `run` is asked. */
async function asked(path, run) {
    const requests = [];
    const server = http.createServer(async (request, response) => {
        let body = '';
        for await (const part of request.setEncoding('utf8')) {
            body += part;
        }
        requests.push({ url: request.url, headers: request.headers,
            method: request.method, body: JSON.parse(body) });
        response.writeHead(401, { 'content-type': 'application/json' })
            .end('{"error":{"message":"no such key"}}');
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const result = await run(`http://127.0.0.1:${server.address().port}${path}`);
    server.close();
    return { result, request: requests[0], count: requests.length };
}

const chat = (content, reason = null) => event({ choices: [{ index: 0,
    delta: { content }, finish_reason: reason }] });

for (const [question, out, last, code] of [
    ['Hello "w\u00f6rld"\n\u{1F600}', 'Hello "w\u00f6rld"\n\u{1F600}',
        '[complete] ', 0],
    ['please call', 'please call\nweather: {"city": "Bern"}', '[tool] ', 0],
    ['too long', 'too long', '[length] ', 1],
    ['and fail', 'and fail', '[failed] the model fell over', 1],
]) {
    await test(`the example server: ${JSON.stringify(question)}`, async () => {
        const server = await echoServer();
        const run = await ask(`${server.url}/chat/completions`, question);
        await server.close();
        assert.equal(run.out, out);
        assert.equal(run.last, last.trimEnd());
        assert.equal(run.code, code);
    });
}

await test('an answer that is cut', async () => {
    const server = await replay(chat('a') + chat('b'));
    const run = await ask(`${server.url}/chat/completions`);
    await server.close();
    assert.equal(run.out, 'ab');
    assert.equal(run.last, '[truncated]');
    assert.equal(run.code, 1);
});

await test('a connection that is cut', async () => {
    const server = await replay(chat('a') + chat('b', 'stop'),
        ['--cut', 'event:1']);
    const run = await ask(`${server.url}/chat/completions`);
    await server.close();
    assert.equal(run.out, 'a');
    assert.equal(run.last, '[truncated]');
    assert.equal(run.code, 1);
});

await test('a server that keeps the connection open behind the mark',
    async () => {
        const server = await replay(
            `${chat('a', 'stop')}${event('[DONE]')}: more\n\n`,
            ['--stall', 'event:2']);
        const run = await ask(`${server.url}/chat/completions`);
        await server.close();
        assert.equal(run.out, 'a');
        assert.equal(run.last, '[complete]');
        assert.equal(run.code, 0);
    });

await test('Anthropic, by its address', async () => {
    const say = (type, members) => event({ type, ...members }, type);
    const server = await replay(
        say('message_start', { message: { id: 'm', content: [] } }) +
        say('content_block_delta', { index: 0,
            delta: { type: 'text_delta', text: 'Forty-two.' } }) +
        say('message_delta', { delta: { stop_reason: 'end_turn' } }) +
        say('message_stop'));
    const run = await ask(`${server.url}/v1/messages`);
    await server.close();
    assert.equal(run.out, 'Forty-two.');
    assert.equal(run.last, '[complete]');
    assert.equal(run.code, 0);
});

await test('what OpenAI is asked, and a refusal of the key', async () => {
    const { result, request, count } = await asked('/v1/chat/completions',
        (url) => ask(url, 'say "hi"\n\u00e9'));
    assert.equal(count, 1);
    assert.equal(request.method, 'POST');
    assert.equal(request.headers.authorization, 'Bearer secret');
    assert.equal(request.headers['content-type'], 'application/json');
    assert.equal(request.headers['x-api-key'], undefined);
    assert.deepEqual(request.body, { stream: true, max_tokens: 4096,
        model: 'm', messages: [{ role: 'user', content: 'say "hi"\n\u00e9' }] });
    assert.match(result.err, /401/);
    assert.match(result.err, /no such key/);
    assert.match(result.last, /^\[failed\]/);
    assert.equal(result.code, 1);
});

await test('what Anthropic is asked', async () => {
    const { request } = await asked('/v1/messages', (url) => ask(url));
    assert.equal(request.headers['x-api-key'], 'secret');
    assert.equal(request.headers['anthropic-version'], '2023-06-01');
    assert.equal(request.headers.authorization, undefined);
    assert.equal(request.body.max_tokens, 4096);
});

await test('a key of any length', async () => {
    const key = 'k'.repeat(6000);
    const chats = await asked('/v1/chat', (url) => ask(url, 'hi', key));
    assert.ok(chats.request.headers.authorization === `Bearer ${key}`);
    const other = await asked('/v1/messages', (url) => ask(url, 'hi', key));
    assert.ok(other.request.headers['x-api-key'] === key);
});

await test('what cannot be asked is told', async () => {
    const url = 'http://127.0.0.1:1/';
    const long = await ask(url, 'x'.repeat(70000));
    assert.equal(long.last, 'curl_llm_client: the question is too long');
    assert.equal(long.code, 2);
    const key = await ask(url, 'hi', 'two\nlines');
    assert.match(key.last, /^\[failed\] a line end or another character/);
    assert.equal(key.code, 1);
    const place = await ask('ftp://x/');
    assert.equal(place.last, '[failed] invalid argument');
    assert.equal(place.code, 1);
});

finish();
