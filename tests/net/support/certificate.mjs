/*
 * certificate.mjs - a certification authority of one's own, and what it says
 * of the servers on this machine.
 *
 * SPDX-License-Identifier: MIT
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Makes keys and certificates in a new folder.
 * @param {string} names  Whom the server's speaks of, as OpenSSL has it.
 * @return {{ca: string, cert: string, key: string}}  Names of files.
 */
export function makeCertificate(names = 'DNS:localhost,IP:127.0.0.1') {
    const folder = mkdtempSync(join(tmpdir(), 'tls-'));
    const file = (name) => join(folder, name);
    const openssl = (...args) => execFileSync('openssl', args,
        { stdio: ['ignore', 'ignore', 'pipe'] });
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256',
        '-noenc'];
    openssl('req', '-x509', ...key, '-keyout', file('ca.key'), '-out',
        file('ca.pem'), '-days', '2', '-subj', '/CN=authority of a test');
    openssl('req', ...key, '-keyout', file('key.pem'), '-out',
        file('request.pem'), '-subj', '/CN=server of a test');
    writeFileSync(file('extensions'), `subjectAltName=${names}\n`);
    openssl('x509', '-req', '-in', file('request.pem'), '-CA', file('ca.pem'),
        '-CAkey', file('ca.key'), '-CAcreateserial', '-days', '2', '-extfile',
        file('extensions'), '-out', file('cert.pem'));
    return { ca: file('ca.pem'), cert: file('cert.pem'), key: file('key.pem') };
}
