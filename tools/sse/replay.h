/*
 * replay.h - what the parts of `sse replay` share.
 *
 *     replay.c          the subcommand, and replaying to standard output
 *     replay_help.c     what --help prints
 *     replay_options.c  the command line; replay_values.c: its values
 *     replay_serve.h    replaying to whoever connects
 *     plan.h            what goes when
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SSE_TOOL_REPLAY_H
#define SSE_TOOL_REPLAY_H

#include "plan.h"
#include "values.h"

/* The command line.  Strings are the caller's argv but for headers. */
struct replay_options {
    const char *source; /* "-" or a path; NULL if there is none */
    struct plan_wish wish;
    double speed;
    int loop;
    int listens;
    char address[VALUE_ADDRESS]; /* numeric */
    uint16_t port;
    uint64_t max_conns;   /* UINT64_MAX: no limit */
    uint64_t fault_conns; /* connections that meet faults, from the first */
    int status;           /* 0: the recording's */
    int html;
    int ignore_last_id;
    int verbose;
    sse_http_header *headers; /* allocated, as are the names */
    size_t header_count;
};

/* What `sse replay --help` and `sse record --help` print. */
extern const char replay_help[];
extern const char record_help[];

enum replay_read { REPLAY_READ_OK, REPLAY_READ_HELP, REPLAY_READ_USAGE };

/* Reads the command line; whatever is wrong has been told on stderr. */
enum replay_read replay_options_read(struct replay_options *options, int argc,
                                     char *const *argv);
void replay_options_free(struct replay_options *options);

/* Values: 0, or -1 with the reason told on stderr. */
int replay_set_place(struct plan_place *place, const char *flag,
                     const char *text);
int replay_set_stall(struct plan_wish *wish, const char *text);
int replay_set_speed(double *speed, const char *text);
int replay_set_listen(struct replay_options *options, const char *text);
int replay_add_header(struct replay_options *options, const char *line);

/* Serves the plan until it is told to end.  The exit code. */
int replay_serve(const struct replay_options *options,
                 const struct tape *tape, const struct plan *plan);

/* A clock that never goes back, in microseconds. */
uint64_t replay_now_us(void);

#endif /* SSE_TOOL_REPLAY_H */
