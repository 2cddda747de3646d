/*
 * llm_chat.mjs - OpenAI's own client and libsse-llm read the same in streams
 * of chat completions: those that `sse replay` serves, and those that the
 * writer of libsse-llm writes.
 *
 * SPDX-License-Identifier: MIT
 */
import OpenAI from 'openai';
import { assert, finish, test } from '../web/support/tap.mjs';
import {
    agree, echoServer, event, failure, Log, ours, replay, WAYS,
} from './support/llm.mjs';

const head = { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1,
    model: 'm' };
const chunk = (choices, more = {}) => event({ ...head, choices, ...more });
const delta = (members, index = 0) => chunk([{ index, delta: members,
    finish_reason: null }]);
const end = (reason, index = 0) => chunk([{ index, delta: {},
    finish_reason: reason }]);
const call = (index, members) => delta({ tool_calls: [{ index, ...members }] });
const DONE = event('[DONE]');
const usage = { prompt_tokens: 9, completion_tokens: 3, total_tokens: 12,
    prompt_tokens_details: { cached_tokens: 4 },
    completion_tokens_details: { reasoning_tokens: 2 } };

const client = (url) => new OpenAI({ apiKey: 'none', baseURL: `${url}/v1`,
    maxRetries: 0 });
const ask = (options = {}) => ({ model: 'm', stream: true, messages: [
    { role: 'user', content: 'hi' }], ...options });

/* Reads a stream with the client, in the form of our reading. */
async function theirs(url, request = ask()) {
    const log = new Log();
    log.error = await failure(async () => {
        const stream = await client(url).chat.completions.create(request);
        for await (const part of stream) {
            log.usage = part.usage ?? log.usage;
            for (const { index, delta: piece, finish_reason } of
                part.choices) {
                log.text('reasoning', index, piece.reasoning_content);
                log.text('text', index, piece.content);
                log.text('refusal', index, piece.refusal);
                for (const tool of piece.tool_calls ?? []) {
                    if (tool.id) {
                        log.call(index, tool.index, tool.id,
                            tool.function.name);
                    }
                    log.args(index, tool.index, tool.function?.arguments);
                }
                log.text('finish', index, finish_reason);
            }
        }
    });
    return log;
}

function sameUsage(told, report) {
    assert.equal(report.prompt, told?.prompt_tokens ?? -1);
    assert.equal(report.completion, told?.completion_tokens ?? -1);
    assert.equal(report.total, told?.total_tokens ?? -1);
    assert.equal(report.cached,
        told?.prompt_tokens_details?.cached_tokens ?? -1);
    assert.equal(report.reasoning,
        told?.completion_tokens_details?.reasoning_tokens ?? -1);
}

const fixtures = [
    ['text, with all there is to escape', 'complete',
        delta({ role: 'assistant', content: '' }) +
        delta({ content: 'He said: "\\ \u2028\n\t\u0000' }) +
        delta({ content: 'h\u00e9llo \u{1F600} \u4e16' }) + end('stop') + DONE],
    ['usage in a chunk of its own', 'complete',
        delta({ content: 'a' }) + end('stop') + chunk([], { usage }) + DONE],
    ['usage in the last chunk', 'length',
        delta({ content: 'a' }) + chunk([{ index: 0, delta: {},
            finish_reason: 'length' }], { usage }) + DONE],
    ['two choices', 'complete',
        delta({ content: 'a' }) + delta({ content: 'b' }, 1) +
        delta({ content: 'c' }) + end('stop', 1) + end('stop') + DONE],
    ['two calls in pieces', 'tool',
        delta({ role: 'assistant', content: null }) +
        call(0, { id: 'call_a', type: 'function', function: { name: 'f',
            arguments: '' } }) +
        call(0, { function: { arguments: '{"a":' } }) +
        call(1, { id: 'call_b', type: 'function', function: { name: 'g',
            arguments: '' } }) +
        call(1, { function: { arguments: '{"x":"\u00e9\\n"}' } }) +
        call(0, { function: { arguments: ' [1]}' } }) + end('tool_calls') +
        DONE],
    ['reasoning and a refusal', 'refused',
        delta({ reasoning_content: 'hm' }) + delta({ refusal: 'no' }) +
        end('stop') + DONE],
    ['a content filter', 'refused',
        delta({ content: 'a' }) + end('content_filter') + DONE],
    ['comments between', 'complete',
        `: ping\n\n${delta({ content: 'a' })}:\n\n: x\n${end('stop')}${DONE}`],
    ['a character that is cut in two', 'complete',
        'data: {"choices":[{"index":0,"delta":{"content":"\\ud83d"}}]}\n\n' +
        'data: {"choices":[{"index":0,"delta":{"content":"\\ude00"}}]}\n\n' +
        end('stop') + DONE, true],
    ['no mark', 'complete', delta({ content: 'a' }) + end('stop')],
    ['no end at all', 'truncated', delta({ content: 'a' })],
    ['a large piece', 'complete',
        delta({ content: 'x\u00e9\n'.repeat(60000) }) + end('stop') + DONE],
];

