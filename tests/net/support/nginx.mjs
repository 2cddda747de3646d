/*
 * nginx.mjs - an nginx of one's own, on a free port of the loopback.
 *
 * SPDX-License-Identifier: MIT
 */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { freePort } from '../../web/support/port.mjs';
import { until } from '../../web/support/tap.mjs';

const PATH = `${process.env.PATH}:/usr/sbin:/usr/local/sbin`;

/** File of a dynamic module, or null if this nginx has none of that name. */
export function moduleFile(name) {
    const about = execFileSync('sh', ['-c', 'nginx -V 2>&1'],
        { env: { ...process.env, PATH }, encoding: 'utf8' });
    const folders = [...about.matchAll(/--modules-path=(\S+)/g)]
        .map((match) => match[1]);
    return [...folders, '/usr/lib/nginx/modules', '/usr/lib64/nginx/modules']
        .map((folder) => `${folder}/${name}`).find(existsSync) ?? null;
}

function answering(port) {
    return new Promise((resolve) => {
        const socket = net.connect(port, '127.0.0.1');
        socket.on('connect', () => { socket.destroy(); resolve(true); });
        socket.on('error', () => resolve(false));
    });
}

/**
 * Starts nginx in the foreground with everything it writes in a folder of the
 * test's.
 * @param {{modules: string[], listen: string, server: string}} what to load,
 *     words behind the address to listen on, and what else stands in the
 *     server block
 */
export async function startNginx({ modules = [], listen = '', server }) {
    const folder = mkdtempSync(`${process.env.TMPDIR ?? '/tmp'}/nginx.`);
    const port = await freePort();
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
        .map((name) => `    ${name}_temp_path ${folder}/${name};`).join('\n');
    const user = process.getuid() === 0 ? 'user root;' : '';
    writeFileSync(`${folder}/nginx.conf`, `
daemon off;
${user}
worker_processes 1;
worker_shutdown_timeout 500ms;
pid ${folder}/pid;
error_log ${folder}/error.log warn;
${modules.map((file) => `load_module ${file};`).join('\n')}
events { worker_connections 512; }
http {
    access_log off;
${temporary}
    server {
        listen 127.0.0.1:${port} ${listen};
        ${server}
    }
}
`);
    const child = spawn('nginx', ['-p', folder, '-e', `${folder}/error.log`,
        '-c', `${folder}/nginx.conf`],
    { env: { ...process.env, PATH }, stdio: 'inherit' });
    const ended = new Promise((resolve) => { child.on('close', resolve); });
    let over = false;
    ended.then(() => { over = true; });
    await until('nginx', async () => over || answering(port));
    if (over) {
        throw new Error(`nginx: ${readFileSync(`${folder}/error.log`)}`);
    }
    process.on('exit', () => child.kill('SIGTERM'));
    const reload = () => child.kill('SIGHUP');
    const close = () => { child.kill('SIGTERM'); return ended; };
    return { url: `http://127.0.0.1:${port}`, port, close, reload };
}
