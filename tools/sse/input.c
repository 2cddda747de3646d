/*
 * input.c - reading a file or standard input, while watching for the end of
 * the output and for signals.
 *
 * SPDX-License-Identifier: MIT
 */
#define _POSIX_C_SOURCE 200809L

#include "input.h"

#include "say.h"
#include "stop.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

const char *input_name(const char *name)
{
    return strcmp(name, "-") == 0 ? "standard input" : name;
}

int input_open(const char *name, int url_too)
{
    if (strcmp(name, "-") == 0) {
        return STDIN_FILENO;
    }
    struct stat about;
    const int fd = open(name, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0) {
        const int error = errno;
        const int bare =
            url_too && error == ENOENT && *name != '/' && *name != '.';
        say("%s: %s%s", name, strerror(error),
            bare ? " (a URL begins with http:// or https://)" : "");
        return -1;
    }
    if (fstat(fd, &about) == 0 && S_ISDIR(about.st_mode)) {
        say("%s: is a directory; name a file%s", name,
            url_too ? ", `-` or a URL" : " or `-`");
        (void)close(fd);
        return -1;
    }
    return fd;
}

void input_close(int fd)
{
    if (fd > STDERR_FILENO) {
        (void)close(fd);
    }
}

/* Waits until a read will not block.  Regular files are always ready; a
 * descriptor that cannot be polled is taken to be. */
static int wait_readable(int fd, struct out *out)
{
    for (;;) {
        if (stop_asked() != 0) {
            return 0;
        }
        struct pollfd fds[3] = {{fd, POLLIN, 0},
                                {stop_fd(), POLLIN, 0},
                                {out != NULL ? out->fd : -1, 0, 0}};
        const int n = poll(fds, 3, -1);
        if (n < 0 && errno != EINTR) {
            return 1;
        }
        if (n > 0 && fds[2].revents != 0 && out != NULL && out_check(out)) {
            return 0;
        }
        if (n > 0 && fds[0].revents != 0) {
            return 1;
        }
    }
}

enum input_state input_read(int fd, struct out *out, char *buffer, size_t cap,
                            size_t *len)
{
    *len = 0;
    for (;;) {
        if (!wait_readable(fd, out)) {
            return INPUT_STOPPED;
        }
        const ssize_t n = read(fd, buffer, cap);
        if (n > 0) {
            *len = (size_t)n;
            return INPUT_DATA;
        }
        if (n == 0) {
            return INPUT_END;
        }
        if (errno != EINTR && errno != EAGAIN && errno != EWOULDBLOCK) {
            return INPUT_FAILED;
        }
    }
}

/* Reads to the end into memory that grows.  What input_read() said last. */
static enum input_state read_all(int fd, size_t most, char **bytes,
                                 size_t *len)
{
    size_t cap = 65536;
    enum input_state state = INPUT_DATA;
    *len = 0;
    *bytes = (char *)malloc(cap);
    while (*bytes != NULL && state == INPUT_DATA && *len <= most) {
        size_t n = 0;
        if (cap - *len < 2) {
            char *const larger = (char *)realloc(*bytes, 2 * cap);
            if (larger == NULL) {
                free(*bytes);
                *bytes = NULL;
                break;
            }
            *bytes = larger;
            cap *= 2;
        }
        state = input_read(fd, NULL, *bytes + *len, cap - *len - 1, &n);
        *len += n;
    }
    return state;
}

char *input_all(const char *name, size_t most, size_t *len)
{
    char *bytes = NULL;
    const int fd = input_open(name, 0);
    if (fd < 0) {
        return NULL;
    }
    const enum input_state state = read_all(fd, most, &bytes, len);
    if (state == INPUT_FAILED) {
        say("%s: %s", input_name(name), strerror(errno));
    } else if (state == INPUT_STOPPED) {
        say("interrupted");
    } else if (bytes == NULL) {
        say("%s: out of memory", input_name(name));
    } else if (*len > most) {
        say("%s: larger than %llu bytes", input_name(name),
            (unsigned long long)most);
    } else {
        input_close(fd);
        return bytes;
    }
    input_close(fd);
    free(bytes);
    return NULL;
}
