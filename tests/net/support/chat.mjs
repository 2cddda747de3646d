/*
 * chat.mjs - a client of sse-chat, and a language model for it to ask.
 *
 * SPDX-License-Identifier: MIT
 */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';

const JSON_TYPE = { 'Content-Type': 'application/json' };

/** The events of a body, as they come.  A comment is {comment}. */
export async function* eventsOf(response) {
    const decoder = new TextDecoder();
    let text = '';
    for await (const piece of response.body) {
        text += decoder.decode(piece, { stream: true });
        for (let end = text.search(/\n\n|^:[^\n]*\n/m); end >= 0;
            end = text.search(/\n\n|^:[^\n]*\n/m)) {
            if (text[0] === ':') {
                const line = text.indexOf('\n');
                yield { comment: text.slice(1, line) };
                text = text.slice(line + 1).replace(/^\n/, '');
                continue;
            }
            yield parse(text.slice(0, text.indexOf('\n\n')));
            text = text.slice(text.indexOf('\n\n') + 2);
        }
    }
    if (text !== '') {
        throw new Error(`the stream ends within an event: ${text}`);
    }
}

function parse(block) {
    const event = { id: null, type: 'message', retry: null, data: null };
    for (const line of block.split('\n')) {
        const colon = line.indexOf(': ');
        const name = line.slice(0, colon);
        const value = line.slice(colon + 2);
        if (name === 'event') {
            event.type = value;
        } else if (name === 'data') {
            event.data = JSON.parse(value);
        } else {
            event[name] = value;
        }
    }
    return event;
}

/** All events of a stream, comments left out. */
export async function collect(response) {
    const events = [];
    for await (const event of eventsOf(response)) {
        if (event.comment === undefined) {
            events.push(event);
        }
    }
    return events;
}

/** The text of the chunks. */
export function textOf(events) {
    return events.filter((event) => event.type === 'chunk')
        .map((event) => event.data.content).join('');
}

/** One user of a server. */
export class Client {
    constructor(url, token) {
        this.url = url;
        this.token = token;
    }

    request(method, path, { json, body, headers = {}, signal } = {}) {
        return fetch(this.url + path, {
            method,
            signal,
            body: json !== undefined ? JSON.stringify(json) : body,
            headers: {
                ...this.token ? { Authorization: `Bearer ${this.token}` } : {},
                ...json !== undefined ? JSON_TYPE : {},
                ...headers,
            },
        });
    }

    /** The JSON of an answer whose status must be this one. */
    async json(status, method, path, options) {
        const response = await this.request(method, path, options);
        const text = await response.text();
        if (response.status !== status) {
            throw new Error(`${method} ${path}: ${response.status} instead of ${
                status}: ${text}`);
        }
        return JSON.parse(text);
    }

    async session(title) {
        return (await this.json(201, 'POST', '/api/v1/chat/sessions',
            { json: title === undefined ? {} : { title } })).session_id;
    }

    messagesPath(session) {
        return `/api/v1/chat/sessions/${session}/messages`;
    }

    send(session, content, more = {}, options = {}) {
        return this.request('POST', this.messagesPath(session),
            { json: { content, ...more }, ...options });
    }

    /** Sends and reads to the end. */
    async ask(session, content, more = {}) {
        const response = await this.send(session, content, more);
        if (response.status !== 200) {
            throw new Error(`${response.status}: ${await response.text()}`);
        }
        return collect(response);
    }

    async messages(session, query = '') {
        return (await this.json(200, 'GET',
            this.messagesPath(session) + query)).messages;
    }

    attach(stream, lastEventId) {
        return this.request('GET', `/api/v1/chat/streams/${stream}`,
            lastEventId ? { headers: { 'Last-Event-ID': lastEventId } } : {});
    }

    stop(stream) {
        return this.request('DELETE', `/api/v1/chat/streams/${stream}`);
    }

    async upload(text, name = 'a.md', type = 'text/markdown') {
        return (await this.json(201, 'POST',
            `/api/v1/documents?name=${encodeURIComponent(name)}`,
            { body: text, headers: { 'Content-Type': type } })).document_id;
    }

    /** A value of the metrics. */
    async metric(name) {
        const text = await (await fetch(`${this.url}/metrics`)).text();
        const line = text.split('\n').find((one) => one.startsWith(`${name} `));
        return Number(line.split(' ').pop());
    }
}

