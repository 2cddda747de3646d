/*
 * check.h - what the parts of `sse check` share.
 *
 *     check.c         the subcommand
 *     check_help.c    what --help prints
 *     check_stream.c  lines into the parser, and what it counts for each
 *     check_hooks.c   what comes out of the parser
 *     check_fields.c  fields that nobody knows: what they may be meant to be
 *     check_utf8.c    where ill-formed UTF-8 begins
 *     check_head.c    status and headers of a response
 *     check_report.c  findings, for people and as JSON
 *
 * The stream is read by the parser of the library.  Lines are fed one by one,
 * so that a counter that rises tells which line it was.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SSE_TOOL_CHECK_H
#define SSE_TOOL_CHECK_H

#include "fetch.h"
#include "out.h"

#include <sse/parser.h>
#include <sse/utf8.h>

/* Findings of one kind that are shown; the rest is counted. */
#define CHECK_SHOWN 10

/* Beginning of a line that is kept to explain it. */
#define CHECK_PREFIX 96

/* Longest id and type that are followed. */
#define CHECK_NAME_MAX ((size_t)65536)

/* Lines and ids above these trouble other readers. */
#define CHECK_LONG_LINE ((uint64_t)65536)
#define CHECK_LONG_ID ((uint64_t)1024)

/* What can be found.  Errors: a reader loses or misreads something. */
enum check_code {
    CHECK_STATUS, CHECK_MEDIA_TYPE, CHECK_UNKNOWN_FIELD, CHECK_NEAR_FIELD,
    CHECK_NO_COLON, CHECK_TEXT, CHECK_JSON, CHECK_HTML, CHECK_ID_NUL,
    CHECK_ID_LONG, CHECK_TYPE_LONG, CHECK_RETRY, CHECK_RETRY_VALUE,
    CHECK_UTF8, CHECK_NUL, CHECK_BOM, CHECK_LINE_END, CHECK_EMPTY_DATA,
    CHECK_NO_DATA, CHECK_LINE_LONG, CHECK_ID_LARGE, CHECK_UNFINISHED,
    CHECK_LAST_LINE, CHECK_EMPTY, CHECK_CODING, CHECK_CACHE,
    CHECK_BUFFERING, CHECK_LENGTH, CHECK_CODES
};

/* Findings so far, and where they go. */
struct check_report {
    struct out out;
    int json;
    int all; /* shows every one */
    int colour;
    const char *name; /* of the source */
    uint64_t count[CHECK_CODES];
    uint64_t errors;
    uint64_t notes;
};

void check_report_init(struct check_report *report, const char *name,
                       int json, int all);
/* One finding.  Line 0: of the response. */
#if defined(__GNUC__)
__attribute__((format(printf, 5, 6)))
#endif
void check_find(struct check_report *report, enum check_code code,
                uint64_t line, uint64_t offset, const char *format, ...);

/* The checks' place in the stream, and what they keep of it. */
struct check {
    struct check_report report;
    sse_parser parser;
    sse_quirks quirks;
    sse_quirks before; /* the counters before the line */
    sse_utf8 utf8;
    uint64_t pending_at; /* where the character under way begins */
    int ill;             /* the line's ill-formed bytes were told */
    uint64_t offset;     /* bytes fed */
    uint64_t line;       /* from 1 */
    uint64_t line_at;    /* where it begins */
    uint64_t line_len;   /* so far */
    uint64_t ended_at;   /* where the line before begins */
    uint64_t events;
    uint64_t block_line; /* where the block began; 0 between blocks */
    uint64_t block_at;
    uint64_t retry_line; /* the last one with a reconnection time */
    int block_more;      /* the block has other fields than those */
    uint64_t max_events;
    int last_cr;         /* the last line ended in CR: an LF belongs to it */
    int has_colon;
    int has_nul;
    int end_kind;        /* of the first line: 1 LF, 2 CR, 3 CRLF */
    char prefix[CHECK_PREFIX];
    char scratch[4 * CHECK_NAME_MAX + 65536];
};

/* Prepares for a stream. */
void check_begin(struct check *check);
/* The next bytes.  Not 0 when enough was seen. */
int check_feed(struct check *check, const char *bytes, size_t len);
/* The end of the stream: `clean` as for sse_parser_finish().  Not 0 if it is
 * within an event. */
int check_end(struct check *check, int clean);

/* Sets the hooks of the parser; their user pointer is the check. */
void check_set_hooks(struct check *check);
/* A field that nobody knows, on the line under way. */
void check_field(struct check *check, const char *name, size_t name_len);
/* Bytes of its name, as far as the beginning of the line is kept. */
size_t check_name(const struct check *check);
/* Bytes of the line under way, its end included, before they are fed. */
void check_text(struct check *check, const char *bytes, size_t len);
void check_head(struct check *check, const struct fetch_head *head);

/* What `sse check --help` prints. */
extern const char check_help[];

#endif /* SSE_TOOL_CHECK_H */
