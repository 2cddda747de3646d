/*
 * stream_server.mjs - serves each vector once as an event stream, on loopback.
 *
 * SPDX-License-Identifier: MIT
 *
 * `/` is an empty page.  `/N` is the stream of vector N; asked for again, it
 * answers 204, which ends an EventSource, and notes which id was sent along.
 */
import { createServer } from 'node:http';

const HTML = '<!doctype html><html data-ready><title>vectors</title></html>';

/* Node has header fields as Latin-1; a browser sends UTF-8. */
function sentId(request) {
    const id = request.headers['last-event-id'];
    return id === undefined ? '' : Buffer.from(id, 'latin1').toString('utf8');
}

/**
 * @param {Array<{bytes: Buffer}>} vectors
 * @return {Promise<{url: string, ids: Map<number, string>, close: () => void}>}
 *     ids: for each vector asked for again, the id sent along.
 */
export async function streamServer(vectors) {
    const asked = new Set();
    const ids = new Map();
    const server = createServer({ insecureHTTPParser: true },
        (request, response) => {
            const number = Number(request.url.slice(1));
            if (request.url === '/') {
                response.setHeader('Content-Type', 'text/html');
                response.end(HTML);
            } else if (!(number in vectors)) {
                response.writeHead(404).end();
            } else if (asked.has(number)) {
                ids.set(number, sentId(request));
                response.writeHead(204).end();
            } else {
                asked.add(number);
                response.writeHead(200, {
                    'Content-Type': 'text/event-stream',
                    'Content-Length': vectors[number].bytes.length,
                }).end(vectors[number].bytes);
            }
        });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    return {
        url: `http://127.0.0.1:${server.address().port}/`,
        ids,
        close: () => server.close(),
    };
}
