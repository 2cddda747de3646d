/*
 * out.h - buffered output on one descriptor, with errors that are never lost.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SSE_TOOL_OUT_H
#define SSE_TOOL_OUT_H

#include <stddef.h>
#include <stdint.h>

#define OUT_BUFFER 65536

/* What has become of the output. */
enum out_state {
    OUT_OPEN = 0,
    OUT_GONE = 1,   /* the reader closed its end: it has what it wanted */
    OUT_FAILED = 2, /* a write failed: see error */
    OUT_STUCK = 3   /* asked to stop while the reader did not read */
};

/* Once the state is not OUT_OPEN, all that is put is thrown away. */
struct out {
    int fd;
    int error; /* errno of the write that failed */
    enum out_state state;
    size_t len; /* bytes waiting in the buffer */
    char buffer[OUT_BUFFER];
};

void out_init(struct out *out, int fd);

void out_put(struct out *out, const char *text, size_t len);
void out_text(struct out *out, const char *text);   /* NUL-terminated */
void out_number(struct out *out, uint64_t number);
/* A whole JSON string, quotation marks included.  Ill-formed UTF-8 becomes
 * U+FFFD, one for each maximal subpart. */
void out_json(struct out *out, const char *text, size_t len);
/* A whole JSON string holding the base64 of the bytes. */
void out_base64(struct out *out, const char *bytes, size_t len);

/* Hands over what is waiting.  0 while the output is open. */
int out_flush(struct out *out);

/* Looks whether the reader is gone, without writing.  0 while the output is
 * open. */
int out_check(struct out *out);

/* What is to be said of a state other than OUT_OPEN. */
const char *out_reason(const struct out *out);
/* And the exit code that belongs to it. */
int out_exit(const struct out *out);

#endif /* SSE_TOOL_OUT_H */
