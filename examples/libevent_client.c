/*
 * libevent_client.c - event streams over libcurl in a libevent loop: prints
 * the events of all URLs, each of which reconnects by itself, until Ctrl-C.
 *
 * SPDX-License-Identifier: MIT
 */
#define _POSIX_C_SOURCE 200809L /* event.h needs more than C99 */

#include "common/curl_streams.h"

#include <event2/event.h>
#include <event2/thread.h>
#include <signal.h>
#include <stdlib.h>

static struct event_base *base;
static struct event *curl_timer, *group_timer; /* libcurl's, the streams' */
static CURLM *multi;
static sse_curl_group *group;

static int start(struct event *timer, uint64_t ms)
{
    const struct timeval time = {(time_t)(ms / 1000),
                                 (suseconds_t)(ms % 1000 * 1000)};
    return evtimer_add(timer, &time);
}

/* After each call into libcurl: what the streams have to do, and until when
 * they need not be asked again. */
static void step(evutil_socket_t fd, short what, void *user)
{
    uint64_t next_ms;
    (void)fd, (void)what, (void)user;
    (void)evtimer_del(group_timer);
    if (sse_curl_group_step(group, &next_ms) != SSE_OK) {
        (void)event_base_loopbreak(base); /* no stream is left */
    } else if (next_ms != SSE_NEVER) {
        (void)start(group_timer, next_ms);
    }
}

/* How a resume or a cancel by another thread reaches the loop. */
static void wake(void *timer) { event_active((struct event *)timer, 0, 0); }

/* A socket is ready or libcurl's time is over. */
static void on_ready(evutil_socket_t fd, short what, void *user)
{
    int running;
    const int ready = ((what & EV_READ) ? CURL_CSELECT_IN : 0) |
                      ((what & EV_WRITE) ? CURL_CSELECT_OUT : 0);
    (void)curl_multi_socket_action(
        multi, ready != 0 ? fd : CURL_SOCKET_TIMEOUT, ready, &running);
    step(fd, what, user);
}

/* libcurl is to be called in `ms`: soon for 0, but not from in here. */
static int set_timer(CURLM *of, long ms, void *user)
{
    (void)of, (void)user;
    return ms < 0 ? evtimer_del(curl_timer) : start(curl_timer, (uint64_t)ms);
}

/* libcurl waits for `fd`, and keeps our event for us. */
static int set_socket(CURL *of, curl_socket_t fd, int what, void *user,
                      void *ours)
{
    const int interest = ((what & CURL_POLL_IN) ? EV_READ : 0) |
                         ((what & CURL_POLL_OUT) ? EV_WRITE : 0);
    (void)of, (void)user;
    if (ours != NULL) {
        event_free((struct event *)ours);
    }
    if (what == CURL_POLL_REMOVE) {
        return 0;
    }
    struct event *const event = event_new(
        base, fd, (short)(interest | EV_PERSIST), on_ready, NULL);
    (void)curl_multi_assign(multi, fd, event);
    return event == NULL ? -1 : event_add(event, NULL);
}

/* Ctrl-C: what still runs is cancelled by being closed. */
static void on_signal(evutil_socket_t number, short what, void *user)
{
    (void)number, (void)what;
    (void)event_base_loopbreak((struct event_base *)user);
}

int main(int argc, char **argv)
{
    (void)curl_global_init(CURL_GLOBAL_DEFAULT);
    (void)evthread_use_pthreads(); /* for wake() */
    base = event_base_new();
    multi = curl_multi_init();
    if (argc < 2 || base == NULL || multi == NULL ||
        sse_curl_group_open(multi, &group) != SSE_OK) {
        return curl_streams_usage(argv[0]);
    }
    curl_timer = evtimer_new(base, on_ready, NULL);
    group_timer = evtimer_new(base, step, NULL);
    struct event *sigint = evsignal_new(base, SIGINT, on_signal, base);
    (void)evsignal_add(sigint, NULL);
    (void)curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, set_socket);
    (void)curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, set_timer);
    sse_curl_group_on_wake(group, wake, group_timer);

    curl_streams *const streams = curl_streams_open(group, argv + 1);
    wake(group_timer);
    (void)event_base_dispatch(base);
    const size_t failed = curl_streams_close(streams);
    sse_curl_group_close(group);
    (void)curl_multi_cleanup(multi); /* calls set_socket() once more */
    event_free(sigint);
    event_free(curl_timer);
    event_free(group_timer);
    event_base_free(base);
    curl_global_cleanup();
    return failed > 0;
}
