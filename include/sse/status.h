/*
 * status.h - what a call can answer, and what a hook can answer back.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SSE_STATUS_H
#define SSE_STATUS_H

#include <sse/export.h>

/**
 * Answer of every call that can do anything but succeed.  0 is success, a
 * positive value is a state the caller goes on from, a negative one an error.
 * Values are explicit and never renumbered; new ones are only added, so
 * compare with < 0 before you name single errors.
 */
typedef enum sse_status {
    SSE_OK = 0,

    /** A hook asked to pause: go on from the first byte not consumed. */
    SSE_PAUSED = 1,
    /** A hook asked to stop, or the stream was finished: only a reset helps. */
    SSE_STOPPED = 2,
    /** There is more than fits: the scratch, by the grow policy, or the buffer
     *  to write to is full.  Give room and go on. */
    SSE_NEED_SPACE = 3,
    /** Nothing complete is there: more bytes are needed (sse_parser_next), or
     *  the stream ended in the middle of an event (sse_parser_finish).  Of a
     *  request's parameter: there is none of that name. */
    SSE_INCOMPLETE = 4,

    /** An argument breaks the contract of the call; nothing was changed. */
    SSE_ERR_INVALID = -1,
    /** The buffer given is too small; nothing was changed, and unless the call
     *  says otherwise nothing was written. */
    SSE_ERR_NO_SPACE = -2,
    /** Stop policy: an event outgrew the scratch. */
    SSE_ERR_TOO_LONG = -3,
    /** The call was made from inside a hook of the same object. */
    SSE_ERR_REENTRY = -4,
    /** A character where none such may be: CR, LF or NUL in an event type or
     *  id, and those that a header, a method or a URL cannot carry. */
    SSE_ERR_CHARACTER = -5,
    /** An event to write carries no field: `fields` was forgotten. */
    SSE_ERR_NO_FIELDS = -6,

    /** What was asked for is no longer retained. */
    SSE_ERR_GONE = -7,
    /** What was asked for was never there. */
    SSE_ERR_UNKNOWN = -8,

    /* Adapters.  The core never answers these. */

    /** The system is out of memory or of another resource. */
    SSE_ERR_NO_MEMORY = -20,
    /** A system call failed; errno says which way where the call says so. */
    SSE_ERR_SYSTEM = -21,
    /** The peer broke the protocol (HTTP, chunked framing, JSON). */
    SSE_ERR_PROTOCOL = -22,
    /** A configured limit was reached. */
    SSE_ERR_LIMIT = -23,
    /** The peer is gone, or the object was closed. */
    SSE_ERR_CLOSED = -24,
    /** A configured time limit passed. */
    SSE_ERR_TIMEOUT = -25,
    /** The response status says that this is no stream. */
    SSE_ERR_HTTP_STATUS = -26,
    /** The response is not `text/event-stream`. */
    SSE_ERR_MEDIA_TYPE = -27,
    /** The transport failed: name look-up, connection, TLS, transfer. */
    SSE_ERR_TRANSPORT = -28,
    /** The caller cancelled it. */
    SSE_ERR_CANCELLED = -29
} sse_status;

/** What a hook returns.  Any other value counts as SSE_STOP. */
enum {
    /** Go on. */
    SSE_GO = 0,
    /** Return from the running call after this, with SSE_PAUSED. */
    SSE_PAUSE = 1,
    /** Return from the running call after this, with SSE_STOPPED. */
    SSE_STOP = 2
};

#ifdef __cplusplus
extern "C" {
#endif

/**
 * A short English description of a status, for logs.
 *
 * @param status  Any value, also one this version does not know.
 * @return A constant without a final full stop or line end; never NULL.  Any
 *         thread may call this at any time.
 * @since 0.1.0
 */
SSE_API const char *sse_strerror(sse_status status);

#ifdef __cplusplus
}
#endif

#endif /* SSE_STATUS_H */
