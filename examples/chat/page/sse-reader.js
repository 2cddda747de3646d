/*
 * sse-reader.js - reads a text/event-stream with fetch().
 *
 * SPDX-License-Identifier: MIT
 *
 * One file without dependencies, to be copied.  EventSource can only GET, sends
 * no headers of yours and hides the status of a refusal; this reader has none
 * of these limits:
 *
 *   const stream = await openSse('/chat', { method: 'POST', body, signal });
 *   for await (const event of stream) {
 *       console.log(event.type, event.id, event.data);
 *   }
 *   // a clean end; stream.lastEventId and stream.retryMs say how to go on
 *
 * Leaving the loop early closes the connection.  When to connect again is the
 * caller's decision: pass stream.lastEventId as `lastEventId` to the next call.
 * Runs in browsers and in Node 18 or later.
 */

/** Why a stream could not be opened or did not end cleanly. */
export class SseError extends Error {
    /**
     * @param {'network'|'silence'|'status'|'media-type'|'too-long'} kind
     *     network      the connection could not be made, or broke
     *     silence      no byte for `silenceMs`
     *     status       neither 200 nor 204; see status, body, retryAfterMs
     *     media-type   200, but not text/event-stream; see body
     *     too-long     an event larger than `maxEventLength`
     */
    constructor(kind, message, { status = 0, body = '', retryAfterMs = null,
        cause } = {}) {
        super(message, { cause });
        this.name = 'SseError';
        this.kind = kind;
        this.status = status;             /* 0 without a response */
        this.body = body;                 /* its first 64 Ki characters */
        this.retryAfterMs = retryAfterMs; /* null without Retry-After */
    }
}

const MEDIA_TYPE = 'text/event-stream';
const LINE_END = /\r\n|\r|\n/g;
const LONGEST_REFUSAL = 64 * 1024;

/**
 * Bytes in, events out: the algorithm of the HTML Standard, "Parsing an event
 * stream" and "Interpreting an event stream".  The same events come out however
 * the bytes are cut, each with the byte that completes it.
 */
export class SseParser {
    /** To resume after; set at a blank line even if there was no event. */
    lastEventId;
    /** The last `retry` that counted; null until there was one. */
    retryMs = null;
    /** An event was longer than allowed: nothing more comes out. */
    overflowed = false;

    #hooks;
    #maxEventLength;
    /* Drops one byte order mark, and keeps a character that is cut. */
    #decoder = new TextDecoder('utf-8');
    #line = '';       /* a line that has not ended yet */
    #afterCr = false; /* an LF that comes now belongs to that CR */
    #block;           /* what the lines since the last blank one have said */

    /**
     * @param {object} options
     * @param {(event: {type: string, data: string, id: string}) => void}
     *     options.onEvent  `id` is the last event ID, whether or not this
     *     event brought it.
     * @param {(text: string) => void} [options.onComment]  What follows the
     *     colon of a comment line.
     * @param {string} [options.lastEventId]  From an earlier connection.
     * @param {number} [options.maxEventLength]  In UTF-16 units.
     */
    constructor({ onEvent, onComment = () => {}, lastEventId = '',
        maxEventLength = 16 * 1024 * 1024 }) {
        this.#hooks = { onEvent, onComment };
        this.#maxEventLength = maxEventLength;
        this.lastEventId = lastEventId;
        this.#beginBlock();
    }

    /** Takes the next bytes of the stream, a Uint8Array. */
    push(bytes) {
        const text = this.#decoder.decode(bytes, { stream: true });
        if (text === '' || this.overflowed) {
            return;
        }
        let start = this.#afterCr && text[0] === '\n' ? 1 : 0;
        this.#afterCr = false;
        while (!this.overflowed) {
            LINE_END.lastIndex = start;
            const end = LINE_END.exec(text);
            if (end === null) {
                break;
            }
            const line = this.#line + text.slice(start, end.index);
            this.#line = '';
            start = end.index + end[0].length;
            /* A CR ends its line at once, since nothing may follow for long;
             * if an LF does follow, it is no second line end. */
            this.#afterCr = end[0] === '\r' && start === text.length;
            this.#takeLine(line);
        }
        this.#line += text.slice(start);
        this.#checkLength(this.#line.length);
    }

