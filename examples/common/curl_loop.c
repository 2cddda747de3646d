/*
 * curl_loop.c - libcurl transfers and event streams in an sse_loop.
 *
 * libcurl says which sockets it waits for and for how long (its socket and
 * timer functions); the loop says when that has come; after each such call
 * the group of streams does what is due.
 *
 * SPDX-License-Identifier: MIT
 */
#define _POSIX_C_SOURCE 200809L

#include "curl_loop.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

struct curl_loop {
    sse_loop *loop;
    CURLM *multi;
    sse_curl_group *group;
    sse_timer curl_timer;  /* libcurl's own */
    sse_timer group_timer; /* of the streams */
    int wake[2];           /* a pipe: other threads write, the loop reads */
};

static void on_group_timer(sse_loop *loop, sse_timer *timer, void *user);

static void step(curl_loop *curl)
{
    uint64_t next_ms;
    const sse_status status = sse_curl_group_step(curl->group, &next_ms);
    if (status == SSE_OK && next_ms != SSE_NEVER) {
        (void)sse_timer_start(curl->loop, &curl->group_timer, next_ms,
                              on_group_timer, curl);
    } else {
        sse_timer_stop(curl->loop, &curl->group_timer);
    }
}

static void on_group_timer(sse_loop *loop, sse_timer *timer, void *user)
{
    (void)loop;
    (void)timer;
    step((curl_loop *)user);
}

static void on_curl_timer(sse_loop *loop, sse_timer *timer, void *user)
{
    curl_loop *curl = (curl_loop *)user;
    int running;
    (void)loop;
    (void)timer;
    (void)curl_multi_socket_action(curl->multi, CURL_SOCKET_TIMEOUT, 0,
                                   &running);
    step(curl);
}

/* CURLMOPT_TIMERFUNCTION: must not call back into libcurl, so even 0 ms goes
 * through the timer. */
static int set_timer(CURLM *multi, long timeout_ms, void *user)
{
    curl_loop *curl = (curl_loop *)user;
    (void)multi;
    if (timeout_ms < 0) {
        sse_timer_stop(curl->loop, &curl->curl_timer);
    } else {
        (void)sse_timer_start(curl->loop, &curl->curl_timer,
                              (uint64_t)timeout_ms, on_curl_timer, curl);
    }
    return 0;
}

static void on_socket(sse_loop *loop, int fd, uint32_t ready, void *user)
{
    curl_loop *curl = (curl_loop *)user;
    int running;
    int what = 0;
    (void)loop;
    what |= (ready & SSE_LOOP_READ) != 0 ? CURL_CSELECT_IN : 0;
    what |= (ready & SSE_LOOP_WRITE) != 0 ? CURL_CSELECT_OUT : 0;
    what |= (ready & SSE_LOOP_ERROR) != 0 ? CURL_CSELECT_ERR : 0;
    (void)curl_multi_socket_action(curl->multi, fd, what, &running);
    step(curl);
}

/* CURLMOPT_SOCKETFUNCTION. */
static int set_socket(CURL *easy, curl_socket_t fd, int what, void *user,
                      void *socket_user)
{
    curl_loop *curl = (curl_loop *)user;
    (void)easy;
    (void)socket_user;
    if (what == CURL_POLL_REMOVE) {
        sse_loop_fd_forget(curl->loop, fd);
        return 0;
    }
    uint32_t interest = 0;
    if (what == CURL_POLL_IN || what == CURL_POLL_INOUT) {
        interest |= SSE_LOOP_READ;
    }
    if (what == CURL_POLL_OUT || what == CURL_POLL_INOUT) {
        interest |= SSE_LOOP_WRITE;
    }
    return sse_loop_fd_watch(curl->loop, fd, interest, on_socket, curl) ==
                   SSE_OK
               ? 0
               : -1;
}

/* From any thread.  A full pipe holds a wake-up already. */
static void wake(void *user)
{
    curl_loop *curl = (curl_loop *)user;
    const int kept = errno;
    ssize_t written;
    do {
        written = write(curl->wake[1], "", 1);
    } while (written < 0 && errno == EINTR);
    errno = kept;
}

