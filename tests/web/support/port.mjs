/*
 * port.mjs - ports for servers that must be told theirs, or come back to it.
 *
 * SPDX-License-Identifier: MIT
 */
import net from 'node:net';

/* Below those that systems give to connections: one of those could take a port
 * while its server is away. */
const LEAST = 20000;
const COUNT = 12000;

function isFree(port) {
    return new Promise((resolve) => {
        const server = net.createServer();
        server.on('error', () => resolve(false));
        server.listen(port, '127.0.0.1',
            () => server.close(() => resolve(true)));
    });
}

/** A port of the loopback at which nobody listens. */
export async function freePort() {
    for (let tries = 0; tries < 1000; tries++) {
        const port = LEAST + Math.floor(COUNT * Math.random());
        if (await isFree(port)) {
            return port;
        }
    }
    throw new Error('no port is free');
}
