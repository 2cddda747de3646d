/*
 * llm_responses.mjs - OpenAI's own client and libsse-llm read the same in
 * streams of the Responses API that `sse replay` serves.
 *
 * SPDX-License-Identifier: MIT
 */
import OpenAI from 'openai';
import { assert, finish, test } from '../web/support/tap.mjs';
import {
    agree, event, failure, Log, ours, replay, WAYS,
} from './support/llm.mjs';

let sequence = 0;
const say = (type, members = {}) => event({ type, sequence_number: sequence++,
    ...members }, type);
const response = (status, members = {}) => ({ id: 'resp_1', object: 'response',
    created_at: 1, model: 'm', status, error: null, incomplete_details: null,
    output: [], usage: null, ...members });
const usage = { input_tokens: 9, input_tokens_details: { cached_tokens: 4 },
    output_tokens: 3, output_tokens_details: { reasoning_tokens: 2 },
    total_tokens: 12 };
const created = () => say('response.created',
    { response: response('in_progress') });
const added = (index, item) => say('response.output_item.added',
    { output_index: index, item });
const done = (index, item) => say('response.output_item.done',
    { output_index: index, item });
const completed = (output = []) => say('response.completed',
    { response: response('completed', { output, usage }) });

/* A message in pieces, and the same whole. */
const parts = (text) => [{ type: 'output_text', text, annotations: [] }];
const message = (text) => ({ id: 'msg_1', type: 'message', role: 'assistant',
    status: 'completed', content: parts(text) });
function spoken(index, ...pieces) {
    const at = { item_id: 'msg_1', output_index: index, content_index: 0 };
    const text = pieces.join('');
    return added(index, { ...message(''), status: 'in_progress', content: [] }) +
        say('response.content_part.added', { ...at, part: parts('')[0] }) +
        pieces.map((delta) => say('response.output_text.delta',
            { ...at, delta, logprobs: [] })).join('') +
        say('response.output_text.done', { ...at, text, logprobs: [] }) +
        say('response.content_part.done', { ...at, part: parts(text)[0] }) +
        done(index, message(text));
}

/* A call likewise. */
const call = (id, name, args, status = 'completed') => ({ id: `fc_${id}`,
    type: 'function_call', status, call_id: id, name, arguments: args });
function called(index, id, name, ...pieces) {
    const at = { item_id: `fc_${id}`, output_index: index };
    const args = pieces.join('');
    return added(index, call(id, name, '', 'in_progress')) +
        pieces.map((delta) => say('response.function_call_arguments.delta',
            { ...at, delta })).join('') +
        say('response.function_call_arguments.done',
            { ...at, name, arguments: args }) +
        done(index, call(id, name, args));
}

const client = (url) => new OpenAI({ apiKey: 'none', baseURL: `${url}/v1`,
    maxRetries: 0 });
const request = { model: 'm', input: 'hi' };

/* One event, in the form of our reading. */
function take(log, calls, data) {
    const { type, output_index: index, delta, item } = data;
    if (type === 'response.output_text.delta') {
        log.text('text', 0, delta);
    } else if (type === 'response.refusal.delta') {
        log.text('refusal', 0, delta);
    } else if (type.startsWith('response.reasoning') &&
        type.endsWith('_text.delta')) {
        log.text('reasoning', 0, delta);
    } else if (type === 'response.output_item.added' &&
        (item.type === 'function_call' || item.type === 'custom_tool_call')) {
        calls.set(index, calls.size);
        log.call(0, calls.get(index), item.call_id, item.name);
    } else if (type === 'response.function_call_arguments.delta' ||
        type === 'response.custom_tool_call_input.delta') {
        log.args(0, calls.get(index), delta);
    } else if (type === 'response.completed' ||
        type === 'response.incomplete') {
        log.text('finish', 0, data.response.incomplete_details?.reason ??
            data.response.status);
    }
    if (data.response !== undefined) {
        log.response = data.response;
    }
    log.error = type === 'error' ? data : log.error;
}

async function theirs(url) {
    const log = new Log();
    const calls = new Map();
    log.thrown = await failure(async () => {
        const stream = await client(url).responses.create({ ...request,
            stream: true });
        for await (const data of stream) {
            take(log, calls, data);
        }
    });
    return log;
}

function sameUsage(told, report) {
    assert.equal(report.prompt, told?.input_tokens ?? -1);
    assert.equal(report.completion, told?.output_tokens ?? -1);
    assert.equal(report.total, told?.total_tokens ?? -1);
    assert.equal(report.cached,
        told?.input_tokens_details?.cached_tokens ?? -1);
    assert.equal(report.reasoning,
        told?.output_tokens_details?.reasoning_tokens ?? -1);
}

