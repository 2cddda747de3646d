/*
 * cat.mjs - runs `sse`, and servers for it to read from.
 *
 * SPDX-License-Identifier: MIT
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';
import { until } from '../../web/support/tap.mjs';

const SSE = `${process.env.BUILD}/bin/sse`;

/* What `sse cat` reads URLs over; unset, its default. */
const { TRANSPORT } = process.env;

/** A run of `sse`. */
export class Run {
    constructor(args, { input, env } = {}) {
        this.out = '';
        this.err = '';
        const over = args[0] === 'cat' && TRANSPORT !== undefined
            ? ['cat', '--transport', TRANSPORT, ...args.slice(1)] : args;
        this.child = spawn(SSE, over, {
            stdio: ['pipe', 'pipe', 'pipe'],
            env: { ...process.env, no_proxy: '*', ...env },
        });
        this.child.stdout.setEncoding('utf8');
        this.child.stderr.setEncoding('utf8');
        this.child.stdout.on('data', (text) => { this.out += text; });
        this.child.stderr.on('data', (text) => { this.err += text; });
        this.child.stdin.on('error', () => {});
        if (input !== null) {
            this.child.stdin.end(input ?? '');
        }
        this.ended = once(this.child, 'close');
    }

    /** Whole lines of stdout, read as JSON. */
    get lines() {
        return this.out.split('\n').slice(0, -1).map((line) =>
            JSON.parse(line));
    }

    /** Waits until so many lines came. */
    async reach(count) {
        await until(`${count} lines`, () => this.lines.length >= count);
        return this.lines;
    }

    kill(signal) {
        this.child.kill(signal);
    }

    /** Waits for the end.  The exit code, or the name of the signal. */
    async end() {
        const [code, signal] = await this.ended;
        return code ?? signal;
    }

    /** The last line on stderr. */
    get reason() {
        return this.err.trimEnd().split('\n').at(-1);
    }
}

/** Runs `sse cat` to its end. */
export async function cat(args, options) {
    const run = new Run(['cat', ...args], options);
    run.code = await run.end();
    return run;
}

/** Bytes that an HTTP response with a stream begins with. */
export const STREAM_HEAD =
    'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n';

async function listen(server) {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address();
    return `http://127.0.0.1:${port}`;
}

/**
 * An HTTP server of Node's.  Each request is given to the next handler, the
 * last one takes all further ones; what was asked is kept in `requests`.
 */
export async function httpServer(...handlers) {
    const requests = [];
    const server = http.createServer((request, response) => {
        const index = requests.length;
        const { method, url, headers } = request;
        const entry = { method, url, headers, body: '', at: Date.now() };
        requests.push(entry);
        request.setEncoding('latin1');
        request.on('data', (text) => { entry.body += text; });
        request.on('end', () => handlers[Math.min(index, handlers.length - 1)](
            response, entry));
    });
    const url = await listen(server);
    const close = () => {
        server.closeAllConnections();
        server.close();
    };
    return { url, requests, close };
}

/** The same for bytes: each handler gets the socket once a head has come. */
export async function rawServer(...handlers) {
    const requests = [];
    const sockets = new Set();
    const server = net.createServer((socket) => {
        let head = '';
        sockets.add(socket);
        socket.on('error', () => {});
        socket.on('close', () => sockets.delete(socket));
        socket.setNoDelay(true);
        socket.on('data', function read(bytes) {
            head += bytes.toString('latin1');
            if (head.includes('\r\n\r\n')) {
                const index = requests.push(head) - 1;
                socket.off('data', read);
                socket.resume();
                handlers[Math.min(index, handlers.length - 1)](socket);
            }
        });
    });
    const url = await listen(server);
    const close = () => {
        sockets.forEach((socket) => socket.destroy());
        server.close();
    };
    return { url, requests, close };
}

/** Answers with a stream of these bytes, which ends (or stays open). */
export const streams = (text, { end = true } = {}) => (response) => {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    response.write(text);
    if (end) {
        response.end();
    }
};

/** Answers with a status and nothing more. */
export const answers = (status, headers = {}, body = '') => (response) => {
    response.writeHead(status, headers);
    response.end(body);
};