    /** The stream has ended; an unfinished event is discarded.
     *  @return {boolean} whether there was none */
    end() {
        const rest = this.#line + this.#decoder.decode();
        const whole = this.#block.isEmpty && (rest === '' || rest[0] === ':');
        this.#line = '';
        this.#beginBlock();
        return whole;
    }

    #beginBlock() {
        this.#block = { type: '', data: [], length: 0, id: this.lastEventId,
            isEmpty: true };
    }

    #takeLine(line) {
        const colon = line.indexOf(':');
        if (line === '') {
            this.#dispatch();
        } else if (colon === 0) {
            this.#hooks.onComment(line.slice(1));
        } else if (colon < 0) {
            this.#takeField(line, '');
        } else {
            this.#takeField(line.slice(0, colon),
                line.slice(colon + (line[colon + 1] === ' ' ? 2 : 1)));
        }
    }

    #takeField(name, value) {
        const block = this.#block;
        if (name === 'data') {
            block.isEmpty = false;
            block.data.push(value);
            block.length += value.length + 1;
            this.#checkLength(0);
        } else if (name === 'event') {
            block.isEmpty = false;
            block.type = value;
        } else if (name === 'id' && !value.includes('\0')) {
            block.isEmpty = false;
            block.id = value;
        } else if (name === 'retry' && /^[0-9]+$/.test(value) &&
            Number.isSafeInteger(Number(value))) {
            this.retryMs = Number(value);
        }
    }

    #dispatch() {
        const { type, data, id } = this.#block;
        this.lastEventId = id;
        this.#beginBlock();
        if (data.length > 0) {
            this.#hooks.onEvent({ type: type === '' ? 'message' : type,
                data: data.join('\n'), id });
        }
    }

    #checkLength(more) {
        if (this.#block.length + more > this.#maxEventLength) {
            this.overflowed = true;
            this.#beginBlock();
        }
    }
}

/**
 * Opens a stream.
 *
 * @param {string|URL} url
 * @param {object} [options]  Whatever fetch() takes (method, headers, body,
 *     credentials, ...), and:
 * @param {AbortSignal} [options.signal]  Ends everything, in whatever state;
 *     the call or the loop then throws the signal's reason.
 * @param {string} [options.lastEventId]  Sent as Last-Event-ID.
 * @param {number} [options.silenceMs]  Longest wait for a byte, also for the
 *     first; 0 for ever.  Choose three keep-alive periods of the server.
 * @param {number} [options.maxEventLength]
 * @param {(text: string) => void} [options.onComment]
 * @return {Promise<SseStream>}  Status 200 and the right media type, or 204,
 *     "nothing more, do not come back": such a stream yields no event.
 * @throws {SseError} for everything else.
 */
export async function openSse(url, { signal, lastEventId = '', silenceMs = 0,
    maxEventLength, onComment, headers, ...init } = {}) {
    const link = new Link(signal, silenceMs);
    try {
        const response = await link.wait(() => fetch(url, { cache: 'no-store',
            ...init, headers: requestHeaders(headers, lastEventId),
            signal: link.signal }));
        const type = response.headers.get('Content-Type') ?? '';
        const isStream = /^\s*text\/event-stream\s*(;|$)/i.test(type);
        if (response.status !== 204 && (response.status !== 200 || !isStream)) {
            throw await refusal(response, link);
        }
        return new SseStream(response, link,
            { lastEventId, maxEventLength, onComment });
    } catch (error) {
        link.close();
        throw error;
    }
}

/** An open stream, to be iterated once. */
export class SseStream {
    status;         /* 200 or 204 */
    headers;        /* of the response */
    lastEventId;    /* of the events handed out so far */
    retryMs = null; /* the last one seen; null until there was one */
    whole = true;   /* after the end: whether it came between two events */

    #body;
    #link;
    #options;