const hard = ['He said: "\\ \u2028\n\t\u0000', 'h\u00e9llo \u{1F600}'];
const fixtures = [
    ['text, with all there is to escape', 'complete',
        created() + spoken(0, ...hard) + completed([message(hard.join(''))])],
    ['two calls', 'tool',
        created() + spoken(0, 'Let me ', 'see.') +
        called(1, 'call_a', 'f', '{"a":', '1}') +
        called(2, 'call_b', 'g', '{}') + completed()],
    ['a summary of reasoning', 'complete',
        created() + added(0, { id: 'rs_1', type: 'reasoning', summary: [] }) +
        say('response.reasoning_summary_text.delta', { item_id: 'rs_1',
            output_index: 0, summary_index: 0, delta: 'hm' }) +
        say('response.reasoning_summary_text.done', { item_id: 'rs_1',
            output_index: 0, summary_index: 0, text: 'hm' }) +
        spoken(1, 'a') + completed()],
    ['a custom tool', 'tool',
        created() + added(0, { id: 'ct_1', type: 'custom_tool_call',
            call_id: 'c', name: 'sh', input: '' }) +
        say('response.custom_tool_call_input.delta', { item_id: 'ct_1',
            output_index: 0, delta: 'ls -l' }) +
        say('response.custom_tool_call_input.done', { item_id: 'ct_1',
            output_index: 0, input: 'ls -l' }) + completed()],
    ['a refusal', 'refused',
        created() + say('response.refusal.delta', { item_id: 'msg_1',
            output_index: 0, content_index: 0, delta: 'no' }) + completed()],
    ['incomplete', 'length',
        created() + spoken(0, 'a') + say('response.incomplete',
            { response: response('incomplete', { usage,
                incomplete_details: { reason: 'max_output_tokens' } }) })],
    ['no end', 'truncated', created() + spoken(0, 'a')],
    ['events nobody knows', 'complete',
        created() + say('response.news', { x: 1 }) + spoken(0, 'a') +
        completed()],
    ['an end of 400 kB', 'complete',
        created() + spoken(0, 'a') + completed([message('x'.repeat(4e5))])],
];

for (const [name, verdict, stream] of fixtures) {
    await test(`openai reads what we read: ${name}`, async () => {
        const mine = await ours('responses', stream);
        assert.equal(mine.report.verdict, verdict);
        assert.equal(mine.report.malformed, 0);
        const ways = stream.length > 99999 ? WAYS.slice(0, 1) : WAYS;
        for (const flags of ways) {
            const server = await replay(stream, flags);
            const log = await theirs(server.url);
            await server.close();
            assert.equal(log.thrown, null);
            agree(log, mine);
            sameUsage(log.response.usage, mine.report);
            assert.equal(log.response.id, mine.report.id);
            assert.equal(log.response.model, mine.report.model);
        }
    });
}

await test('openai reports the failure we report', async () => {
    const error = { code: 'server_error', message: 'broke' };
    const stream = created() + spoken(0, 'a') + say('response.failed',
        { response: response('failed', { error }) });
    const mine = await ours('responses', stream);
    const server = await replay(stream);
    const log = await theirs(server.url);
    await server.close();
    agree(log, mine);
    assert.equal(mine.report.verdict, 'failed');
    assert.equal(log.response.error.code, mine.report.code);
    assert.equal(log.response.error.message, mine.report.message);
});

await test('openai hands out the error event we report', async () => {
    const stream = created() + say('error', { code: 'rate_limit_exceeded',
        message: 'slow', param: null });
    const mine = await ours('responses', stream);
    const server = await replay(stream);
    const log = await theirs(server.url);
    await server.close();
    agree(log, mine);
    assert.equal(mine.report.verdict, 'failed');
    assert.equal(log.error.code, mine.report.code);
    assert.equal(log.error.message, mine.report.message);
});

await test('openai puts together what we put together', async () => {
    const stream = created() + spoken(0, 'Let me ', 'see.') +
        called(1, 'call_a', 'f', '{"a":', '1}') + completed([
            message('Let me see.'), call('call_a', 'f', '{"a":1}')]);
    const mine = await ours('responses', stream);
    const server = await replay(stream, ['--chunk', '5']);
    const whole = await client(server.url).responses.stream(request)
        .finalResponse();
    await server.close();
    const texts = (kind) => mine.deltas.filter(({ delta }) => delta === kind)
        .map(({ text }) => text).join('');
    assert.equal(whole.output_text, texts('text'));
    assert.equal(whole.output[1].arguments, texts('arguments'));
    assert.equal(whole.output[1].call_id, 'call_a');
    sameUsage(whole.usage, mine.report);
});

finish();
