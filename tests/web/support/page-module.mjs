/*
 * page-module.mjs - loads a module of the page into Node.
 *
 * SPDX-License-Identifier: MIT
 *
 * The page's files are modules by the way the browser asks for them; Node goes
 * by the ending of the name, so it gets copies.
 */
import { cpSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const TOP = process.env.TOP ?? process.cwd();

const folder = mkdtempSync(join(tmpdir(), 'page-'));
cpSync(join(TOP, 'examples/chat/page'), folder, { recursive: true });
writeFileSync(join(folder, 'package.json'), '{"type":"module"}');

/** The exports of examples/chat/page/NAME. */
export function pageModule(name) {
    return import(pathToFileURL(join(folder, name)));
}