for (const [name, verdict, stream, split] of fixtures) {
    await test(`openai reads what we read: ${name}`, async () => {
        const mine = await ours('chat', stream);
        assert.equal(mine.report.verdict, verdict);
        const ways = stream.length > 9999 ? WAYS.slice(0, 1) : WAYS;
        for (const flags of ways) {
            const server = await replay(stream, flags);
            const log = await theirs(server.url);
            await server.close();
            assert.equal(log.error, null);
            agree(log, mine, split || stream.length > 9999);
            sameUsage(log.usage, mine.report);
        }
    });
}

const errors = [
    { message: 'busy', type: 'server_error', param: null, code: 'overloaded' },
    { message: 'no more', type: 'insufficient_quota', code: 429 },
];

for (const error of errors) {
    await test(`openai throws what we report: ${error.message}`, async () => {
        const stream = delta({ content: 'a' }) + event({ error });
        const mine = await ours('chat', stream);
        const server = await replay(stream);
        const log = await theirs(server.url);
        await server.close();
        agree(log, mine);
        assert.equal(mine.report.verdict, 'failed');
        assert.equal(log.error.error.message, mine.report.message);
        assert.equal(log.error.type, mine.report.type);
        assert.equal(String(log.error.code), mine.report.code);
    });
}

const questions = [
    'Hello "w\u00f6rld"\n\t\\ \u{1F600}\u2028 \u0001 end',
    'think twice', 'please call', 'too long', 'and fail', '',
];

for (const question of questions) {
    const name = JSON.stringify(question);
    await test(`openai reads what our writer writes: ${name}`, async () => {
        const server = await echoServer();
        const request = ask({ messages: [{ role: 'user', content: question }],
            stream_options: { include_usage: true } });
        const url = server.url.replace(/\/v1$/, '');
        const log = await theirs(url, request);
        const response = await fetch(`${server.url}/chat/completions`,
            { method: 'POST', body: JSON.stringify(request) });
        assert.equal(response.headers.get('content-type'),
            'text/event-stream');
        const mine = await ours('chat', await response.text());
        await server.close();
        agree(log, mine);
        sameUsage(log.usage, mine.report);
        assert.equal(log.deltas.filter(({ delta: kind }) => kind === 'text')
            .map(({ text }) => text).join(''), question);
        if (question === 'and fail') {
            assert.equal(log.error.error.message, mine.report.message);
            assert.equal(log.error.code, 'overloaded');
        } else {
            assert.equal(log.error, null);
            assert.equal(log.usage.prompt_tokens,
                Buffer.byteLength(question));
        }
    });
}

await test('openai puts a call of our writer together', async () => {
    const server = await echoServer();
    const runner = client(server.url.replace(/\/v1$/, '')).chat.completions
        .stream({ ...ask({ messages: [{ role: 'user', content: 'call' }] }) });
    const whole = await runner.finalChatCompletion();
    await server.close();
    const [{ message, finish_reason: reason }] = whole.choices;
    assert.equal(reason, 'tool_calls');
    assert.equal(message.content, 'call');
    assert.deepEqual(message.tool_calls.map(({ id, type, function: f }) =>
        ({ id, type, name: f.name, args: JSON.parse(f.arguments) })),
    [{ id: 'call_1', type: 'function', name: 'weather',
        args: { city: 'Bern' } }]);
});

finish();
