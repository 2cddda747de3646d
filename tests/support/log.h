/*
 * log.h - what a parser said, as text.
 *
 * One printer for tests, fuzzers and tools, so that two parsers, or one parser
 * at two ways of cutting the stream, are compared as text.  One line each:
 *
 *   off=N event type=WORD id=WORD data=TEXT
 *   off=N comment TEXT
 *   off=N retry N
 *   off=N field name=WORD value=TEXT
 *   off=N drop reason=REASON bytes=N id=WORD
 *   off=N fragments type=WORD id=WORD total=N data=TEXT
 *   fragments aborted reason=REASON total=N data=TEXT
 *   end id=TEXT complete
 *   end id=TEXT incomplete
 *
 * N is decimal, without a sign or leading zeros.  off is the number of bytes
 * of the stream up to and with the first byte of the line end that brought
 * the line about.  TEXT stands in double quotes; inside, LF is \n, CR is \r,
 * TAB is \t, a quote is \", a backslash is \\, and any other byte outside 0x20
 * to 0x7E is \xHH with two lower-case digits.  WORD is the bytes themselves if
 * there is at least one and all are ASCII letters, digits, '-', '_' or '.';
 * otherwise it is written as TEXT.  REASON is data, type, id, comment, field
 * or end.  Every line ends with LF.  The fragments of one event are joined,
 * because where they are cut is not part of what was said.
 *
 * With `detail` set an event line goes on with ` fields=LIST`, where LIST is
 * the names of the SSE_FIELD_* bits joined by commas, and ` retry=N` if
 * SSE_FIELD_RETRY is among them.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TESTS_LOG_H
#define TESTS_LOG_H

#include <sse/event.h>
#include <sse/parser.h>

#include <stddef.h>
#include <stdint.h>

/** A growing text.  Zeroed, it is empty and ready. */
typedef struct event_log {
    char *text;   /**< not NUL-terminated */
    size_t len;   /**< bytes */
    size_t cap;   /**< bytes allocated */
    size_t lines; /**< lines written */
    int detail;   /**< not 0: event lines carry their fields */
    int answer;   /**< what the hooks answer; SSE_GO is 0 */
    char *joined; /**< fragments of the event under way */
    size_t joined_len, joined_cap; /**< bytes */
} event_log;

/** Empties the log; keeps its memory, `detail` and `answer`. */
void event_log_clear(event_log *log);

/** Gives the memory back. */
void event_log_free(event_log *log);

/** Not 0 if both hold the same text. */
int event_log_same(const event_log *a, const event_log *b);

/* Hooks of libsse, to be used with the log as user pointer. */

int event_log_event(const sse_event *event, void *user);
int event_log_comment(const char *text, size_t len, uint64_t offset,
                      void *user);
int event_log_retry(uint64_t retry_ms, uint64_t offset, void *user);
int event_log_field(const char *name, size_t name_len, const char *value,
                    size_t value_len, uint64_t offset, void *user);
int event_log_drop(const sse_drop *drop, void *user);
int event_log_fragment(const sse_fragment *fragment, void *user);

/** Sets the comment, retry, field and dropped hooks of a parser whose user
 *  pointer is a log. */
void event_log_attach(sse_parser *parser);

/** Writes the last line. */
void event_log_end(event_log *log, const char *id, size_t id_len,
                   int incomplete);

/** Writes bytes as TEXT: for inputs in diagnostics. */
void event_log_text(event_log *log, const char *bytes, size_t len);

/** Writes a NUL-terminated string as it is. */
void event_log_raw(event_log *log, const char *string);

/** Writes a number in decimal. */
void event_log_number(event_log *log, uint64_t number);

/** Whether the log says just this; if not, prints what it says. */
int event_log_is(const event_log *log, const char *want);

#endif /* TESTS_LOG_H */
