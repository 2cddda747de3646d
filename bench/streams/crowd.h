/*
 * crowd.h - many streams in one thread, over one transport or another.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef BENCH_STREAMS_CROWD_H
#define BENCH_STREAMS_CROWD_H

#include <sse/sock.h>
#include <sse/source.h>

/** What has come of all streams so far. */
struct crowd {
    sse_loop *loop;
    size_t opened;      /* responses that began a stream */
    size_t reconnects;  /* requests behind the first of each stream */
    size_t ended;       /* streams that ended for good */
    uint64_t events;
    /* After each of these; may stop the loop. */
    void (*changed)(struct crowd *crowd);
    size_t target;      /* for it */
};

/** One way to open streams.  Functions that answer int: 0 is failure. */
struct transport {
    const char *name;
    int (*begin)(struct crowd *crowd, size_t count);
    int (*add)(struct crowd *crowd, const char *url);
    void (*end)(void); /* closes all, and what begin() made */
};

#if defined(SSE_HAVE_CURL)
extern const struct transport transport_curl;
#endif
extern const struct transport transport_sock;

/* Hooks; their `user` is the crowd. */
int crowd_on_event(const sse_event *event, void *user);
void crowd_on_state(sse_source_state state, const sse_action *action,
                    void *user);

/** Reconnection time of every stream, in ms: the soak does not wait. */
#define CROWD_RETRY_MS 1u

#endif /* BENCH_STREAMS_CROWD_H */
