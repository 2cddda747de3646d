/*
 * chat_extract.mjs - documents go into sse-chat, tables of facts come out.
 *
 * SPDX-License-Identifier: MIT
 */
import { assert, finish, test, until } from '../web/support/tap.mjs';
import { newDatabase, startServer } from '../web/support/server.mjs';
import { collect, eventsOf, newClient, startModel }
    from './support/chat.mjs';

/* Answers chunk by chunk with the units that stand in its text. */
let plan = () => null;
const model = await startModel((talk) => {
    const text = talk.question.messages.at(-1).content;
    talk.chunk = Number(/<chunk index="(\d+)"/.exec(text)?.[1] ?? -1);
    talk.facts = () => ({ course: { title: 'Systems', code: null,
        instructor: null, term: null },
    units: [...text.matchAll(/Unit (\d+): (\w+)/g)].map((one) => ({
        number: Number(one[1]), title: one[2], topics: [`t${one[1]}`] })),
    assessments: [], books: [] });
    talk.answer = (text) => {
        talk.say(text);
        talk.end();
    };
    const done = plan(talk);
    if (done === null) {
        talk.answer(JSON.stringify(talk.facts()));
    }
});
const db = newDatabase();
let server = await startServer({ db, upstream: model.url });
const ann = await newClient(server.url);

function documentOf(units) {
    let text = '# Systems\n\n';
    for (let i = 1; i <= units; i++) {
        text += `## Unit ${i}: Name${i}\n\n${
            `This sentence belongs to unit number ${i} of them. `.repeat(12)
        }\n\n`;
    }
    return text;
}

function path(document, tail) {
    return `/api/v1/documents/${document}/${tail}`;
}

function watch(document, lastEventId) {
    return ann.request('GET', path(document, 'extract-stream'),
        lastEventId ? { headers: { 'Last-Event-ID': lastEventId } } : {});
}

/* The progress of each job: known steps, never falling, 100 once and last. */
function checkProgress(events) {
    const steps = events.filter((event) => event.type === 'progress')
        .map((event) => event.data);
    let last = 0;
    for (const step of steps) {
        assert.ok(Number.isInteger(step.percent) && step.percent >= last);
        assert.equal(step.progress, step.percent / 100);
        assert.equal(typeof step.stage, 'string');
        assert.equal(typeof step.message, 'string');
        last = step.percent;
    }
    assert.equal(steps[0].percent, 10);
    assert.equal(steps.filter((step) => step.percent === 100).length, 1);
    for (const step of steps.filter((one) => one.percent > 10 &&
        one.percent < 70)) {
        assert.equal(step.percent,
            10 + Math.floor(60 * step.done / step.total));
    }
    for (const percent of [70, 80, 90, 100]) {
        assert.ok(steps.some((step) => step.percent === percent));
    }
    const types = events.map((event) => event.type);
    assert.equal(types[0], 'start');
    assert.deepEqual(types.slice(-2), ['progress', 'done']);
}

const large = documentOf(200);
let largeId;

await test('POST makes a job, GET watches it to its result', async () => {
    largeId = await ann.upload(large, 'systems.md');
    assert.equal((await watch(largeId)).status, 404);
    assert.equal((await ann.request('GET', path(largeId, 'extraction')))
        .status, 404);
    const { job_id: job } = await ann.json(202, 'POST',
        path(largeId, 'extractions'));
    assert.equal(typeof job, 'string');
    const events = await collect(await watch(largeId));
    checkProgress(events);
    assert.equal(events[0].data.job_id, job);
    const { result } = events.at(-1).data;
    assert.deepEqual(result.course, { code: null, title: 'Systems',
        instructor: null, term: null });
    assert.deepEqual(result.units.map((unit) => unit.number)
        .sort((a, b) => a - b), Array.from({ length: 200 }, (_, i) => i + 1));
    for (const unit of result.units) {
        assert.equal(unit.title, `Name${unit.number}`);
        assert.deepEqual(unit.topics, [`t${unit.number}`]);
    }
    /* Each fact has its place, and the place has the fact. */
    const lines = large.split('\n');
    const source = result.sources.find((one) => one.fact === '/units/57');
    assert.equal(source.document, 'systems.md');
    assert.match(lines.slice(source.first_line - 1, source.last_line)
        .join('\n'), new RegExp(`${result.units[57].title}\\b`));
    assert.deepEqual(await ann.json(200, 'GET', path(largeId, 'extraction')),
        { result, failed_chunks: [] });
    assert.equal(new Set(events.map((event) => event.id)).size, events.length);
});

await test('chunks are asked about twenty at a time', async () => {
    assert.ok(model.mostOpen <= 20, `${model.mostOpen}`);
    const chunks = (await collect(await watch(largeId)))
        .filter((event) => event.type === 'chunk');
    assert.ok(chunks.length > 20);
    assert.deepEqual(chunks.map((event) => event.data.index)
        .sort((a, b) => a - b), chunks.map((_, i) => i));
    for (const { data } of chunks) {
        assert.deepEqual(Object.keys(data.facts),
            ['course', 'units', 'assessments', 'books']);
    }
});

