/*
 * tape.h - recordings: the files that `sse record` writes and `sse replay`
 * reads.
 *
 * A text head, a blank line, then records:
 *
 *     sse-record 1
 *     source: http://127.0.0.1:8080/stream
 *     status: 200
 *     header: Content-Type: text/event-stream
 *
 *     @1520 13
 *     data: hello
 *     (empty line, part of the 13 bytes)
 *
 *     @90211 end
 *
 * A record is "@", the microseconds since the request (or since standard input
 * was opened), a space, the number of bytes, a line feed, the bytes, a line
 * feed.  The last one has no bytes: "end" (a clean end), "cut" (the connection
 * broke) or "stopped" (the recording was ended from its own side).  Names in
 * the head that a reader does not know are read over.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SSE_TOOL_TAPE_H
#define SSE_TOOL_TAPE_H

#include "out.h"

#include <sse/writer.h>

/* The first line of every recording. */
#define TAPE_MAGIC "sse-record "
#define TAPE_VERSION "1"

/* Header fields of the response that are kept. */
#define TAPE_HEADERS_MAX 64

/* How the recorded stream ended. */
enum tape_end {
    TAPE_CLEAN = 0,
    TAPE_CUT = 1,
    TAPE_STOPPED = 2
};

/* Bytes that came at once. */
struct tape_piece {
    uint64_t at_us;
    size_t end; /* index just past its last byte */
};

/* A recording in memory, or a plain stream. */
struct tape {
    char *file;          /* the whole file, allocated */
    const char *bytes;   /* the body of the stream, in `file` */
    size_t len;
    int recorded;        /* not 0 for a recording: pieces and times count */
    struct tape_piece *pieces; /* allocated */
    size_t count;
    uint64_t end_us;
    enum tape_end end;
    int status;          /* 200 unless the recording says otherwise */
    sse_http_header headers[TAPE_HEADERS_MAX]; /* texts in `file` */
    size_t header_count;
};

/* Reads a recording or a plain stream from a path, or from standard input for
 * "-".  0, or -1 with the reason told on stderr. */
int tape_read(struct tape *tape, const char *name);
void tape_free(struct tape *tape);

/* Writes one record with its bytes, and the last one. */
void tape_put(struct out *out, uint64_t at_us, const char *bytes, size_t len);
void tape_put_end(struct out *out, uint64_t at_us, enum tape_end end);
/* Writes one line of the head. */
void tape_put_head(struct out *out, const char *name, const char *value,
                   size_t len);

#endif /* SSE_TOOL_TAPE_H */
