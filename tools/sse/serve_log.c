/*
 * serve_log.c - the access log: a line for each request, in the common log
 * format.
 *
 * SPDX-License-Identifier: MIT
 */
#define _POSIX_C_SOURCE 200809L

#include "serve.h"

#include "say.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* Of a longer path the rest is left out. */
#define PATH_ROOM 1024u

int serve_log_open(struct serve *serve)
{
    const char *const path = serve->options->log_path;
    serve->log_fd = -1;
    if (path == NULL) {
        return 0;
    }
    serve->log_fd = strcmp(path, "-") == 0
                        ? dup(STDOUT_FILENO)
                        : open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC,
                               0640);
    if (serve->log_fd < 0) {
        say("%s: %s", path, strerror(errno));
        return -1;
    }
    return 0;
}

void serve_log_close(struct serve *serve)
{
    if (serve->log_fd >= 0) {
        (void)close(serve->log_fd);
        serve->log_fd = -1;
    }
}

/* English, whatever the locale. */
static void write_time(char *dst, size_t cap)
{
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    const time_t now = time(NULL);
    struct tm utc;
    memset(&utc, 0, sizeof utc);
    (void)gmtime_r(&now, &utc);
    (void)snprintf(dst, cap, "%02d/%.3s/%d:%02d:%02d:%02d +0000", utc.tm_mday,
                   months + 3 * utc.tm_mon, utc.tm_year + 1900, utc.tm_hour,
                   utc.tm_min, utc.tm_sec);
}

void serve_log(struct serve *serve, const sse_request *request, int status,
               uint64_t len)
{
    char when[40];
    char path[PATH_ROOM];
    char size[24] = "-";
    char line[PATH_ROOM + 256];
    if (serve->log_fd < 0) {
        return;
    }
    const char *const sent = sse_request_path(request);
    (void)say_visible(sent, strlen(sent), path, sizeof path);
    if (len != UINT64_MAX) {
        (void)snprintf(size, sizeof size, "%llu", (unsigned long long)len);
    }
    write_time(when, sizeof when);
    const int n = snprintf(line, sizeof line,
                           "%s - - [%s] \"%s %s %s\" %d %s\n",
                           sse_request_peer(request), when,
                           sse_request_method(request), path,
                           sse_request_version(request), status, size);
    /* Neither a full disk nor a reader of the log that does not read may hold
     * up the service: such lines are left out. */
    struct pollfd room = {serve->log_fd, POLLOUT, 0};
    if (n > 0 && (size_t)n < sizeof line && poll(&room, 1, 0) == 1 &&
        (room.revents & POLLOUT) != 0) {
        (void)!write(serve->log_fd, line, (size_t)n);
    }
}
