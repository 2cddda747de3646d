/*
 * tap.mjs - tests that run one after another and speak TAP.
 *
 * SPDX-License-Identifier: MIT
 */
import assert from 'node:assert/strict';

const LIMIT_MS = 30000;

/** How much longer than usual anything may take: what sanitizers watch runs at
 *  a fraction of its speed, and on a busy machine at a fraction of that. */
export const PATIENCE = process.env.SAN_FLAGS ? 4 : 1;

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
export async function until(what, probe, limitMs = 15000) {
    const end = Date.now() + limitMs * PATIENCE;
    for (;;) {
        const found = await probe();
        if (found) {
            return found;
        }
        if (Date.now() > end) {
            throw new Error(`${what}: not within ${
                limitMs * PATIENCE} ms`);
        }
        await new Promise((resolve) => setTimeout(resolve, 20));
    }
}
