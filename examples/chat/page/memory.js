/*
 * memory.js - what the page remembers between two loads.
 *
 * SPDX-License-Identifier: MIT
 *
 * Kept for the tab (sessionStorage): sends whose answer has not ended, and
 * sends that may be repeated under their key.  A browser that refuses to
 * store anything costs these comforts and nothing else: what was said is the
 * server's to keep.
 */

/* Text beyond this is not worth the quota: such an answer is read again from
 * its start. */
const LONGEST_TEXT = 256 * 1024;

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

/** The answer has ended; one that is not whole may be asked for again. */
export function forgetPendingSend(sessionId, { key, content }, isWhole) {
    write(tab, `pending:${sessionId}`, null);
    write(tab, `failed:${sessionId}`,
        isWhole || key === null ? null : { key, content });
}

/**
 * The last send of a conversation that failed; its key asks for a new answer
 * to the same message.
 * @return {{key: string, content: string}|null}
 */
export function failedSend(sessionId) {
    return read(tab, `failed:${sessionId}`, null);
}

/** For a new user: what belonged to the old one is no longer reachable. */
export function forgetEverything() {
    try {
        tab().clear();
    } catch {
        /* Nothing was stored. */
    }
}
