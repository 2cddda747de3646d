/*
 * api.js - the requests of sse-chat.
 *
 * SPDX-License-Identifier: MIT
 *
 * Answers outside streams are JSON.  Refusals become an ApiError with the
 * server's code and message, whichever kind of request they answer.
 */
import { openSse, SseError } from './sse-reader.js';

const BASE = '/api/v1';

/* The server sends a comment every 15 seconds. */
const SILENCE_MS = 45000;
const ANSWER_MS = 20000;
const UPLOAD_MS = 180000;

/** A refusal, or no answer at all (status 0). */
export class ApiError extends Error {
    constructor(status, code, message, retryAfterMs = null) {
        super(message);
        this.name = 'ApiError';
        this.status = status;
        this.code = code;
        this.retryAfterMs = retryAfterMs;
    }
}

const MESSAGES = {
    busy: 'Another answer is still running in this conversation.',
    network: 'The server cannot be reached.',
};

/** Any failure as an ApiError; what is none is passed on. */
export function asApiError(error) {
    if (error instanceof SseError) {
        return error.kind === 'status'
            ? refusal(error.status, error.body, error.retryAfterMs)
            : new ApiError(0, error.kind, error.kind === 'network'
                ? MESSAGES.network : error.message);
    }
    return error;
}

function refusal(status, body, retryAfterMs) {
    let told;
    try {
        told = JSON.parse(body).error;
    } catch {
        told = null;
    }
    const code = told?.code ?? `status_${status}`;
    return new ApiError(status, code, MESSAGES[code] ?? told?.message ??
        `The server answered with status ${status}.`, retryAfterMs);
}

async function request(method, path,
    { body, type, limitMs = ANSWER_MS } = {}) {
    let response;
    let text;
    try {
        response = await fetch(BASE + path, {
            method,
            body,
            signal: AbortSignal.timeout(limitMs),
            headers: type ? { 'Content-Type': type } : {},
            cache: 'no-store',
        });
        text = await response.text();
    } catch {
        throw new ApiError(0, 'network', MESSAGES.network);
    }
    if (!response.ok) {
        throw refusal(response.status, text,
            Number(response.headers.get('Retry-After')) * 1000 || null);
    }
    return text === '' ? null : JSON.parse(text);
}

function requestJson(method, path, value) {
    return request(method, path,
        { body: JSON.stringify(value), type: 'application/json' });
}

/** Makes an anonymous user; the cookie that comes back does the rest. */
export function createUser(name) {
    return requestJson('POST', '/users', { name });
}

export async function listSessions() {
    return (await request('GET', '/chat/sessions')).sessions;
}

/** @return {Promise<string>} the session's id */
export async function createSession(title) {
    return (await requestJson('POST', '/chat/sessions', { title })).session_id;
}

/** A page of messages, the oldest first. */
export async function listMessages(sessionId, { before, limit } = {}) {
    const query = new URLSearchParams();
    if (before !== undefined) {
        query.set('before', before);
    }
    if (limit !== undefined) {
        query.set('limit', limit);
    }
    return (await request('GET', `/chat/sessions/${encodeURIComponent(
        sessionId)}/messages?${query}`)).messages;
}

/** An idempotency key.  Not by randomUUID(), which pages without TLS lack on
 *  other hosts. */
export function newKey() {
    return Array.from(crypto.getRandomValues(new Uint8Array(16)),
        (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Sends a message; the stream carries its answer.  It runs on without a
 *  reader, so that a broken connection costs nothing: see stopAnswer(). */
export function sendMessage(sessionId, content, key, signal) {
    return openSse(
        `${BASE}/chat/sessions/${encodeURIComponent(sessionId)}/messages`, {
            method: 'POST',
            headers: { 'Content-Type': 'application/json' },
            body: JSON.stringify({ content, idempotency_key: key,
                on_disconnect: 'continue' }),
            signal,
            silenceMs: SILENCE_MS,
        });
}

/** The rest of a running answer. */
export function attachAnswer(streamId, lastEventId, signal) {
    return openSse(`${BASE}/chat/streams/${encodeURIComponent(streamId)}`,
        { lastEventId, signal, silenceMs: SILENCE_MS });
}

export function stopAnswer(streamId) {
    return request('DELETE', `/chat/streams/${encodeURIComponent(streamId)}`);
}

/** The newest first. */
export async function listDocuments() {
    return (await request('GET', '/documents')).documents;
}

/** @param {(share: number) => void} onProgress  From 0 to 1; fetch() could not
 *      tell how much was sent.
 *  @return {Promise<{document_id: string, bytes: number}>} */
export function uploadDocument(name, file, type, onProgress) {
    return new Promise((resolve, reject) => {
        const upload = new XMLHttpRequest();
        const fail = () => reject(
            new ApiError(0, 'network', MESSAGES.network));
        upload.open('POST',
            `${BASE}/documents?name=${encodeURIComponent(name)}`);
        upload.setRequestHeader('Content-Type', type);
        upload.timeout = UPLOAD_MS;
        upload.upload.addEventListener('progress', ({ loaded, total }) =>
            onProgress(total > 0 ? loaded / total : 0));
        upload.addEventListener('error', fail);
        upload.addEventListener('timeout', fail);
        upload.addEventListener('load', () => upload.status === 201
            ? resolve(JSON.parse(upload.responseText))
            : reject(refusal(upload.status, upload.responseText,
                Number(upload.getResponseHeader('Retry-After')) * 1000 ||
                    null)));
        upload.send(file);
    });
}

/** Starts reading a document for the course it describes. */
export function startExtraction(documentId) {
    return request('POST',
        `/documents/${encodeURIComponent(documentId)}/extractions`);
}

/** Watches that; late observers get the earlier events first. */
export function watchExtraction(documentId, lastEventId, signal) {
    return openSse(
        `${BASE}/documents/${encodeURIComponent(documentId)}/extract-stream`,
        { lastEventId, signal, silenceMs: SILENCE_MS });
}

/** The latest stored result; null if there is none. */
export async function storedExtraction(documentId) {
    try {
        return (await request('GET', `/documents/${encodeURIComponent(
            documentId)}/extraction`)).result;
    } catch (error) {
        if (error.status === 404) {
            return null;
        }
        throw error;
    }
}
