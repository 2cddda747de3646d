/*
 * faults.mjs - each fault that the offline upstream can be told to have, and
 * what becomes of an answer then.
 *
 * SPDX-License-Identifier: MIT
 *
 * `text` says how much of the answer comes: all, some or none of it.  Answers
 * with a `code` end with an error event, the others with `done`.
 */
import { newDatabase, startServer } from '../../web/support/server.mjs';

const IDLE_MS = 2500;

const broken = (fault, code, stage, retryable, status, text) =>
    ({ fault, code, stage, retryable, status, text });
const whole = (fault, finish, text = 'all') =>
    ({ fault, code: null, status: 'complete', finish, text });

export const FAULTS = [
    broken('stall', 'upstream_timeout', 'stream', true, 'truncated', 'some'),
    broken('silent', 'upstream_timeout', 'upstream', true, 'failed', 'none'),
    broken('cut', 'truncated', 'stream', true, 'truncated', 'some'),
    broken('reset', 'truncated', 'stream', true, 'truncated', 'some'),
    broken('no-end', 'truncated', 'stream', true, 'truncated', 'some'),
    broken('html', 'upstream_media_type', 'upstream', false, 'failed', 'none'),
    broken('400', 'upstream_status', 'upstream', false, 'failed', 'none'),
    broken('401', 'upstream_status', 'upstream', false, 'failed', 'none'),
    broken('429', 'upstream_status', 'upstream', true, 'failed', 'none'),
    broken('500', 'upstream_status', 'upstream', true, 'failed', 'none'),
    broken('error-first', 'upstream_error', 'upstream', true, 'failed',
        'none'),
    broken('error-midstream', 'upstream_error', 'stream', true, 'failed',
        'some'),
    broken('error-field', 'upstream_error', 'stream', true, 'failed', 'some'),
    broken('bad-json', 'upstream_error', 'stream', true, 'failed', 'some'),
    whole('no-done', 'stop'),
    whole('no-finish', 'stop'),
    whole('crlf', 'stop'),
    whole('bytewise', 'stop'),
    whole('flaky', 'stop'),
    whole('length', 'length'),
    whole('filter', 'content_filter'),
    whole('empty', 'stop', 'none'),
];

/**
 * Runs `work` for each row, some at the same time: they mostly wait.
 * @return {Map<object, Promise>}  By row.
 */
export function together(rows, atATime, work) {
    const waiting = [...rows];
    const begun = new Map();
    const results = new Map(rows.map((row) => [row,
        new Promise((resolve, reject) => begun.set(row,
            { resolve, reject }))]));
    results.forEach((result) => result.catch(() => {})); /* its test tells */
    const next = () => {
        const row = waiting.shift();
        if (row) {
            const { resolve, reject } = begun.get(row);
            work(row).then(resolve, reject).then(next);
        }
    };
    for (let i = 0; i < atATime; i++) {
        next();
    }
    return results;
}

/** A server whose offline upstream has this fault; null for none. */
export function startFaulty(fault, log = 'ignore') {
    return startServer({ db: newDatabase(), log,
        flags: ['--upstream-idle', String(IDLE_MS)],
        env: { SSE_CHAT_OFFLINE_DELAY_MS: '1',
            ...fault ? { SSE_CHAT_MODEL: `offline-fault-${fault}` } : {} } });
}
