/*
 * emit.h - what the parts of `sse emit` share.
 *
 *     emit.c         the subcommand: lines of text in
 *     emit_record.c  one line of JSON -> what it describes
 *     emit_write.c   that -> lines of an event stream
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SSE_TOOL_EMIT_H
#define SSE_TOOL_EMIT_H

#include "out.h"

#include <stddef.h>
#include <stdint.h>

/* What a line of JSON describes. */
enum emit_kind {
    EMIT_EVENT = 1,
    EMIT_RETRY = 2,
    EMIT_COMMENT = 3,
    EMIT_FIELD = 4,
    EMIT_STATE = 5, /* of a connection: nothing to write */
    EMIT_FINAL_ID = 6
};

/* Members that a line may have, as indices; the base64 form of a text counts
 * as the same member. */
enum emit_member {
    EMIT_M_TYPE = 0,
    EMIT_M_DATA = 1,
    EMIT_M_ID = 2,
    EMIT_M_RETRY = 3,
    EMIT_M_COMMENT = 4,
    EMIT_M_FIELD = 5,
    EMIT_M_VALUE = 6,
    EMIT_M_STATE = 7,
    EMIT_M_FINAL_ID = 8,
    EMIT_M_COUNT = 9
};

/* A member's text: decoded bytes, in the record's buffer. */
struct emit_text {
    const char *bytes;
    size_t len;
    size_t column; /* where it stands in the line, in bytes, from 1 */
    int present;
};

struct emit_record {
    enum emit_kind kind;
    struct emit_text member[EMIT_M_COUNT];
    uint64_t retry_ms;
    char *buffer; /* allocated, reused from line to line */
    size_t cap;
};

/* What is wrong with a line, and where. */
struct emit_error {
    size_t column; /* in bytes, from 1; 0: the line as a whole */
    char text[256];
};

/* Reads one line.  0, or -1 with `*error` filled in. */
int emit_record_read(struct emit_record *record, const char *line, size_t len,
                     struct emit_error *error);

/* The stream written so far. */
struct emit_writer {
    struct out *out;
    char *id; /* last event ID a reader has now; allocated */
    size_t id_len;
    size_t id_cap;
    int started; /* a byte was written: a mark can no longer be taken away */
    int open;    /* lines without a blank line behind that wants one */
    char *block; /* allocated, reused */
    size_t block_cap;
};

void emit_writer_init(struct emit_writer *writer, struct out *out);
void emit_writer_free(struct emit_writer *writer);
/* Writes one record and hands it over.  0, or -1 with `*error` filled in; a
 * failed output shows in writer->out. */
int emit_write(struct emit_writer *writer, const struct emit_record *record,
               struct emit_error *error);
/* Ends the stream cleanly. */
void emit_writer_end(struct emit_writer *writer);

#endif /* SSE_TOOL_EMIT_H */
