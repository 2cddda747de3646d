/*
 * llm.mjs - streams of language models, served for clients nobody here wrote,
 * and what libsse-llm reads in the same bytes.
 *
 * SPDX-License-Identifier: MIT
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assert } from '../../web/support/tap.mjs';

const folder = mkdtempSync(join(tmpdir(), 'llm-'));
let count = 0;

/** How each stream is cut on its way. */
export const WAYS = [[], ['--chunk', '1'], ['--chunk', '7'], ['--crlf']];

/** An event of a payload; with a name of its own if one is given. */
export function event(payload, name) {
    const data = typeof payload === 'string' ? payload
        : JSON.stringify(payload);
    return `${name === undefined ? '' : `event: ${name}\n`}data: ${data}\n\n`;
}

/** Runs a program whose first line on stdout is a URL. */
async function serve(program, args) {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'ignore'] });
    child.stdout.setEncoding('utf8');
    let out = '';
    while (!out.includes('\n')) {
        const [text] = await once(child.stdout, 'data');
        out += text;
    }
    child.stdout.resume();
    return {
        url: out.slice(0, out.indexOf('\n')).replace(/\/$/, ''),
        async close() {
            child.kill();
            await once(child, 'close');
        },
    };
}

/** `sse replay` of a stream, answering every request on every path. */
export async function replay(stream, flags = []) {
    const file = join(folder, `${count += 1}.sse`);
    writeFileSync(file, stream);
    return serve(`${process.env.BUILD}/bin/sse`, ['replay', '--listen',
        '127.0.0.1:0', '--speed', '0', ...flags, file]);
}

/** The example server, which writes with libsse-llm. */
export function echoServer() {
    return serve(`${process.env.BUILD}/examples/sock_llm_server`, ['0']);
}

/** What libsse-llm reads: the deltas, and the report. */
export async function ours(dialect, stream) {
    const child = spawn(`${process.env.BUILD}/examples/llm_read`, [dialect],
        { stdio: ['pipe', 'pipe', 'inherit'] });
    let out = '';
    child.stdout.setEncoding('utf8');
    child.stdout.on('data', (text) => { out += text; });
    child.stdin.end(stream);
    await once(child, 'close');
    const lines = out.trimEnd().split('\n').map((line) => JSON.parse(line));
    return { deltas: lines.slice(0, -1), report: lines.at(-1) };
}

/** Collects what a client hands out, in the form of ours. */
export class Log {
    constructor() {
        this.deltas = [];
    }

    text(delta, choice, text) {
        if (text) {
            this.deltas.push({ delta, choice, text });
        }
    }

    call(choice, call, id, name) {
        this.deltas.push({ delta: 'tool_call', choice, call, id: id ?? '',
            name: name ?? '' });
    }

    args(choice, call, text) {
        if (text) {
            this.deltas.push({ delta: 'arguments', choice, call, text });
        }
    }
}

/** Deltas of one kind and place in a row as one. */
export function joined(deltas) {
    const runs = [];
    for (const delta of deltas) {
        const last = runs.at(-1);
        if (last !== undefined && delta.text !== undefined &&
            delta.delta !== 'finish' && last.delta === delta.delta &&
            last.choice === delta.choice && last.call === delta.call) {
            last.text += delta.text;
        } else {
            runs.push({ ...delta });
        }
    }
    return runs;
}

/**
 * Both read the same: delta by delta, or with `split` (a character cut in two
 * by the provider, which the client leaves so) text by text.
 */
export function agree(theirs, mine, split = false) {
    if (!split) {
        assert.deepEqual(theirs.deltas, mine.deltas);
    }
    assert.deepEqual(joined(theirs.deltas), joined(mine.deltas));
}

/** What an async iteration throws, or null. */
export async function failure(run) {
    try {
        await run();
        return null;
    } catch (error) {
        return error;
    }
}