/** A new user. */
export async function newClient(url, name = 'Ada') {
    const made = await new Client(url).json(201, 'POST', '/api/v1/users',
        { json: { name } });
    return new Client(url, made.token);
}

/** One request to the model, for a test to answer. */
export class Talk {
    constructor(request, question, response) {
        this.request = request;
        this.question = question;
        this.response = response;
        this.closed = new Promise((resolve) => response.on('close', resolve));
        this.open = true;
        this.closed.then(() => {
            this.open = false;
        });
    }

    head(status = 200, type = 'text/event-stream', more = {}) {
        this.response.writeHead(status, { 'Content-Type': type, ...more });
        this.response.flushHeaders();
    }

    raw(text) {
        if (!this.response.headersSent) {
            this.head();
        }
        return this.response.write(text);
    }

    event(data) {
        return this.raw(`data: ${JSON.stringify(data)}\n\n`);
    }

    say(content) {
        return this.event({ choices: [{ index: 0, delta: { content },
            finish_reason: null }] });
    }

    finish(reason = 'stop') {
        this.event({ choices: [{ index: 0, delta: {},
            finish_reason: reason }] });
    }

    usage(prompt, completion) {
        this.event({ choices: [], usage: { prompt_tokens: prompt,
            completion_tokens: completion,
            total_tokens: prompt + completion } });
    }

    done() {
        this.response.end('data: [DONE]\n\n');
    }

    end() {
        this.finish();
        this.done();
    }

    refuse(status, more = {}) {
        this.head(status, 'application/json', more);
        this.response.end('{"error":{"message":"secret words of theirs"}}');
    }

    cut() {
        this.response.destroy();
    }
}

/**
 * Starts a model.
 *
 * @param {(talk: Talk) => void} [answer]  Answers each request; without it
 *     next() hands them out.
 */
export async function startModel(answer) {
    const talks = [];
    const waiting = [];
    const model = { requests: 0, open: 0, mostOpen: 0, connections: 0 };
    const server = createServer(async (request, response) => {
        let body = '';
        for await (const piece of request) {
            body += piece;
        }
        const talk = new Talk(request, JSON.parse(body), response);
        model.requests += 1;
        model.open += 1;
        model.mostOpen = Math.max(model.mostOpen, model.open);
        talk.closed.then(() => {
            model.open -= 1;
        });
        if (answer) {
            answer(talk);
        } else if (waiting.length > 0) {
            waiting.shift()(talk);
        } else {
            talks.push(talk);
        }
    });
    server.on('connection', () => {
        model.connections += 1;
    });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    model.url = `http://127.0.0.1:${server.address().port}`;
    model.next = () => {
        /* Those that were given up before anybody asked for them. */
        while (talks.length > 0 && !talks[0].open) {
            talks.shift();
        }
        return talks.length > 0 ? Promise.resolve(talks.shift())
            : new Promise((resolve) => waiting.push(resolve));
    };
    model.stop = () => new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
    });
    return model;
}

/** Checks that a refusal has this status, a code and a message. */
export async function refused(status, response, code) {
    const text = await response.text();
    assert.equal(response.status, status, text);
    assert.equal(response.headers.get('content-type'), 'application/json');
    const { error } = JSON.parse(text);
    assert.equal(typeof error.message, 'string');
    assert.match(error.code, /^[a-z0-9_]+$/);
    if (code) {
        assert.equal(error.code, code);
    }
    return response;
}

/** Sends and reads as far as `start`. */
export async function begin(client, session, more = {}) {
    const abort = new AbortController();
    const response = await client.send(session, 'x', more,
        { signal: abort.signal });
    assert.equal(response.status, 200);
    const events = eventsOf(response);
    const start = (await next(events));
    assert.equal(start.type, 'start');
    /* Not every version of fetch closes a connection whose body nobody reads
     * when it is aborted; to give the body back closes it everywhere. */
    const leave = () => {
        abort.abort();
        events.return().catch(() => {});
    };
    return { events, start, stream: start.data.stream_id, leave };
}

/** The next event that is no comment; null at the end. */
export async function next(events) {
    for (;;) {
        const { value, done } = await events.next();
        if (done) {
            return null;
        }
        if (value.comment === undefined) {
            return value;
        }
    }
}

/** The status of the newest message. */
export function statusOf(client, session) {
    return client.messages(session).then((all) => all.at(-1).status);
}
