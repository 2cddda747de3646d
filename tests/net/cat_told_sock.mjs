/*
 * cat_told_sock.mjs - what `sse cat URL` tells on stderr over plain sockets.
 *
 * SPDX-License-Identifier: MIT
 */
process.env.TRANSPORT = 'sock';
await import('./cat_told.mjs');
