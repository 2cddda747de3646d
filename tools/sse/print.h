/*
 * print.h - events and what happens around them, as `sse cat` prints them.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SSE_TOOL_PRINT_H
#define SSE_TOOL_PRINT_H

#include "out.h"

#include <sse/event.h>

enum print_form {
    PRINT_PLAIN = 0, /* for people */
    PRINT_JSON = 1,
    PRINT_BASE64 = 2 /* JSON, all texts as base64 of their exact bytes */
};

/* How the plain form looks: columns as wide as what was shown so far. */
struct print_plain {
    int terminal;  /* aligned, control characters made visible */
    int colour;
    size_t type_width;
    size_t id_width; /* 0 until an event carries an id */
};

/* One number or text of a state line. */
struct print_member {
    const char *name;
    const char *text; /* NULL: the number counts */
    size_t text_len;
    uint64_t number;
    int exact; /* the text is a peer's: base64 in that form */
};

struct print {
    struct out out;
    enum print_form form;
    int trace; /* comments, fields, retry, states, final id */
    struct print_plain plain;
};

/* `form` and `trace` as asked for; the look depends on what `fd` is. */
void print_init(struct print *print, int fd, enum print_form form, int trace);

/* Each prints one line (the plain form of an event: at least one) and hands it
 * over at once.  0 while the output is open. */
int print_event(struct print *print, const sse_event *event);
int print_comment(struct print *print, const char *text, size_t len);
int print_field(struct print *print, const char *name, size_t name_len,
                const char *value, size_t value_len);
int print_retry(struct print *print, uint64_t retry_ms);
int print_state(struct print *print, const char *state,
                const struct print_member *members, size_t count);
int print_final_id(struct print *print, const char *id, size_t len);

/* The plain form of an event, not handed over yet. */
void print_plain_event(struct print_plain *plain, struct out *out,
                       const sse_event *event);

#endif /* SSE_TOOL_PRINT_H */
