/*
 * rows.mjs - looks into the server's database, past the server.
 *
 * SPDX-License-Identifier: MIT
 *
 * Node has had SQLite only since version 22, so a small C program reads.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SOURCE = join(dirname(fileURLToPath(import.meta.url)), 'rows.c');
let program = null;

/** The rows of `SELECT json_array(COLUMNS) REST`, as arrays. */
export function rows(db, columns, rest) {
    if (program === null) {
        program = join(mkdtempSync(join(tmpdir(), 'rows-')), 'rows');
        const [cc, ...flags] = (process.env.CC || 'cc').split(' ');
        execFileSync(cc, [...flags, '-o', program, SOURCE, '-lsqlite3'],
            { stdio: ['ignore', 'inherit', 'inherit'] });
    }
    const lines = execFileSync(program,
        [db, `SELECT json_array(${columns}) ${rest}`],
        { encoding: 'utf8', maxBuffer: 1 << 26 });
    return lines.split('\n').filter((line) => line !== '')
        .map((line) => JSON.parse(line));
}
