/*
 * fetch.h - the bytes of one response as they come, for the subcommands that
 * look at them: one connection, no redirects.
 *
 *     fetch_curl.c   the transfer, over libcurl
 *     fetch_input.c  the same for files and standard input
 *     fetch_flags.c  the flags that these subcommands share
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SSE_TOOL_FETCH_H
#define SSE_TOOL_FETCH_H

#include "cat.h"
#include "flags.h"

/* How reading ended. */
enum fetch_end {
    FETCH_CLEAN = 0,   /* as its framing promised, or at the end of a file */
    FETCH_CUT = 1,     /* in the middle, or too silent; see the reason */
    FETCH_FAILED = 2,  /* there was nothing to read; see the reason */
    FETCH_STOPPED = 3, /* a hook, a limit, a signal or the output asked to */
    FETCH_USAGE = 4    /* that URL is none; told on stderr */
};

/* The head of a response. */
struct fetch_head {
    int status;
    const char *text; /* header lines as they came, each with its line end;
                         without the status line */
    size_t len;
};

/* Each returns 0 to go on. */
struct fetch_hooks {
    int (*on_head)(const struct fetch_head *head, void *user); /* URLs alone */
    int (*on_bytes)(const char *bytes, size_t len, void *user);
    void *user;
};

/* Which limit ended the reading. */
enum fetch_limit {
    FETCH_LIMIT_NOT = 0,
    FETCH_LIMIT_BYTES = 1,
    FETCH_LIMIT_TIME = 2
};

/* What is read, and how far. */
struct fetch {
    struct cat_options request; /* source, and for a URL the request */
    uint64_t max_bytes;         /* UINT64_MAX: no limit */
    uint64_t max_ms;            /* the same */
    const char *body;           /* argument of -d */
    int decode;                 /* of a content coding: what is in it */
    struct out *out;            /* watched; NULL for none */
    uint64_t bytes;             /* read so far */
    uint64_t deadline_us;
    enum fetch_limit limit;     /* which one ended it */
};

/* Flags that every such subcommand has; their ids are below FETCH_FLAGS. */
#define FETCH_TABLE \
    {"--help", 'h', 0, FETCH_HELP}, {"--header", 'H', 1, FETCH_HEADER}, \
    {"--request", 'X', 1, FETCH_METHOD}, {"--data", 'd', 1, FETCH_BODY}, \
    {"--last-event-id", '\0', 1, FETCH_LAST_ID}, \
    {"--connect-timeout", '\0', 1, FETCH_CONNECT}, \
    {"--idle-timeout", '\0', 1, FETCH_IDLE}, \
    {"--max-bytes", '\0', 1, FETCH_MAX_BYTES}, \
    {"--max-time", '\0', 1, FETCH_MAX_TIME}
enum {
    FETCH_HELP = 1, FETCH_HEADER, FETCH_METHOD, FETCH_BODY, FETCH_LAST_ID,
    FETCH_CONNECT, FETCH_IDLE, FETCH_MAX_BYTES, FETCH_MAX_TIME, FETCH_FLAGS
};

/* Reads a flag of the subcommand's own: 0, or -1 after telling. */
typedef int (*fetch_flag_fn)(const struct flags *flags, int id,
                             const char *value, void *user);

/* Reads a whole command line; whatever is wrong has been told on stderr. */
enum cat_read fetch_read(struct fetch *fetch, const char *command,
                         const struct flag *table, int argc, char *const *argv,
                         fetch_flag_fn own, void *user);
void fetch_free(struct fetch *fetch);

/* Reads all of it.  `reason` says what ended it. */
enum fetch_end fetch_run(struct fetch *fetch, const struct fetch_hooks *hooks,
                         char *reason, size_t cap);
/* The parts of fetch_run(). */
enum fetch_end fetch_input(struct fetch *fetch,
                           const struct fetch_hooks *hooks, char *reason,
                           size_t cap);
enum fetch_end fetch_curl(struct fetch *fetch, const struct fetch_hooks *hooks,
                          char *reason, size_t cap);
/* Hands bytes on, up to the limit.  0 to go on. */
int fetch_take(struct fetch *fetch, const struct fetch_hooks *hooks,
               const char *bytes, size_t len);
/* Whether reading is to end: a signal, the output, the time. */
int fetch_over(struct fetch *fetch);
/* Milliseconds until fetch_over() is to be asked again; at most `most`. */
int fetch_wait_ms(const struct fetch *fetch, int most);
/* The reason of an end from this side. */
void fetch_own_reason(const struct fetch *fetch, char *reason, size_t cap);

#endif /* SSE_TOOL_FETCH_H */