await test('not more and not fewer than that', async () => {
    const waiting = [];
    plan = (talk) => waiting.push(talk);
    const id = await ann.upload(large);
    await ann.json(202, 'POST', path(id, 'extractions'));
    await until('twenty are asked about', () => waiting.length === 20);
    await new Promise((resolve) => setTimeout(resolve, 200));
    assert.equal(waiting.length, 20);
    /* Somebody who asks a question meanwhile is served next. */
    const asked = ann.ask(await ann.session(), 'x');
    await until('the question waits', async () =>
        await ann.metric('sse_chat_upstream_waiting') === 1);
    plan = (talk) => {
        waiting.push(talk);
        return talk.chunk < 0 ? null : true;
    };
    const first = waiting.shift();
    first.answer(JSON.stringify(first.facts()));
    assert.equal((await asked).at(-1).type, 'done');
    plan = () => null;
    waiting.splice(0).forEach((talk) => talk.open &&
        talk.answer(JSON.stringify(talk.facts())));
    await until('the job has ended', async () =>
        await ann.metric('sse_chat_extractions_running') === 0);
});

await test('late observers get the earlier events, resumed ones the rest',
    async () => {
        const all = await collect(await watch(largeId));
        checkProgress(all);
        assert.deepEqual(await collect(await watch(largeId, all[4].id)),
            all.slice(5));
        assert.equal((await watch(largeId, all.at(-1).id)).status, 204);
    });

await test('observers who come in the middle see it from its start',
    async () => {
        const waiting = [];
        plan = (talk) => waiting.push(talk);
        const id = await ann.upload(documentOf(30));
        await ann.json(202, 'POST', path(id, 'extractions'));
        await until('chunks are asked about', () => waiting.length >= 2);
        const refused = await ann.request('POST', path(id, 'extractions'));
        assert.equal(refused.status, 409);
        assert.equal((await refused.json()).error.code, 'busy');
        assert.equal((await ann.request('POST', path(id, 'extract-stream')))
            .status, 409);
        const abort = new AbortController();
        const leaving = eventsOf(await ann.request('GET',
            path(id, 'extract-stream'), { signal: abort.signal }));
        assert.equal((await leaving.next()).value.type, 'start');
        abort.abort();
        const first = waiting.shift();
        first.answer(JSON.stringify(first.facts()));
        const rest = collect(await watch(id));
        await until('all have been asked about', async () => {
            waiting.splice(0).forEach((talk) =>
                talk.answer(JSON.stringify(talk.facts())));
            return await ann.metric('sse_chat_extractions_running') === 0;
        });
        checkProgress(await rest);
        plan = () => null;
    });

await test('POST extract-stream is both in one request', async () => {
    const id = await ann.upload(documentOf(3));
    const response = await ann.request('POST', path(id, 'extract-stream'));
    assert.equal(response.status, 200);
    const events = await collect(response);
    checkProgress(events);
    assert.equal(events.at(-1).data.result.units.length, 3);
    /* Once more: another job, another stream. */
    const again = await collect(await ann.request('POST',
        path(id, 'extract-stream')));
    assert.notEqual(again[0].id, events[0].id);
    assert.notEqual(again[0].data.job_id, events[0].data.job_id);
});

await test('a chunk that fails is tried again', async () => {
    const seen = new Map();
    plan = (talk) => {
        const times = (seen.get(talk.chunk) ?? 0) + 1;
        seen.set(talk.chunk, times);
        if (times === 1 && talk.chunk % 2 === 0) {
            talk.answer('I would rather talk about something else.');
        } else if (times === 1) {
            talk.say('{"units":');
            talk.cut();
        } else {
            talk.answer(`Here it is:\n\`\`\`json\n${
                JSON.stringify(talk.facts())}\n\`\`\`\n`);
        }
    };
    const id = await ann.upload(documentOf(20));
    const events = await collect(await ann.request('POST',
        path(id, 'extract-stream')));
    checkProgress(events);
    assert.equal(events.at(-1).data.result.units.length, 20);
    assert.deepEqual(events.at(-1).data.failed_chunks, []);
    assert.ok([...seen.values()].every((times) => times === 2));
    plan = () => null;
});

await test('a chunk that fails for good is reported, the rest is kept',
    async () => {
        plan = (talk) => {
            if (talk.chunk === 1) {
                talk.refuse(400);
                return true;
            }
            return null;
        };
        const id = await ann.upload(documentOf(30));
        const events = await collect(await ann.request('POST',
            path(id, 'extract-stream')));
        checkProgress(events);
        const { result, failed_chunks: failed } = events.at(-1).data;
        assert.deepEqual(failed, [{ index: 1, code: 'upstream_status' }]);
        assert.ok(result.units.length > 10 && result.units.length < 30);
        const bad = events.find((event) => event.type === 'chunk' &&
            event.data.index === 1);
        assert.equal(bad.data.facts, null);
        assert.equal(bad.data.error.code, 'upstream_status');
        assert.deepEqual(await ann.json(200, 'GET', path(id, 'extraction')),
            { result, failed_chunks: failed });
        plan = () => null;
    });

