/*
 * out.c - buffered output on one descriptor, with errors that are never lost.
 *
 * SPDX-License-Identifier: MIT
 */
#define _POSIX_C_SOURCE 200809L

#include "out.h"

#include "base64.h"
#include "stop.h"
#include "tool.h"

#include <sse/writer.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* How long a reader that does not read may hold up the end, once a signal has
 * asked for it. */
#define STOP_GRACE_MS 1000

/* A pipe that polls writable takes this much without blocking: the smallest
 * PIPE_BUF that POSIX allows. */
#define PIECE_MAX 512

void out_init(struct out *out, int fd)
{
    out->fd = fd;
    out->error = 0;
    out->state = OUT_OPEN;
    out->len = 0;
}

static int64_t now_ms(void)
{
    struct timespec now = {0, 0};
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Waits until a write will not block, or until the deadline once a signal has
 * come.  Not 0 when writing makes sense. */
static int wait_writable(const struct out *out, int64_t *deadline)
{
    for (;;) {
        const int stopping = stop_asked() != 0;
        if (stopping && *deadline == 0) {
            *deadline = now_ms() + STOP_GRACE_MS;
        }
        struct pollfd fds[2] = {{out->fd, POLLOUT, 0},
                                {stop_fd(), POLLIN, 0}};
        const int64_t left = stopping ? *deadline - now_ms() : -1;
        if (stopping && left <= 0) {
            return 0;
        }
        const int n = poll(fds, stopping ? 1 : 2, (int)left);
        if (n > 0 && fds[0].revents != 0) {
            return 1;
        }
        if (n == 0 || (n < 0 && errno != EINTR)) {
            return n != 0;
        }
    }
}

static void write_all(struct out *out, const char *text, size_t len)
{
    int64_t deadline = 0;
    int blocked = 0;
    while (len > 0 && out->state == OUT_OPEN) {
        const int stopping = stop_asked() != 0;
        if ((stopping || blocked) && !wait_writable(out, &deadline)) {
            out->state = OUT_STUCK;
            return;
        }
        const size_t most = stopping && len > PIECE_MAX ? PIECE_MAX : len;
        const ssize_t n = write(out->fd, text, most);
        blocked = n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
        if (n >= 0) {
            text += n;
            len -= (size_t)n;
        } else if (!blocked && errno != EINTR) {
            out->error = errno;
            out->state = errno == EPIPE ? OUT_GONE : OUT_FAILED;
        }
    }
}

int out_flush(struct out *out)
{
    if (out->state == OUT_OPEN) {
        write_all(out, out->buffer, out->len);
    }
    out->len = 0;
    return out->state != OUT_OPEN;
}

int out_check(struct out *out)
{
    struct pollfd fd = {out->fd, 0, 0};
    if (out->state == OUT_OPEN && poll(&fd, 1, 0) > 0) {
        if ((fd.revents & (POLLERR | POLLHUP)) != 0) {
            out->state = OUT_GONE;
        } else if (fcntl(out->fd, F_GETFD) < 0) {
            out->error = errno;
            out->state = OUT_FAILED;
        }
    }
    return out->state != OUT_OPEN;
}

void out_put(struct out *out, const char *text, size_t len)
{
    if (len > sizeof out->buffer - out->len) {
        (void)out_flush(out);
        if (len >= sizeof out->buffer) {
            write_all(out, text, len);
            return;
        }
    }
    if (len > 0) {
        memcpy(out->buffer + out->len, text, len);
        out->len += len;
    }
}

void out_text(struct out *out, const char *text)
{
    out_put(out, text, strlen(text));
}

void out_number(struct out *out, uint64_t number)
{
    char digits[24];
    const int n = snprintf(digits, sizeof digits, "%llu",
                           (unsigned long long)number);
    out_put(out, digits, n > 0 ? (size_t)n : 0);
}

/* Bytes to escape next, at most `most`: no well-formed character is cut, and
 * no ill-formed subpart either.  Such a unit has at most three bytes behind
 * its first; a fourth continuation byte begins a unit of its own. */
static size_t whole_characters(const char *text, size_t len, size_t most)
{
    if (len <= most) {
        return len;
    }
    for (size_t n = most; n > most - 4; n--) {
        if (((unsigned char)text[n] & 0xC0) != 0x80) {
            return n;
        }
    }
    return most;
}

void out_json(struct out *out, const char *text, size_t len)
{
    char escaped[6 * 1024];
    out_put(out, "\"", 1);
    for (size_t at = 0; at < len && out->state == OUT_OPEN;) {
        const size_t n = whole_characters(text + at, len - at,
                                          sizeof escaped / 6);
        size_t written = 0;
        (void)sse_json_escape(text + at, n, escaped, sizeof escaped, &written);
        out_put(out, escaped, written);
        at += n;
    }
    out_put(out, "\"", 1);
}

void out_base64(struct out *out, const char *bytes, size_t len)
{
    char text[BASE64_SIZE(3 * 1024)];
    out_put(out, "\"", 1);
    for (size_t at = 0; at < len && out->state == OUT_OPEN;) {
        const size_t n = len - at < 3 * 1024 ? len - at : 3 * 1024;
        out_put(out, text, base64_encode(bytes + at, n, text));
        at += n;
    }
    out_put(out, "\"", 1);
}

const char *out_reason(const struct out *out)
{
    switch (out->state) {
    case OUT_GONE:
        return "the reader of the output is gone";
    case OUT_FAILED:
        return strerror(out->error);
    case OUT_STUCK:
        return "the reader of the output does not read";
    case OUT_OPEN:
        break;
    }
    return "";
}

int out_exit(const struct out *out)
{
    switch (out->state) {
    case OUT_FAILED:
        return TOOL_FAILED;
    case OUT_STUCK:
        return TOOL_SIGNAL + stop_asked();
    case OUT_OPEN:
    case OUT_GONE:
        break;
    }
    return TOOL_OK;
}
