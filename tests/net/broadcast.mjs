/*
 * broadcast.mjs - the two examples that hand on what is posted: over the hub,
 * and with the core alone behind libmicrohttpd.
 *
 * SPDX-License-Identifier: MIT
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { assert, finish, test, until } from '../web/support/tap.mjs';
import { Reader } from './support/serve.mjs';

async function post(url, body) {
    const answer = await fetch(url, { method: 'POST', body });
    assert.equal(answer.status, 200);
    return answer.text();
}

async function check(name) {
    const program = `${process.env.BUILD}/examples/${name}`;
    if (!existsSync(program)) {
        await test(`${name} # SKIP built without its library`, () => {});
        return;
    }
    await test(`${name}: everybody gets it, also who comes back`, async () => {
        let out = '';
        const child = spawn(program, ['0'],
            { stdio: ['ignore', 'pipe', 'inherit'] });
        process.on('exit', () => child.kill('SIGKILL'));
        child.stdout.on('data', (part) => { out += part; });
        await until('the server', () => out.includes('\n'));
        const url = out.trim();
        /* One that was there before; a first event may be older than others
         * that read. */
        const first = await post(url, 'before');
        const early = await Reader.open({ url }, '', {
            'Last-Event-ID': first });
        const ids = [];
        for (const text of ['one', 'two\nlines', 'x'.repeat(30000), 'four']) {
            ids.push(await post(url, text));
        }
        const data = ['one', 'two\nlines', 'x'.repeat(30000), 'four'];
        await early.reach(4);
        assert.deepEqual(early.data, data);
        assert.deepEqual(early.events.map(({ id }) => id), ids);
        const late = await Reader.open({ url }, '', {
            'Last-Event-ID': ids[1] });
        await late.reach(2);
        assert.deepEqual(late.data, data.slice(2));
        await post(url, 'last');
        await early.reach(5);
        await late.reach(3);
        early.close();
        late.close();
        child.kill('SIGKILL');
    });
}

await check('broadcast');
await check('microhttpd_server');
finish();
