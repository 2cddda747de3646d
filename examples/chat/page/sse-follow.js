/*
 * sse-follow.js - keeps reading a stream across broken connections.
 *
 * SPDX-License-Identifier: MIT
 *
 * Stands on sse-reader.js and adds the decision when to connect again:
 * exponential back-off with jitter that never undercuts what the server asked
 * for by `retry` or Retry-After, begun anew after each connection that brought
 * an event.
 */
import { SseError } from './sse-reader.js';

const RETRIED_STATUSES = new Set([408, 425, 429, 500, 502, 503, 504]);

/** Whether another attempt may mend it. */
export function isPassing(error) {
    return error instanceof SseError &&
        (error.kind === 'network' || error.kind === 'silence' ||
            (error.kind === 'status' && RETRIED_STATUSES.has(error.status)));
}

/**
 * Reads until the last event.
 *
 * @param {object} options
 * @param {(lastEventId: string) => Promise<SseStream>} options.open  Connects;
 *     called again for each attempt.
 * @param {(event: object) => boolean} options.onEvent  Whether this was the
 *     last event.
 * @param {(state: object) => void} [options.onState]  {name: 'connecting'},
 *     {name: 'open'} or {name: 'waiting', delayMs, error}; the error is null
 *     after a clean end.
 * @param {(ms: number) => Promise<void>} options.wait  Sleeps; may return
 *     early, and throws to give up.
 * @param {string} [options.lastEventId]
 * @param {number} [options.retryMs]  First delay where the server sets none.
 * @param {number} [options.maxRetryMs]
 * @param {number} [options.maxAttempts]  In a row, without an event between.
 * @param {(error: Error) => boolean} [options.retries]  Which failures are
 *     worth another attempt; isPassing() unless told otherwise.
 * @return {Promise<boolean>}  true after the last event; false when the server
 *     answered 204: nothing is left to be read.
 * @throws the last failure.
 */
export async function followSse({ open, onEvent, onState = () => {}, wait,
    lastEventId = '', retryMs = 1000, maxRetryMs = 20000, maxAttempts = 12,
    retries = isPassing }) {
    const position = { lastEventId, retryMs };
    let failures = 0;
    for (;;) {
        let failure = null;
        onState({ name: 'connecting' });
        try {
            const stream = await open(position.lastEventId);
            onState({ name: 'open' });
            if (stream.status === 204) {
                stream.close();
                return false;
            }
            if (await readAll(stream, onEvent, position, () => {
                failures = 0;
            })) {
                return true;
            }
        } catch (error) {
            if (!retries(error)) {
                throw error;
            }
            failure = error;
        }
        failures += 1;
        if (failures >= maxAttempts) {
            throw failure ?? new SseError('network',
                'The stream ended before its last event.');
        }
        const delayMs = backOff(failures, position.retryMs, maxRetryMs,
            failure?.retryAfterMs ?? 0);
        onState({ name: 'waiting', delayMs, error: failure });
        await wait(delayMs);
    }
}

async function readAll(stream, onEvent, position, onProgress) {
    try {
        for await (const event of stream) {
            onProgress();
            if (onEvent(event)) {
                return true;
            }
        }
        return false;
    } finally {
        position.lastEventId = stream.lastEventId;
        position.retryMs = stream.retryMs ?? position.retryMs;
    }
}

function backOff(failures, retryMs, maxRetryMs, retryAfterMs) {
    const least = Math.min(Math.max(retryMs, 100), maxRetryMs);
    const most = Math.min(least * 2 ** (failures - 1), maxRetryMs);
    const spread = Math.max(most - least, least / 4);
    return Math.max(retryAfterMs, least + Math.random() * spread);
}
