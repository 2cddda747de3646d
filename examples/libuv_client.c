/*
 * libuv_client.c - event streams over libcurl in a libuv loop: prints the
 * events of all URLs, each of which reconnects by itself, until Ctrl-C.
 *
 * SPDX-License-Identifier: MIT
 */
#define _GNU_SOURCE 1 /* uv.h needs more than C99 */

#include "common/curl_streams.h"

#include <stdlib.h>
#include <uv.h>

static uv_loop_t loop;
static uv_timer_t curl_timer, group_timer; /* libcurl's, and the streams' */
static CURLM *multi;
static sse_curl_group *group;

/* After each call into libcurl: what the streams have to do, and until when
 * they need not be asked again. */
static void step(uv_timer_t *timer)
{
    uint64_t next_ms;
    (void)uv_timer_stop(timer);
    if (sse_curl_group_step(group, &next_ms) != SSE_OK) {
        uv_stop(&loop); /* no stream is left */
    } else if (next_ms != SSE_NEVER) {
        (void)uv_timer_start(timer, step, next_ms, 0);
    }
}

/* How a resume or a cancel by another thread reaches the loop. */
static void wake(void *async) { (void)uv_async_send((uv_async_t *)async); }
static void on_wake(uv_async_t *of) { (void)of; step(&group_timer); }

static void act(curl_socket_t fd, int what)
{
    int running;
    (void)curl_multi_socket_action(multi, fd, what, &running);
    step(&group_timer);
}

static void on_timer(uv_timer_t *of) { (void)of; act(CURL_SOCKET_TIMEOUT, 0); }

/* libcurl is to be called in `ms`: soon for 0, but not from in here. */
static int set_timer(CURLM *of, long ms, void *user)
{
    uv_timer_t *const timer = (uv_timer_t *)user;
    (void)of;
    return ms < 0 ? uv_timer_stop(timer)
                  : uv_timer_start(timer, on_timer, (uint64_t)ms, 0);
}

static void on_socket(uv_poll_t *poll, int status, int ready)
{
    uv_os_fd_t fd = -1;
    (void)uv_fileno((uv_handle_t *)poll, &fd);
    act(fd, (status < 0 ? CURL_CSELECT_ERR : 0) |
                ((ready & UV_READABLE) ? CURL_CSELECT_IN : 0) |
                ((ready & UV_WRITABLE) ? CURL_CSELECT_OUT : 0));
}

static void free_handle(uv_handle_t *handle) { free(handle); }

/* libcurl waits for `fd`, and keeps our handle for us. */
static int set_socket(CURL *of, curl_socket_t fd, int what, void *user,
                      void *ours)
{
    uv_poll_t *poll = (uv_poll_t *)ours;
    const int interest = ((what & CURL_POLL_IN) ? UV_READABLE : 0) |
                         ((what & CURL_POLL_OUT) ? UV_WRITABLE : 0);
    (void)of, (void)user;
    if (what == CURL_POLL_REMOVE) {
        uv_close((uv_handle_t *)poll, free_handle);
        return 0;
    }
    if (poll == NULL) {
        poll = (uv_poll_t *)malloc(sizeof *poll);
        if (poll == NULL || uv_poll_init_socket(&loop, poll, fd) != 0) {
            free(poll);
            return -1;
        }
        (void)curl_multi_assign(multi, fd, poll);
    }
    return uv_poll_start(poll, interest, on_socket);
}

/* Ctrl-C: what still runs is cancelled by being closed. */
static void on_signal(uv_signal_t *of, int n) { (void)n; uv_stop(of->loop); }

int main(int argc, char **argv)
{
    static uv_async_t async;
    static uv_signal_t interrupt;
    (void)curl_global_init(CURL_GLOBAL_DEFAULT);
    multi = curl_multi_init();
    if (argc < 2 || multi == NULL || uv_loop_init(&loop) != 0 ||
        sse_curl_group_open(multi, &group) != SSE_OK) {
        return curl_streams_usage(argv[0]);
    }
    (void)uv_timer_init(&loop, &curl_timer);
    (void)uv_timer_init(&loop, &group_timer);
    (void)uv_async_init(&loop, &async, on_wake);
    (void)uv_signal_init(&loop, &interrupt);
    (void)uv_signal_start(&interrupt, on_signal, SIGINT);
    (void)curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, set_socket);
    (void)curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, set_timer);
    (void)curl_multi_setopt(multi, CURLMOPT_TIMERDATA, &curl_timer);
    sse_curl_group_on_wake(group, wake, &async);

    curl_streams *const streams = curl_streams_open(group, argv + 1);
    step(&group_timer);
    (void)uv_run(&loop, UV_RUN_DEFAULT);
    const size_t failed = curl_streams_close(streams);
    sse_curl_group_close(group);
    (void)curl_multi_cleanup(multi); /* calls set_socket() once more */
    (void)uv_run(&loop, UV_RUN_NOWAIT);
    curl_global_cleanup();
    return failed > 0;
}
