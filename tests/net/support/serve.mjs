/*
 * serve.mjs - runs `sse serve`, and readers of its streams.
 *
 * SPDX-License-Identifier: MIT
 */
import http from 'node:http';
import net from 'node:net';
import { until } from '../../web/support/tap.mjs';
import { Run } from './cat.mjs';

/** A running server. */
export class Serve {
    static async start(...args) {
        const serve = new Serve();
        serve.run = new Run(['serve', '--listen', '127.0.0.1:0', ...args],
            { input: null });
        await until('the server', () => serve.run.out.includes('\n'));
        serve.url = /http:\S+/.exec(serve.run.out)[0];
        serve.port = Number(new URL(serve.url).port);
        return serve;
    }

    /** One request.  Status, headers and body. */
    request(method, path, { headers = {}, body } = {}) {
        return new Promise((resolve, reject) => {
            const request = http.request(this.url + path, { method, headers,
                agent: false }, (response) => {
                let text = '';
                response.setEncoding('utf8');
                response.on('data', (part) => { text += part; });
                response.on('end', () => resolve({
                    status: response.statusCode,
                    headers: response.headers,
                    text,
                }));
            });
            request.on('error', reject);
            request.end(body);
        });
    }

    async publish(topic, body, query = '', headers = {}) {
        const answer = await this.request('POST', `/topic/${topic}${query}`,
            { body, headers });
        return answer.status === 200 ? JSON.parse(answer.text).id
            : answer.status;
    }

    subscribe(path, headers = {}) {
        return Reader.open(this, `/topic/${path}`, headers);
    }

    async metric(name) {
        const { text } = await this.request('GET', '/metrics');
        return Number(new RegExp(`^sse_${name} (\\d+)$`, 'm').exec(text)[1]);
    }

    /** Says bytes on a new connection.  What comes back until it closes, or
     *  until so many milliseconds are over. */
    say(bytes, ms = 60000) {
        return new Promise((resolve) => {
            let text = '';
            const socket = net.connect(this.port, '127.0.0.1', () => {
                socket.write(bytes);
            });
            const timer = setTimeout(() => socket.destroy(), ms);
            socket.setEncoding('latin1');
            socket.on('data', (part) => { text += part; });
            socket.on('error', () => {});
            socket.on('close', () => { clearTimeout(timer); resolve(text); });
        });
    }

    /** Ends it.  The exit code. */
    async stop(signal = 'SIGTERM') {
        this.run.kill(signal);
        return this.run.end();
    }
}

/** A stream that is read. */
export class Reader {
    static open(serve, path, headers) {
        const reader = new Reader();
        reader.text = '';
        reader.ended = false;
        reader.clean = false;
        return new Promise((resolve, reject) => {
            reader.request = http.get(serve.url + path, { headers,
                agent: false }, (response) => {
                reader.status = response.statusCode;
                reader.headers = response.headers;
                response.setEncoding('utf8');
                response.on('data', (part) => { reader.text += part; });
                response.on('end', () => {
                    reader.ended = true;
                    reader.clean = response.complete;
                });
                response.on('error', () => { reader.ended = true; });
                resolve(reader);
            });
            reader.request.on('error', reject);
        });
    }

    /** Whole events so far: id, type and data of each. */
    get events() {
        return this.text.split('\n\n').slice(0, -1).map((block) => {
            const lines = block.split('\n');
            const of = (name) => lines.filter((line) =>
                line.startsWith(`${name}: `)).map((line) =>
                line.slice(name.length + 2));
            return { id: of('id')[0], type: of('event')[0] ?? 'message',
                data: of('data').join('\n'), has: of('data').length > 0 };
        }).filter((event) => event.has)
            .map(({ id, type, data }) => ({ id, type, data }));
    }

    get data() {
        return this.events.map((event) => event.data);
    }

    async reach(count) {
        await until(`${count} events`, () => this.events.length >= count);
        return this.events;
    }

    close() {
        this.request.destroy();
    }
}
