/*
 * llm_messages.mjs - Anthropic's own client and libsse-llm read the same in
 * streams of the Messages API that `sse replay` serves.
 *
 * SPDX-License-Identifier: MIT
 */
import Anthropic from '@anthropic-ai/sdk';
import { assert, finish, test } from '../web/support/tap.mjs';
import {
    agree, event, failure, Log, ours, replay, WAYS,
} from './support/llm.mjs';

const say = (type, members = {}) => event({ type, ...members }, type);
const start = (usage = { input_tokens: 25, output_tokens: 1 }) =>
    say('message_start', { message: { id: 'msg_1', type: 'message',
        role: 'assistant', content: [], model: 'm', stop_reason: null,
        stop_sequence: null, usage } });
const opened = (index, content_block) => say('content_block_start',
    { index, content_block });
const piece = (index, delta) => say('content_block_delta', { index, delta });
const closed = (index) => say('content_block_stop', { index });
const change = (stop_reason, usage = { output_tokens: 15 }) =>
    say('message_delta', { delta: { stop_reason, stop_sequence: null },
        usage });
const stop = say('message_stop');
const ping = say('ping');
const spoken = (index, ...texts) =>
    opened(index, { type: 'text', text: '' }) +
    texts.map((text) => piece(index, { type: 'text_delta', text })).join('') +
    closed(index);
const called = (index, id, name, ...jsons) =>
    opened(index, { type: 'tool_use', id, name, input: {} }) +
    jsons.map((partial_json) => piece(index, { type: 'input_json_delta',
        partial_json })).join('');

const client = (baseURL) => new Anthropic({ apiKey: 'none', baseURL,
    maxRetries: 0 });
const request = { model: 'm', max_tokens: 64, messages: [
    { role: 'user', content: 'hi' }] };

/* One event, in the form of our reading. */
function take(log, calls, data) {
    const { type, index, content_block: block, delta } = data;
    if (type === 'content_block_start' && block.type === 'tool_use') {
        calls.set(index, calls.size);
        log.call(0, calls.get(index), block.id, block.name);
    } else if (type === 'content_block_start') {
        log.text('text', 0, block.text);
        log.text('reasoning', 0, block.thinking);
    } else if (type === 'content_block_delta') {
        log.text('text', 0, delta.text);
        log.text('reasoning', 0, delta.thinking);
        if (calls.has(index)) {
            log.args(0, calls.get(index), delta.partial_json);
        }
    } else if (type === 'message_delta') {
        log.text('finish', 0, delta.stop_reason);
    }
    Object.assign(log.usage, data.message?.usage, data.usage);
}

async function theirs(url) {
    const log = new Log();
    const calls = new Map();
    log.usage = {};
    log.error = await failure(async () => {
        const stream = await client(url).messages.create({ ...request,
            stream: true });
        for await (const data of stream) {
            take(log, calls, data);
        }
    });
    return log;
}

function sameUsage(told, report) {
    assert.equal(report.prompt, told.input_tokens +
        (told.cache_read_input_tokens ?? 0) +
        (told.cache_creation_input_tokens ?? 0));
    assert.equal(report.completion, told.output_tokens);
    assert.equal(report.cached, told.cache_read_input_tokens ?? -1);
}

const fixtures = [
    ['text, with all there is to escape', 'complete',
        start() + ping + spoken(0, 'He said: "\\ \u2028\n\t\u0000',
            'h\u00e9llo \u{1F600}') + change('end_turn') + stop],
    ['thinking, then text', 'complete',
        start() + opened(0, { type: 'thinking', thinking: '', signature: '' }) +
        piece(0, { type: 'thinking_delta', thinking: 'hm' }) +
        piece(0, { type: 'signature_delta', signature: 'abc' }) + closed(0) +
        spoken(1, 'a') + change('end_turn') + stop],
    ['two calls in pieces', 'tool',
        start() + spoken(0, 'Let me see.') +
        called(1, 'toolu_a', 'f', '', '{"city":', ' "Z\u00fcrich"}') +
        closed(1) + ping + called(2, 'toolu_b', 'g', '{}') + closed(2) +
        change('tool_use') + stop],
    ['a call cut by the token limit', 'length',
        start() + called(0, 'toolu_a', 'f', '{"text":"Once') +
        change('max_tokens') + stop],
    ['a tool the provider runs', 'complete',
        start() + opened(0, { type: 'server_tool_use', id: 's',
            name: 'web_search', input: {} }) +
        piece(0, { type: 'input_json_delta', partial_json: '{"q":1}' }) +
        closed(0) + opened(1, { type: 'web_search_tool_result',
            tool_use_id: 's', content: [] }) + closed(1) + spoken(2, 'a') +
        change('end_turn') + stop],
    ['a cache', 'complete',
        start({ input_tokens: 3, cache_creation_input_tokens: 10,
            cache_read_input_tokens: 200, output_tokens: 1 }) +
        spoken(0, 'a') + change('stop_sequence') + stop],
    ['a refusal', 'refused',
        start() + spoken(0, 'a') + change('refusal') + stop],
    ['spaces before the last brace', 'complete',
        start() + spoken(0, 'a').replaceAll('}\n\n', '         }\n\n') +
        change('end_turn') + stop.replace('}', '   }')],
    ['events and deltas nobody knows', 'complete',
        start() + say('news', { x: 1 }) + spoken(0, 'a') +
        piece(0, { type: 'news_delta', news: 1 }) + change('end_turn') + stop],
    ['no end', 'truncated', start() + spoken(0, 'a')],
    ['comments', 'complete',
        `: ping\n\n${start()}: x\n${spoken(0, 'a')}${change('end_turn')}` +
        stop],
];

for (const [name, verdict, stream] of fixtures) {
    await test(`anthropic reads what we read: ${name}`, async () => {
        const mine = await ours('messages', stream);
        assert.equal(mine.report.verdict, verdict);
        assert.equal(mine.report.malformed, 0);
        for (const flags of WAYS) {
            const server = await replay(stream, flags);
            const log = await theirs(server.url);
            await server.close();
            assert.equal(log.error, null);
            agree(log, mine);
            sameUsage(log.usage, mine.report);
        }
    });
}

await test('anthropic throws what we report: overloaded', async () => {
    const stream = start() + spoken(0, 'a') + say('error', { error: {
        type: 'overloaded_error', message: 'Overloaded' } });
    const mine = await ours('messages', stream);
    const server = await replay(stream);
    const log = await theirs(server.url);
    await server.close();
    agree(log, mine);
    assert.equal(mine.report.verdict, 'failed');
    assert.equal(log.error.error.error.type, mine.report.type);
    assert.equal(log.error.error.error.message, mine.report.message);
});

await test('anthropic puts together what we put together', async () => {
    const stream = start() + spoken(0, 'Let me ', 'see.') +
        called(1, 'toolu_a', 'f', '{"city":', ' "Bern"}') + closed(1) +
        change('tool_use') + stop;
    const mine = await ours('messages', stream);
    const server = await replay(stream, ['--chunk', '5']);
    const whole = await client(server.url).messages.stream(request)
        .finalMessage();
    await server.close();
    const texts = (kind) => mine.deltas.filter(({ delta }) => delta === kind)
        .map(({ text }) => text).join('');
    assert.equal(whole.content[0].text, texts('text'));
    assert.equal(whole.content[1].id, 'toolu_a');
    assert.deepEqual(whole.content[1].input, JSON.parse(texts('arguments')));
    assert.equal(whole.stop_reason, mine.report.reason);
    assert.equal(whole.usage.output_tokens, mine.report.completion);
    assert.equal(whole.id, mine.report.id);
});

finish();