    constructor(response, link, options) {
        this.status = response.status;
        this.headers = response.headers;
        this.lastEventId = options.lastEventId;
        this.#body = response.body;
        this.#link = link;
        this.#options = options;
    }

    /** Closes the connection; a running loop ends as if the stream had. */
    close() {
        this.#link.close();
    }

    async *[Symbol.asyncIterator]() {
        const link = this.#link;
        const ready = [];
        const parser = new SseParser({ ...this.#options,
            onEvent: (event) => ready.push(event) });
        try {
            for await (const bytes of piecesOf(this.#body, link)) {
                parser.push(bytes);
                this.retryMs = parser.retryMs;
                for (const event of ready.splice(0)) {
                    this.lastEventId = event.id;
                    yield event;
                }
                this.lastEventId = parser.lastEventId;
                if (parser.overflowed) {
                    throw new SseError('too-long', 'An event is too long.');
                }
            }
            this.whole = parser.end();
        } catch (error) {
            if (!link.closed) {
                throw error;
            }
        } finally {
            link.close();
        }
    }
}

/* One connection, which the caller's signal, silence or close() may end. */
class Link {
    closed = false;
    #controller = new AbortController();
    signal = this.#controller.signal;
    #outer;
    #silenceMs;
    #onAbort = () => this.#controller.abort(this.#outer.reason);

    constructor(outer, silenceMs) {
        this.#outer = outer;
        this.#silenceMs = silenceMs;
        outer?.throwIfAborted();
        outer?.addEventListener('abort', this.#onAbort);
    }

    /* Waits for the network, and no longer than allowed. */
    async wait(work) {
        const timer = this.#silenceMs > 0 ? setTimeout(() =>
            this.#controller.abort(new SseError('silence',
                'The server has gone silent.')), this.#silenceMs) : 0;
        try {
            return await work();
        } catch (error) {
            this.#outer?.throwIfAborted();
            throw this.signal.reason instanceof SseError ? this.signal.reason
                : new SseError('network', 'The connection failed.',
                    { cause: error });
        } finally {
            clearTimeout(timer);
        }
    }

    close() {
        if (!this.closed) {
            this.closed = true;
            this.#outer?.removeEventListener('abort', this.#onAbort);
            this.#controller.abort();
        }
    }
}

async function *piecesOf(body, link) {
    const reader = body?.getReader(); /* none with 204 */
    while (reader) {
        const { done, value } = await link.wait(() => reader.read());
        if (done) {
            return;
        }
        yield value;
    }
}

function requestHeaders(given, lastEventId) {
    const headers = new Headers(given);
    headers.set('Accept', headers.get('Accept') ?? MEDIA_TYPE);
    if (lastEventId !== '') {
        /* On the wire an id is UTF-8; Headers takes one character a byte. */
        headers.set('Last-Event-ID', Array.from(
            new TextEncoder().encode(lastEventId),
            (byte) => String.fromCharCode(byte)).join(''));
    }
    return headers;
}

async function refusal(response, link) {
    const decoder = new TextDecoder('utf-8');
    const { status } = response;
    let body = '';
    try {
        for await (const bytes of piecesOf(response.body, link)) {
            body += decoder.decode(bytes, { stream: true });
            if (body.length >= LONGEST_REFUSAL) {
                break;
            }
        }
    } catch (error) {
        /* Half a refusal is a refusal; being told to stop is not. */
        if (!(error instanceof SseError)) {
            throw error;
        }
    }
    return new SseError(status === 200 ? 'media-type' : 'status',
        status === 200 ? 'This is no event stream.'
            : `The server answered with status ${status}.`, {
            status,
            body: body.slice(0, LONGEST_REFUSAL),
            retryAfterMs: retryAfter(response.headers.get('Retry-After')) });
}

function retryAfter(value) {
    if (/^ *[0-9]+ *$/.test(value ?? '')) {
        return Number(value) * 1000;
    }
    const at = Date.parse(value ?? '');
    return Number.isNaN(at) ? null : Math.max(0, at - Date.now());
}
