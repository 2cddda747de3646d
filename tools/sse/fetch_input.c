/*
 * fetch_input.c - the bytes of a file or of standard input as they come, and
 * what all sources share.
 *
 * SPDX-License-Identifier: MIT
 */
#define _POSIX_C_SOURCE 200809L

#include "fetch.h"

#include "input.h"
#include "stop.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define READ_SIZE 65536

static uint64_t now_us(void)
{
    struct timespec now = {0, 0};
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

int fetch_over(struct fetch *fetch)
{
    if (fetch->limit == FETCH_LIMIT_NOT && now_us() >= fetch->deadline_us) {
        fetch->limit = FETCH_LIMIT_TIME;
    }
    return fetch->limit != FETCH_LIMIT_NOT || stop_asked() != 0 ||
           (fetch->out != NULL && fetch->out->state != OUT_OPEN);
}

int fetch_wait_ms(const struct fetch *fetch, int most)
{
    const uint64_t now = now_us();
    const uint64_t left_ms =
        fetch->deadline_us > now ? (fetch->deadline_us - now) / 1000 + 1 : 0;
    return left_ms < (uint64_t)most ? (int)left_ms : most;
}

int fetch_take(struct fetch *fetch, const struct fetch_hooks *hooks,
               const char *bytes, size_t len)
{
    const uint64_t left = fetch->max_bytes - fetch->bytes;
    const size_t n = len < left ? len : (size_t)left;
    fetch->bytes += n;
    if (fetch->bytes == fetch->max_bytes) {
        fetch->limit = FETCH_LIMIT_BYTES;
    }
    const int done = n > 0 ? hooks->on_bytes(bytes, n, hooks->user) : 0;
    return done != 0 || fetch_over(fetch);
}

void fetch_own_reason(const struct fetch *fetch, char *reason, size_t cap)
{
    if (fetch->out != NULL && fetch->out->state != OUT_OPEN) {
        (void)snprintf(reason, cap, "%s%s",
                       fetch->out->state == OUT_FAILED ? "writing the output: "
                                                       : "",
                       out_reason(fetch->out));
    } else if (stop_asked() != 0) {
        (void)snprintf(reason, cap, "interrupted");
    } else if (fetch->limit == FETCH_LIMIT_BYTES) {
        (void)snprintf(reason, cap, "%llu bytes, as asked for",
                       (unsigned long long)fetch->bytes);
    } else if (fetch->limit == FETCH_LIMIT_TIME) {
        (void)snprintf(reason, cap, "the time asked for is over");
    }
}

/* Until there is something to read, or it is over. */
static int wait_readable(struct fetch *fetch, int fd)
{
    while (!fetch_over(fetch)) {
        struct pollfd fds[3] = {
            {fd, POLLIN, 0}, {stop_fd(), POLLIN, 0},
            {fetch->out != NULL ? fetch->out->fd : -1, 0, 0}};
        const int n = poll(fds, 3, fetch_wait_ms(fetch, 3600000));
        if (n > 0 && fds[0].revents != 0) {
            return 1;
        }
        if (n > 0 && fds[2].revents != 0) {
            (void)out_check(fetch->out);
        }
        if (n < 0 && errno != EINTR) {
            return 1;
        }
    }
    return 0;
}

enum fetch_end fetch_input(struct fetch *fetch,
                           const struct fetch_hooks *hooks, char *reason,
                           size_t cap)
{
    static char buffer[READ_SIZE];
    const char *const name = input_name(fetch->request.source);
    const int fd = input_open(fetch->request.source, 1);
    enum fetch_end end = FETCH_STOPPED;
    if (fd < 0) {
        *reason = '\0';
        return FETCH_FAILED;
    }
    while (wait_readable(fetch, fd)) {
        size_t len = 0;
        const enum input_state state =
            input_read(fd, fetch->out, buffer, sizeof buffer, &len);
        if (state == INPUT_FAILED) {
            (void)snprintf(reason, cap, "%s: %s", name, strerror(errno));
            end = FETCH_CUT;
            break;
        }
        if (state == INPUT_END) {
            (void)snprintf(reason, cap, "end of %s",
                           strcmp(fetch->request.source, "-") == 0 ? name
                                                                   : "file");
            end = FETCH_CLEAN;
            break;
        }
        if (state == INPUT_DATA && fetch_take(fetch, hooks, buffer, len)) {
            break;
        }
    }
    input_close(fd);
    return end;
}

enum fetch_end fetch_run(struct fetch *fetch, const struct fetch_hooks *hooks,
                         char *reason, size_t cap)
{
    const uint64_t room = UINT64_MAX / 1000 - now_us() / 1000 - 1;
    fetch->deadline_us =
        fetch->max_ms < room ? now_us() + fetch->max_ms * 1000 : UINT64_MAX;
    *reason = '\0';
    const enum fetch_end end =
        fetch->request.is_url ? fetch_curl(fetch, hooks, reason, cap)
                              : fetch_input(fetch, hooks, reason, cap);
    if (end == FETCH_STOPPED) {
        fetch_own_reason(fetch, reason, cap);
    }
    return end;
}
