/*
 * server.mjs - starts sse-chat.
 *
 * SPDX-License-Identifier: MIT
 */
import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PATIENCE_MS } from './tap.mjs';

const PROGRAM = join(process.env.BUILD ?? 'build', 'bin/sse-chat');

const running = new Set();
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')));

/** The name of a database that does not exist yet. */
export function newDatabase() {
    return join(mkdtempSync(join(tmpdir(), 'chat-')), 'chat.db');
}

/**
 * Starts the program and waits until it listens.
 *
 * @param {object} options
 * @param {string} options.db
 * @param {number} [options.port]
 * @param {string} [options.upstream]  Offline without one.
 * @param {object} [options.env]
 * @param {string} [options.log]  'ignore' for no word of what it logs; 'pipe'
 *     keeps it for logged().
 * @return {Promise<{url: string, port: number,
 *     end: (signal: string) => Promise<number|null>}>}  end() waits for the
 *     process to be gone and answers its exit status.
 */
export async function startServer({ db, port = 0, upstream, env = {},
    flags = [], log = 'inherit' }) {
    const child = spawn(PROGRAM, ['--listen', `127.0.0.1:${port}`, '--db', db,
        ...upstream ? ['--upstream', upstream] : [], ...flags],
    { stdio: ['ignore', 'pipe', log], env: { ...process.env, ...env } });
    running.add(child);
    let logged = '';
    child.stderr?.on('data', (piece) => {
        logged += piece;
    });
    const gone = new Promise((resolve) => child.on('exit', (status) => {
        running.delete(child);
        resolve(status);
    }));
    const url = await new Promise((resolve, reject) => {
        let said = '';
        const timer = setTimeout(() => reject(
            new Error(`sse-chat does not say where it listens: ${said}`)),
        PATIENCE_MS);
        child.on('error', reject);
        child.stdout.on('data', (piece) => {
            said += piece;
            const found = /listening on (http:\/\/127\.0\.0\.1:\d+)/.exec(said);
            if (found) {
                clearTimeout(timer);
                resolve(found[1]);
            }
        });
        gone.then((status) => reject(
            new Error(`sse-chat ended with status ${status}: ${said}`)));
    });
    return {
        url,
        port: Number(new URL(url).port),
        logged: () => logged,
        end: (signal) => {
            child.kill(signal);
            return gone;
        },
    };
}
