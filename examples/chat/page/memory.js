/*
 * memory.js - what the page remembers between two loads.
 *
 * SPDX-License-Identifier: MIT
 *
 * Of the tab (sessionStorage): sends whose answer has not ended, and sends that
 * may be repeated under their key.  Of the browser (localStorage): names of
 * documents, which the server is not asked for.  A browser that refuses to
 * store anything costs these comforts and nothing else.
 */

/* Text beyond this is not worth the quota: such an answer is read again from
 * its start. */
const LONGEST_TEXT = 256 * 1024;
const MOST_DOCUMENTS = 100;

function read(storage, name, fallback) {
    try {
        return JSON.parse(storage().getItem(name)) ?? fallback;
    } catch {
        return fallback;
    }
}

function write(storage, name, value) {
    try {
        if (value === null) {
            storage().removeItem(name);
        } else {
            storage().setItem(name, JSON.stringify(value));
        }
    } catch {
        /* Full or forbidden. */
    }
}

const tab = () => window.sessionStorage;
const browser = () => window.localStorage;

/**
 * The send of a conversation whose answer has not ended.
 * @return {{key: string, content: string, streamId: ?string,
 *     userMessageId: ?string, lastEventId: string, text: string}|null}
 */
export function pendingSend(sessionId) {
    return read(tab, `pending:${sessionId}`, null);
}

/** Text and event id are kept together, so that they always match. */
export function keepPendingSend(sessionId, send) {
    const tooLong = send !== null && send.text.length > LONGEST_TEXT;
    write(tab, `pending:${sessionId}`, tooLong
        ? { ...send, text: '', lastEventId: '' } : send);
}

/**
 * The last send of a conversation that failed; its key asks for a new answer
 * to the same message.
 * @return {{key: string, content: string, userMessageId: ?string}|null}
 */
export function failedSend(sessionId) {
    return read(tab, `failed:${sessionId}`, null);
}

export function keepFailedSend(sessionId, send) {
    write(tab, `failed:${sessionId}`, send);
}

/** @return {{id: string, name: string, bytes: number, addedAt: number}[]} */
export function documents() {
    return read(browser, 'documents', []);
}

export function keepDocuments(list) {
    write(browser, 'documents', list.slice(0, MOST_DOCUMENTS));
}

/** For a new user: what belonged to the old one is no longer reachable. */
export function forgetEverything() {
    try {
        tab().clear();
        browser().clear();
    } catch {
        /* Nothing was stored. */
    }
}
