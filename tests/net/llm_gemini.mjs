/*
 * llm_gemini.mjs - Google's own client and libsse-llm read the same in streams
 * of Gemini that `sse replay` serves.
 *
 * SPDX-License-Identifier: MIT
 */
import { GoogleGenAI } from '@google/genai';
import { assert, finish, test } from '../web/support/tap.mjs';
import {
    agree, event, failure, Log, ours, replay,
} from './support/llm.mjs';

/* Its lines end with CRLF.  The client decodes read by read and so loses
 * characters that a read cuts: only plain ASCII is sent in pieces.  Nor does
 * it read on behind a U+2028. */
const WAYS = [['--crlf'], [], ['--crlf', '--chunk', '1'],
    ['--crlf', '--chunk', '7']];
const ascii = (text) => /^[\x00-\x7f]*$/.test(text);

const usage = (prompt, candidates, more = {}) => ({ usageMetadata: {
    promptTokenCount: prompt, candidatesTokenCount: candidates,
    totalTokenCount: prompt + candidates, ...more } });
const say = (parts, more = {}, members = {}) => event({ candidates: [{
    ...(parts === null ? {} : { content: { parts, role: 'model' } }),
    index: 0, ...more }], ...members, modelVersion: 'm', responseId: 'r' });
const text = (words, more, members) => say([{ text: words }], more, members);

/* Reads a stream with the client, in the form of our reading. */
async function theirs(baseUrl) {
    const log = new Log();
    const calls = new Map();
    log.error = await failure(async () => {
        const client = new GoogleGenAI({ apiKey: 'none',
            httpOptions: { baseUrl } });
        const stream = await client.models.generateContentStream({
            model: 'm', contents: 'hi' });
        for await (const { candidates, usageMetadata, promptFeedback } of
            stream) {
            log.usage = { ...log.usage, ...usageMetadata };
            log.text('finish', 0, promptFeedback?.blockReason);
            for (const { index = 0, content, finishReason } of
                candidates ?? []) {
                for (const part of content?.parts ?? []) {
                    log.text(part.thought ? 'reasoning' : 'text', index,
                        part.text);
                    if (part.functionCall) {
                        const call = calls.get(index) ?? 0;
                        const { id, name, args } = part.functionCall;
                        calls.set(index, call + 1);
                        log.call(index, call, id, name);
                        log.args(index, call, JSON.stringify(args));
                    }
                }
                log.text('finish', index, finishReason);
            }
        }
    });
    return log;
}

function sameUsage(told, report) {
    const thoughts = told?.thoughtsTokenCount ?? 0;
    assert.equal(report.prompt, told?.promptTokenCount ?? -1);
    assert.equal(report.completion, told?.candidatesTokenCount === undefined
        ? -1 : told.candidatesTokenCount + thoughts);
    assert.equal(report.total, told?.totalTokenCount ?? -1);
    assert.equal(report.cached, told?.cachedContentTokenCount ?? -1);
}

const fixtures = [
    ['text', 'complete',
        text('Hello "', {}, usage(9, 1)) + text('\\ \n\tworld') +
        text('.', { finishReason: 'STOP' }, usage(9, 4))],
    ['text beyond ASCII', 'complete',
        text('h\u00e9llo \u{1F600}') +
        text('\u4e16', { finishReason: 'STOP' })],
    ['a last event without parts', 'complete',
        text('a') + say(null, { finishReason: 'STOP' }, usage(9, 1))],
    ['thoughts', 'complete',
        say([{ text: 'hm', thought: true }]) + text('a', {
            finishReason: 'STOP' }, usage(9, 1, { thoughtsTokenCount: 7,
            totalTokenCount: 17 }))],
    ['calls', 'tool',
        say([{ text: 'Let me see.' }, { functionCall: { name: 'f',
            args: { city: 'Bern' } } }]) +
        say([{ functionCall: { id: 'x', name: 'g', args: {} } }],
            { finishReason: 'STOP' })],
    ['length', 'length', text('a') + text('b', { finishReason: 'MAX_TOKENS' })],
    ['safety', 'refused', say(null, { finishReason: 'SAFETY' })],
    ['a blocked prompt', 'refused',
        event({ promptFeedback: { blockReason: 'SAFETY' },
            usageMetadata: { promptTokenCount: 7, totalTokenCount: 7 } })],
    ['no end', 'truncated', text('a')],
    ['two candidates', 'complete',
        event({ candidates: [{ index: 0, content: { parts: [{ text: 'a' }] } },
            { index: 1, content: { parts: [{ text: 'b' }] } }] }) +
        event({ candidates: [{ index: 1, finishReason: 'STOP' },
            { index: 0, finishReason: 'STOP' }] })],
];

for (const [name, verdict, stream] of fixtures) {
    await test(`genai reads what we read: ${name}`, async () => {
        const mine = await ours('gemini', stream.replaceAll('\n', '\r\n'));
        assert.equal(mine.report.verdict, verdict);
        assert.equal(mine.report.malformed, 0);
        for (const flags of ascii(stream) ? WAYS : WAYS.slice(0, 2)) {
            const server = await replay(stream, flags);
            const log = await theirs(server.url);
            await server.close();
            assert.equal(log.error, null);
            agree(log, mine);
            sameUsage(log.usage, mine.report);
        }
    });
}

await test('genai throws what we report: an error body', async () => {
    const stream = text('a') + JSON.stringify({ error: { code: 503,
        message: 'overloaded', status: 'UNAVAILABLE' } }, null, 2);
    const mine = await ours('gemini', `${stream}\n`);
    const server = await replay(stream, ['--stall', 'event:1,300']);
    const log = await theirs(server.url);
    await server.close();
    agree(log, mine);
    assert.equal(mine.report.verdict, 'failed');
    assert.equal(mine.report.message, 'overloaded');
    assert.equal(mine.report.code, '503');
    assert.equal(mine.report.type, 'UNAVAILABLE');
    assert.match(log.error.message, /got status: UNAVAILABLE/);
});

finish();
