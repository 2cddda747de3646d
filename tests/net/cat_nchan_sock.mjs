/*
 * cat_nchan_sock.mjs - the tests with nginx and nchan over plain sockets.
 *
 * SPDX-License-Identifier: MIT
 */
process.env.TRANSPORT = 'sock';
await import('./cat_nchan.mjs');
