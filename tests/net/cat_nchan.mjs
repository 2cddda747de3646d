/*
 * cat_nchan.mjs - `sse cat URL` against nginx with nchan: nothing is lost and
 * nothing comes twice, however often the connection is cut.
 *
 * SPDX-License-Identifier: MIT
 */
import http from 'node:http';
import net from 'node:net';
import { once } from 'node:events';
import { assert, diagnose, finish, test } from '../web/support/tap.mjs';
import { moduleFile, startNginx } from './support/nginx.mjs';
import { cat, Run } from './support/cat.mjs';

const MESSAGES = 10000;
const CUTS = 100;

const module = moduleFile('ngx_nchan_module.so');
if (module === null) {
    console.log('1..1\nok 1 - nchan # SKIP this nginx has no nchan module');
    process.exit(0);
}
const nginx = await startNginx({
    modules: [module],
    server: `
        location ~ ^/pub/(\\w+)$ {
            nchan_publisher;
            nchan_channel_id $1;
            nchan_message_buffer_length ${2 * MESSAGES};
            nchan_message_timeout 10m;
        }
        location ~ ^/sub/(\\w+)$ {
            nchan_subscriber eventsource;
            nchan_channel_id $1;
            nchan_subscriber_first_message oldest;
        }`,
});
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });

function publish(channel, body) {
    return new Promise((resolve, reject) => {
        const request = http.request(`${nginx.url}/pub/${channel}`,
            { method: 'POST', agent }, (response) => {
                response.resume();
                response.on('end', () => resolve(response.statusCode));
            });
        request.on('error', reject);
        request.end(body);
    });
}

/** A relay to nginx that cuts each connection after so many bytes. */
async function cutter(cuts, size) {
    let left = cuts;
    const server = net.createServer((near) => {
        const far = net.connect(nginx.port, '127.0.0.1');
        let count = 0;
        near.on('error', () => {});
        far.on('error', () => {});
        near.on('data', (bytes) => far.write(bytes));
        near.on('close', () => far.destroy());
        far.on('data', (bytes) => {
            if (left > 0 && count + bytes.length >= size) {
                left -= 1;
                near.write(bytes.subarray(0, size - count), () => {
                    near.destroy();
                });
                far.destroy();
                return;
            }
            count += bytes.length;
            near.write(bytes);
        });
        far.on('close', () => near.end());
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return {
        url: `http://127.0.0.1:${server.address().port}`,
        made: () => cuts - left,
        close: () => server.close(),
    };
}

await test('messages of any shape arrive as they were published', async () => {
    const texts = ['one', '{"a": "\u00e9"}', 'two\nlines', ' \u2028 ',
        'x'.repeat(200000), 'last'];
    for (const text of texts) {
        assert.ok([201, 202].includes(await publish('shapes', text)));
    }
    const run = await cat(['--json', '--until-data', 'last',
        `${nginx.url}/sub/shapes`]);
    assert.equal(run.code, 0);
    assert.deepEqual(run.lines.map(({ data }) => data), texts);
    assert.ok(run.lines.every(({ id }) => /^\d+:\d+$/.test(id)));
});

await test('live: each message as it is published', async () => {
    const run = new Run(['cat', '--trace', `${nginx.url}/sub/live`]);
    await run.reach(2);
    for (let i = 0; i < 3; i++) {
        const before = run.lines.length;
        await publish('live', `message ${i}`);
        const lines = await run.reach(before + 1);
        assert.equal(lines.at(-1).data, `message ${i}`);
    }
    const { id } = run.lines.at(-1);
    run.kill('SIGINT');
    assert.equal(await run.end(), 130);
    assert.deepEqual(run.lines.slice(-2), [
        { state: 'closed', reason: 'interrupted' }, { final_id: id }]);
});

await test('--last-event-id goes on behind that message', async () => {
    const all = await cat(['--json', '--max-events', '6',
        `${nginx.url}/sub/shapes`]);
    const rest = await cat(['--json', '--max-events', '3', '--last-event-id',
        all.lines[2].id, `${nginx.url}/sub/shapes`]);
    assert.deepEqual(rest.lines, all.lines.slice(3));
});

await test(`${MESSAGES} messages, cut ${CUTS} times`, async () => {
    const waits = [];
    for (let i = 0; i < MESSAGES; i++) {
        waits.push(publish('many', `message number ${i}`));
        if (waits.length === 100) {
            await Promise.all(waits.splice(0));
        }
    }
    await Promise.all(waits);
    const relay = await cutter(CUTS, 4000);
    const run = await cat(['--json', '--retry-ms', '1', '--max-retry-ms', '20',
        '--max-events', String(MESSAGES), `${relay.url}/sub/many`]);
    relay.close();
    assert.equal(run.code, 0, run.err);
    assert.equal(relay.made(), CUTS);
    assert.deepEqual(run.lines.map(({ data }) => data),
        Array.from({ length: MESSAGES }, (_, i) => `message number ${i}`));
    assert.equal(new Set(run.lines.map(({ id }) => id)).size, MESSAGES);
    diagnose(`${MESSAGES} messages over ${CUTS + 1} connections`);
});

agent.destroy();
await nginx.close();
finish();