static void on_wake(sse_loop *loop, int fd, uint32_t ready, void *user)
{
    char bytes[64];
    (void)loop;
    (void)ready;
    while (read(fd, bytes, sizeof(bytes)) == (ssize_t)sizeof(bytes)) {
    }
    step((curl_loop *)user);
}

static int open_pipe(int ends[2])
{
    if (pipe(ends) != 0) {
        ends[0] = -1;
        ends[1] = -1;
        return 0;
    }
    for (int i = 0; i < 2; i++) {
        if (fcntl(ends[i], F_SETFD, FD_CLOEXEC) != 0 ||
            fcntl(ends[i], F_SETFL, O_NONBLOCK) != 0) {
            return 0;
        }
    }
    return 1;
}

static int set_options(curl_loop *curl, unsigned max_connections)
{
    CURLM *multi = curl->multi;
    CURLMcode code =
        curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, set_socket);
    code = code != CURLM_OK ? code
           : curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, (void *)curl);
    code = code != CURLM_OK ? code
           : curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, set_timer);
    code = code != CURLM_OK ? code
           : curl_multi_setopt(multi, CURLMOPT_TIMERDATA, (void *)curl);
    if (code == CURLM_OK && max_connections > 0) {
        const long most = (long)max_connections;
        code = curl_multi_setopt(multi, CURLMOPT_MAX_HOST_CONNECTIONS, most);
        code = code != CURLM_OK ? code
               : curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, most);
    }
    return code == CURLM_OK;
}

sse_status curl_loop_open(sse_loop *loop, unsigned max_connections,
                          curl_loop **curl)
{
    if (loop == NULL || curl == NULL || max_connections > 1000000) {
        return SSE_ERR_INVALID;
    }
    *curl = NULL;
    curl_loop *made = (curl_loop *)calloc(1, sizeof(*made));
    if (made == NULL) {
        return SSE_ERR_NO_MEMORY;
    }
    made->loop = loop;
    made->wake[0] = -1;
    made->wake[1] = -1;
    sse_status status = SSE_ERR_NO_MEMORY;
    made->multi = curl_multi_init();
    if (made->multi != NULL && set_options(made, max_connections)) {
        status = sse_curl_group_open(made->multi, &made->group);
    }
    if (status == SSE_OK && !open_pipe(made->wake)) {
        status = SSE_ERR_SYSTEM;
    }
    if (status == SSE_OK) {
        sse_curl_group_on_wake(made->group, wake, made);
        status = sse_loop_fd_watch(loop, made->wake[0], SSE_LOOP_READ,
                                   on_wake, made);
    }
    if (status != SSE_OK) {
        curl_loop_close(made);
        return status;
    }
    *curl = made;
    return SSE_OK;
}

sse_status curl_loop_add(curl_loop *curl, sse_curl *stream)
{
    const sse_status status = sse_curl_attach(stream, curl->group);
    if (status == SSE_OK) {
        /* Not at once: the caller may be inside of a step. */
        (void)sse_timer_start(curl->loop, &curl->group_timer, 0,
                              on_group_timer, curl);
    }
    return status;
}

CURLM *curl_loop_multi(curl_loop *curl)
{
    return curl->multi;
}

sse_curl_group *curl_loop_group(curl_loop *curl)
{
    return curl->group;
}

void curl_loop_close(curl_loop *curl)
{
    if (curl == NULL) {
        return;
    }
    sse_curl_group_close(curl->group);
    if (curl->multi != NULL) {
        (void)curl_multi_cleanup(curl->multi);
    }
    /* Last: closing the pool's connections still calls set_socket(). */
    sse_timer_stop(curl->loop, &curl->curl_timer);
    sse_timer_stop(curl->loop, &curl->group_timer);
    if (curl->wake[0] >= 0) {
        sse_loop_fd_forget(curl->loop, curl->wake[0]);
        (void)close(curl->wake[0]);
        (void)close(curl->wake[1]);
    }
    free(curl);
}
