/*
 * cat.h - what the parts of `sse cat` share.
 *
 *     cat.c          the subcommand: options, then one of the sources
 *     cat_help.c     what --help prints
 *     cat_options.c  the command line; cat_values.c, cat_body.c: its values
 *     cat_take.c     what comes out of the parser, whatever the source
 *     cat_file.c     files and standard input
 *     cat_curl.c     URLs over libcurl
 *     cat_sock.c     URLs over plain sockets
 *     cat_end.c      how those ended
 *     cat_show.c     states and heads of connections, for people and --trace
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SSE_TOOL_CAT_H
#define SSE_TOOL_CAT_H

#include "print.h"

#include <sse/parser.h>

/* Longest id and event type: whatever a server may send. */
#define CAT_NAME_MAX ((size_t)1 << 20)

/* What the parser needs beside the data of events with these limits: see
 * sse_parser_set_limits(). */
#define CAT_SCRATCH_BASE (4 * CAT_NAME_MAX)

/* Scratch to begin with.  It grows up to --max-event-size. */
#define CAT_SCRATCH_START (CAT_SCRATCH_BASE + 65536)

/* CAT_ANY: libcurl, or where there is none, plain sockets. */
enum cat_transport { CAT_ANY = 0, CAT_CURL = 1, CAT_SOCK = 2 };

/* The command line.  Strings are the caller's argv. */
struct cat_options {
    const char *command; /* the subcommand, for messages */
    const char *source; /* "-", a path or a URL */
    int is_url;
    enum print_form form;
    int trace;
    int verbose;
    size_t chunk; /* bytes fed at a time; 0: as they come */
    uint64_t max_events;
    uint64_t max_event_size;
    const char *until_type; /* NULL: not asked for */
    const char *until_data;
    const char *last_event_id;
    /* URLs alone. */
    enum cat_transport transport;
    const char *method; /* NULL: as the body says */
    const char **headers; /* allocated */
    size_t header_count;
    char *header_file; /* allocated: the text of those from a file */
    char *body; /* allocated; NULL: none */
    size_t body_len;
    int reconnect;
    uint64_t max_reconnects; /* UINT64_MAX: no limit */
    uint32_t retry_ms;
    uint32_t max_retry_ms;
    uint32_t idle_timeout_ms;
    uint32_t connect_timeout_ms;
};

/* What `sse cat --help` prints. */
extern const char cat_help[];

/* What cat_options_read() found. */
enum cat_read { CAT_READ_OK, CAT_READ_HELP, CAT_READ_USAGE, CAT_READ_FAILED };

/* Reads the command line; whatever is wrong has been told on stderr. */
enum cat_read cat_options_read(struct cat_options *options, int argc,
                               char *const *argv);
void cat_options_free(struct cat_options *options);

/* The exit code where it was anything but CAT_READ_OK; prints the help that was
 * asked for. */
int cat_read_exit(enum cat_read end, const char *help);

/* Why the reading of a stream was ended from this side. */
enum cat_end { CAT_END_NOT = 0, CAT_END_UNTIL = 1, CAT_END_MAX = 2 };

/* Takes what comes out of the parser; the user pointer of all its hooks. */
struct cat_take {
    const struct cat_options *options;
    struct print *print;
    uint64_t events;
    enum cat_end end;
};

int cat_take_event(const sse_event *event, void *user);
/* Sets limits, policy and the other hooks. */
sse_status cat_take_setup(sse_parser *parser, void *user);
/* Prints a reason on stderr, and in front of it the final id in a trace.  The
 * exit code: `code`, unless the output failed or `end` says otherwise. */
int cat_take_finish(struct cat_take *take, const char *id, size_t id_len,
                    int code, const char *reason);
/* The exit code and the reason of an end from this side: output, limits or
 * signal.  -1 if there is none. */
int cat_take_own_end(const struct cat_take *take, char *reason, size_t cap);

/* Each reads one kind of source to its end.  The exit code. */
int cat_file(const struct cat_options *options, struct cat_take *take);
int cat_curl(const struct cat_options *options, struct cat_take *take);
int cat_sock(const struct cat_options *options, struct cat_take *take);

#endif /* SSE_TOOL_CAT_H */
