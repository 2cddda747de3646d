/*
 * upstream.mjs - a language model that says what a test tells it to.
 *
 * SPDX-License-Identifier: MIT
 *
 * Speaks OpenAI Chat Completions over a real port.
 */
import { createServer } from 'node:http';

/** One answer, for the test to speak. */
class Talk {
    /** The request's JSON. */
    question;
    /** Resolves when the other side has gone. */
    closed;
    #response;

    constructor(question, response) {
        this.question = question;
        this.#response = response;
        this.closed = new Promise((resolve) => response.on('close', resolve));
    }

    /** Answers with a status and no stream. */
    refuse(status) {
        this.#response.writeHead(status,
            { 'Content-Type': 'application/json' });
        this.#response.end('{"error":{"message":"no"}}');
    }

    say(text) {
        this.#delta({ content: text }, null);
    }

    /** The whole end: finish reason and `[DONE]`. */
    end() {
        this.#delta({}, 'stop');
        this.#response.end('data: [DONE]\n\n');
    }

    /** The connection breaks. */
    cut() {
        this.#response.destroy();
    }

    #delta(delta, reason) {
        if (!this.#response.headersSent) {
            this.#response.writeHead(200,
                { 'Content-Type': 'text/event-stream' });
        }
        this.#response.write(`data: ${JSON.stringify({ object:
            'chat.completion.chunk', choices: [{ index: 0, delta,
            finish_reason: reason }] })}\n\n`);
    }
}

/**
 * @return {Promise<{url: string, next: () => Promise<Talk>}>}  next() waits for
 *     the next request that no other call has got.
 */
export async function startUpstream() {
    const talks = [];
    const waiting = [];
    const server = createServer(async (request, response) => {
        let body = '';
        for await (const piece of request) {
            body += piece;
        }
        const talk = new Talk(JSON.parse(body), response);
        if (waiting.length > 0) {
            waiting.shift()(talk);
        } else {
            talks.push(talk);
        }
    });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    return {
        url: `http://127.0.0.1:${server.address().port}/v1`,
        next: () => talks.length > 0 ? Promise.resolve(talks.shift())
            : new Promise((resolve) => waiting.push(resolve)),
    };
}