await test('a job without any success is an error', async () => {
    plan = (talk) => {
        talk.refuse(401);
        return true;
    };
    const id = await ann.upload(documentOf(300));
    const before = model.requests;
    const events = await collect(await ann.request('POST',
        path(id, 'extract-stream')));
    const last = events.at(-1);
    assert.equal(last.type, 'error');
    assert.equal(last.data.code, 'upstream_status');
    assert.equal(last.data.stage, 'extract');
    assert.equal(typeof last.data.retryable, 'boolean');
    assert.doesNotMatch(JSON.stringify(events), /secret/);
    /* It was given up before all chunks were asked about. */
    assert.ok(model.requests - before <= 45, `${model.requests - before}`);
    assert.equal((await ann.request('GET', path(id, 'extraction'))).status,
        404);
    plan = () => null;
    const again = await collect(await ann.request('POST',
        path(id, 'extract-stream')));
    assert.equal(again.at(-1).type, 'done');
});

await test('facts of a wrong shape are brought into shape', async () => {
    plan = (talk) => {
        talk.answer(JSON.stringify({ course: { code: 7, title: '  T  ' },
            units: [{ number: 'Unit 2', title: 'A', topics: ['x', 3, 'X!'] },
                { number: 2, title: 'a different title', topics: ['y'] },
                'no', { title: '' }, { title: 'b' }, { title: 'B.' }],
            assessments: [{ name: 'Exam', weight_percent: '40 %' },
                { name: 'exam', due: 'May' }, { weight_percent: 5 }],
            books: ['K&R', { title: 'TAOCP', author: 'Knuth' }, 'k & r', 5],
            more: {} }));
        return true;
    };
    const id = await ann.upload('Some text.');
    const { result } = (await collect(await ann.request('POST',
        path(id, 'extract-stream')))).at(-1).data;
    delete result.sources;
    assert.deepEqual(result, {
        course: { code: null, title: 'T', instructor: null, term: null },
        units: [{ number: 2, title: 'A', topics: ['x', 'y'] },
            { number: null, title: 'b', topics: [] }],
        assessments: [{ name: 'Exam', weight_percent: 40, due: 'May' }],
        books: ['K&R', 'Knuth: TAOCP'] });
    plan = () => null;
});

await test('a blank document has an empty result', async () => {
    const id = await ann.upload(' \n\t\n');
    const events = await collect(await ann.request('POST',
        path(id, 'extract-stream')));
    assert.deepEqual(events.at(-1).data.result, {
        course: { code: null, title: null, instructor: null, term: null },
        units: [], assessments: [], books: [], sources: [] });
});

await test('results outlive the server, and running jobs go on', async () => {
    const asked = [];
    plan = (talk) => {
        asked.push(talk.chunk);
        if (talk.chunk < 2) {
            return null;
        }
        return true;
    };
    const id = await ann.upload(documentOf(40));
    await ann.json(202, 'POST', path(id, 'extractions'));
    const events = eventsOf(await watch(id));
    let chunks = 0;
    while (chunks < 2) {
        const { value } = await events.next();
        chunks += value.type === 'chunk' ? 1 : 0;
    }
    await server.end('SIGKILL');
    await events.next().catch(() => null);
    asked.length = 0;
    plan = (talk) => {
        asked.push(talk.chunk);
        return null;
    };
    server = await startServer({ db, upstream: model.url });
    ann.url = server.url;
    const rest = await until('the job goes on', async () => {
        const response = await watch(id);
        return response.status === 200 ? response
            : (await response.text(), null);
    });
    const all = await collect(rest);
    checkProgress(all);
    assert.equal(all.at(-1).data.result.units.length, 40);
    assert.ok(!asked.includes(0) && !asked.includes(1), `${asked}`);
    /* The one that had ended before is told from the database. */
    const stored = await collect(await watch(largeId));
    assert.equal(stored.at(-1).data.result.units.length, 200);
    assert.equal(stored.at(-2).data.percent, 100);
    plan = () => null;
});

await test('an orderly end does not wait for a job, which goes on later',
    async () => {
        plan = () => true;
        const id = await ann.upload(documentOf(10));
        await ann.json(202, 'POST', path(id, 'extractions'));
        const begun = Date.now();
        assert.equal(await server.end('SIGTERM'), 0);
        assert.ok(Date.now() - begun < 30000);
        plan = () => null;
        server = await startServer({ db, upstream: model.url });
        ann.url = server.url;
        await until('the job has ended', async () => (await ann.request('GET',
            path(id, 'extraction'))).status === 200);
        assert.equal(await server.end('SIGTERM'), 0);
    });
finish();
