/*
 * chat_extract_load.mjs - how sse-chat asks about the parts of a document: how
 * many at a time, over how many connections, and when again.
 *
 * SPDX-License-Identifier: MIT
 */
import { assert, finish, test, until } from '../web/support/tap.mjs';
import { newDatabase, startServer } from '../web/support/server.mjs';
import { collect, newClient, refused, startModel } from './support/chat.mjs';

const chunkOf = (talk) => Number(/<chunk index="(\d+)"/.exec(
    talk.question.messages.at(-1).content)[1]);
const EMPTY = '{"course":{},"units":[],"assessments":[],"books":[]}';

let plan = () => false;
const model = await startModel((talk) => {
    talk.answer = (facts = EMPTY) => {
        talk.say(facts);
        talk.end();
    };
    if (!plan(talk)) {
        talk.answer();
    }
});
const server = await startServer({ db: newDatabase(), upstream: model.url });
const ann = await newClient(server.url);

const path = (document, tail) => `/api/v1/documents/${document}/${tail}`;
const SENTENCE = 'Each of these sentences has a number, this one has ';

/* Sentences without headings, so that parts have text in common. */
function prose(sentences) {
    return Array.from({ length: sentences }, (_, i) => `${SENTENCE}${i}.`)
        .join(' ');
}

async function extract(text) {
    const id = await ann.upload(text);
    const events = await collect(await ann.request('POST',
        path(id, 'extract-stream')));
    return { id, events, last: events.at(-1) };
}

await test('parts end behind sentences and overlap, and nothing is left out',
    async () => {
        const texts = [];
        plan = (talk) => {
            texts[chunkOf(talk)] = talk.question.messages.at(-1).content;
            return false;
        };
        const total = 3000;
        await extract(prose(total));
        assert.ok(texts.length > 20);
        const numbers = texts.map((text) => [...text.matchAll(
            /this one has (\d+)\./g)].map((one) => Number(one[1])));
        const seen = new Set(numbers.flat());
        assert.equal(seen.size, total, 'each sentence stands whole somewhere');
        for (let i = 1; i < numbers.length; i++) {
            const common = numbers[i].filter((one) =>
                numbers[i - 1].includes(one));
            assert.ok(common.length >= 2 && common.length <= 12,
                `${common.length} in common`);
        }
        for (const text of texts) {
            const body = /<chunk [^>]*>\s*([^]*?)\s*<\/chunk>/.exec(text)[1];
            assert.ok(body.startsWith(SENTENCE), body.slice(0, 40));
            assert.match(body, /\d\.$/);
        }
        plan = () => false;
    });

await test('a fact that two parts tell is there once, with its place',
    async () => {
        const told = (talk) => [...talk.question.messages.at(-1).content
            .matchAll(/this one has (\d+)\./g)].map((one) => Number(one[1]))
            .filter((one) => one % 10 === 0);
        plan = (talk) => {
            talk.answer(JSON.stringify({ course: { title: 'T' },
                units: told(talk).map((one) => ({ number: one,
                    title: `Sentence ${one}`, topics: [] })),
                assessments: [], books: [] }));
            return true;
        };
        const { last } = await extract(prose(1500));
        const { units, sources } = last.data.result;
        assert.deepEqual(units.map((unit) => unit.number)
            .sort((a, b) => a - b), Array.from({ length: 150 },
            (_, i) => i * 10));
        for (let i = 0; i < units.length; i++) {
            const mine = sources.filter((one) => one.fact === `/units/${i}`);
            assert.ok(mine.length >= 1, `/units/${i}`);
        }
        plan = () => false;
    });

await test('hundreds of requests go over twenty pooled connections',
    async () => {
        model.mostOpen = 0;
        const before = { requests: model.requests,
            connections: model.connections };
        await extract(prose(20000));
        const requests = model.requests - before.requests;
        const connections = model.connections - before.connections;
        assert.ok(requests > 200, `${requests} requests`);
        assert.ok(connections <= 20, `${connections} connections`);
        assert.ok(model.mostOpen <= 20);
    });

await test('a part that fails is asked about later and later', async () => {
    const times = [];
    plan = (talk) => {
        if (chunkOf(talk) === 1 && times.push(Date.now()) < 3) {
            talk.answer('no JSON');
            return true;
        }
        return false;
    };
    const { last } = await extract(prose(400));
    assert.equal(last.type, 'done');
    assert.deepEqual(last.data.failed_chunks, []);
    assert.equal(times.length, 3);
    const gaps = [times[1] - times[0], times[2] - times[1]];
    assert.ok(gaps[0] >= 950 && gaps[1] >= 1950, `${gaps}`);
    plan = () => false;
});

await test('a busy model is given the time it asks for', async () => {
    const times = [];
    plan = (talk) => {
        if (chunkOf(talk) === 0 && times.push(Date.now()) === 1) {
            talk.refuse(429, { 'Retry-After': '2' });
            return true;
        }
        return false;
    };
    const { last } = await extract(prose(200));
    assert.equal(last.type, 'done');
    assert.ok(times[1] - times[0] >= 1950, `${times[1] - times[0]} ms`);
    plan = () => false;
});

await test('parts that fail together do not come back together',
    async () => {
        const first = new Map();
        const waits = [];
        plan = (talk) => {
            const chunk = chunkOf(talk);
            if (first.has(chunk)) {
                waits.push(Date.now() - first.get(chunk));
                return false;
            }
            first.set(chunk, Date.now());
            talk.answer('no JSON');
            return true;
        };
        await extract(prose(1500));
        assert.ok(waits.length >= 15);
        assert.ok(Math.max(...waits) - Math.min(...waits) > 200,
            `${Math.min(...waits)} to ${Math.max(...waits)} ms`);
        plan = () => false;
    });

await test('429 beyond eight jobs of one user, 503 beyond sixteen in all',
    async () => {
        const talks = [];
        plan = (talk) => talks.push(talk);
        const begin = async (user) => {
            const id = await user.upload(prose(10));
            return user.request('POST', path(id, 'extractions'));
        };
        for (const user of [ann, await newClient(server.url)]) {
            for (let i = 0; i < 8; i++) {
                const response = await begin(user);
                assert.equal(response.status, 202);
                await response.text();
            }
            await refused(429, await begin(user), 'too_many_jobs');
        }
        const response = await begin(await newClient(server.url));
        await refused(503, response, 'too_many_jobs');
        assert.match(response.headers.get('retry-after'), /^\d+$/);
        plan = () => false;
        await until('the jobs have ended', async () => {
            talks.splice(0).forEach((talk) => talk.answer());
            return await ann.metric('sse_chat_extractions_running') === 0;
        });
    });

await test('it ends with status 0', async () => {
    assert.equal(await server.end('SIGTERM'), 0);
    await model.stop();
});
finish();
