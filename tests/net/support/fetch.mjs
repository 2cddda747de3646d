/*
 * fetch.mjs - runs fetch.c, which it compiles first.
 *
 * SPDX-License-Identifier: MIT
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { until } from '../../web/support/tap.mjs';

const HERE = dirname(fileURLToPath(import.meta.url));
let program = null;

const words = (text) => (text ?? '').split(/\s+/).filter(Boolean);

function compile() {
    const { BUILD, TOP, CC, SAN_FLAGS } = process.env;
    const folder = mkdtempSync(join(tmpdir(), 'fetch-'));
    const probe = (what) => words(execFileSync(`${TOP}/scripts/probe`,
        [folder, 'libcurl', what], { encoding: 'utf8' }));
    const [cc, ...flags] = words(CC || 'cc');
    program = join(folder, 'fetch');
    execFileSync(cc, [...flags, ...words(SAN_FLAGS), '-std=c99', '-Wall',
        '-D_POSIX_C_SOURCE=200809L', `-I${TOP}/include`, ...probe('cflags'),
        '-o', program, join(HERE, 'fetch.c'), `${BUILD}/lib/libsse-curl.a`,
        `${BUILD}/lib/libsse.a`, ...probe('libs'), '-pthread'],
    { stdio: ['ignore', 'inherit', 'inherit'] });
}

/** A run of it. */
export class Fetch {
    constructor(args, env = {}) {
        if (program === null) {
            compile();
        }
        this.out = '';
        this.child = spawn(program, args, {
            stdio: ['pipe', 'pipe', 'inherit'],
            env: { ...process.env, no_proxy: '*', ...env },
        });
        this.child.stdout.setEncoding('utf8');
        this.child.stdout.on('data', (text) => { this.out += text; });
        process.on('exit', () => this.child.kill('SIGKILL'));
        this.child.stdin.on('error', () => {});
        this.ended = once(this.child, 'close');
    }

    /** Waits until such a line was printed. */
    async line(text) {
        await until(text, () => this.out.split('\n').includes(text))
            .catch((error) => {
                throw new Error(`${error.message}; it said\n${this.out}`);
            });
    }

    async end() {
        this.child.stdin.end();
        const [code, signal] = await this.ended;
        return code ?? signal;
    }
}
