/*
 * tap.mjs - tests that run one after another and speak TAP.
 *
 * SPDX-License-Identifier: MIT
 */
import assert from 'node:assert/strict';

const LIMIT_MS = 120000;

/* How much longer than usual anything may take: what sanitizers watch runs at a
 * fraction of its speed. */
const PATIENCE = process.env.SAN_FLAGS ? 2 : 1;

/** How long a wait for what must happen lasts at most: only a failure is as
 *  slow as that. */
export const PATIENCE_MS = 60000 * PATIENCE;

let count = 0;
let failed = 0;

export { assert };

/** One line of diagnostics, or several. */
export function diagnose(text) {
    for (const line of String(text).split('\n')) {
        console.log(`# ${line}`);
    }
}

/**
 * Runs a test.  A later one runs whether or not it passed.
 * @return {Promise<boolean>} whether it did
 */
export async function test(name, run, limitMs = LIMIT_MS) {
    let timer;
    count += 1;
    const number = count;
    try {
        await Promise.race([run(), new Promise((_, reject) => {
            timer = setTimeout(() => reject(new Error(`not done after ${
                limitMs * PATIENCE} ms`)), limitMs * PATIENCE);
        })]);
        console.log(`ok ${number} - ${name}`);
        return true;
    } catch (error) {
        failed += 1;
        console.log(`not ok ${number} - ${name}`);
        diagnose(error.stack ?? error);
        return false;
    } finally {
        clearTimeout(timer);
    }
}

/** Prints the plan and ends the process, whatever is still open. */
export function finish() {
    console.log(`1..${count}`);
    process.exit(failed > 0 ? 1 : 0);
}

/** Waits until `probe` answers something true, and answers that. */
export async function until(what, probe, limitMs = PATIENCE_MS) {
    const end = Date.now() + limitMs;
    for (;;) {
        const found = await probe();
        if (found) {
            return found;
        }
        if (Date.now() > end) {
            throw new Error(`${what}: not within ${limitMs} ms`);
        }
        await new Promise((resolve) => setTimeout(resolve, 20));
    }
}
