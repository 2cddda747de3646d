/*
 * chat_persist.mjs - sse-chat while its database cannot be written.
 *
 * SPDX-License-Identifier: MIT
 *
 * Another program holds the write lock for longer than the server waits.
 */
import { spawn } from 'node:child_process';
import { assert, finish, test, until } from '../web/support/tap.mjs';
import { newDatabase, startServer } from '../web/support/server.mjs';
import { eventsOf, newClient, startModel } from './support/chat.mjs';

const model = await startModel();
const db = newDatabase();
const server = await startServer({ db, upstream: model.url });
const ann = await newClient(server.url);

/* Takes the lock; what it resolves to gives it back. */
async function lock() {
    const shell = spawn('sqlite3', [db],
        { stdio: ['pipe', 'pipe', 'inherit'] });
    process.on('exit', () => shell.kill('SIGKILL'));
    shell.stdin.write('.timeout 5000\nBEGIN IMMEDIATE;\nSELECT \'mine\';\n');
    await new Promise((resolve, reject) => {
        shell.stdout.on('data', (text) => /mine/.test(text) && resolve());
        shell.on('error', reject);
        shell.on('exit', () => reject(new Error('sqlite3 has gone')));
    });
    return () => new Promise((resolve) => {
        shell.removeAllListeners('exit');
        shell.on('exit', resolve);
        shell.stdin.end('ROLLBACK;\n');
    });
}

await test('an answer that cannot be saved is told so, and saved later',
    async () => {
        const session = await ann.session();
        const events = eventsOf(await ann.send(session, 'x',
            { idempotency_key: 'k' }));
        assert.equal((await events.next()).value.type, 'start');
        const talk = await model.next();
        talk.say('Whole');
        assert.equal((await events.next()).value.data.content, 'Whole');
        const unlock = await lock();
        talk.end();
        const refused = await ann.request('POST', '/api/v1/chat/sessions',
            { json: {} });
        const last = (await events.next()).value;
        assert.equal(last.type, 'error');
        assert.deepEqual([last.data.code, last.data.stage,
            last.data.retryable], ['persist_failed', 'persist', true]);
        assert.equal((await events.next()).done, true);
        assert.equal(refused.status, 503);
        assert.ok(Number(refused.headers.get('retry-after')) > 0);
        assert.equal(typeof (await refused.json()).error.code, 'string');
        assert.equal(await ann.metric('sse_chat_answers_unsaved_total'), 1);
        await unlock();
        const reply = await until('the answer is saved after all', async () => {
            const one = (await ann.messages(session))[1];
            return one.status === 'complete' ? one : null;
        });
        assert.equal(reply.content, 'Whole');
        assert.equal(await ann.metric('sse_chat_answers_running'), 0);
    });

await test('a message that cannot be saved is refused', async () => {
    const session = await ann.session();
    const unlock = await lock();
    const refused = await ann.send(session, 'x');
    assert.equal(refused.status, 503);
    await refused.text();
    await unlock();
    assert.deepEqual(await ann.messages(session), []);
});

await test('it ends with status 0', async () => {
    assert.equal(await server.end('SIGTERM'), 0);
});
finish();
