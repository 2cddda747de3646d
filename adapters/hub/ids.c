/*
 * ids.c - ids of the hub's own: a prefix of this start, and a number.
 *
 * SPDX-License-Identifier: MIT
 */
#define _GNU_SOURCE

#include "ids.h"

#include <fcntl.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* Seven digits of milliseconds come back after 2.5 years, nine after 3200. */
#define TIME_DIGITS 9u
#define CHANCE_DIGITS 5u

static void write_base36(char *dst, size_t digits, uint64_t value)
{
    while (digits-- > 0) {
        dst[digits] = "0123456789abcdefghijklmnopqrstuvwxyz"[value % 36];
        value /= 36;
    }
}

uint64_t sse_priv_chance(void)
{
    struct timespec now = {0, 0};
    uint64_t chance = 0;
    const int fd = open("/dev/urandom", O_RDONLY | O_CLOEXEC);
    if (fd < 0 || read(fd, &chance, sizeof chance) != sizeof chance) {
        (void)clock_gettime(CLOCK_REALTIME, &now);
        chance = (uint64_t)now.tv_nsec * 2654435761u + (uint64_t)getpid();
    }
    if (fd >= 0) {
        (void)close(fd);
    }
    return chance;
}

/* The time makes a prefix differ from those before; chance, from those of
 * other hubs started at the same moment, and where the clock was set back. */
static size_t make_prefix(char *dst)
{
    struct timespec now = {0, 0};
    (void)clock_gettime(CLOCK_REALTIME, &now);
    const uint64_t ms = (uint64_t)now.tv_sec * 1000u +
                        (uint64_t)now.tv_nsec / 1000000u;
    write_base36(dst, TIME_DIGITS, ms);
    write_base36(dst + TIME_DIGITS, CHANCE_DIGITS, sse_priv_chance());
    return TIME_DIGITS + CHANCE_DIGITS;
}

int sse_priv_ids_init(sse_priv_ids *ids, const char *prefix)
{
    memset(ids, 0, sizeof *ids);
    if (prefix == NULL) {
        ids->prefix_len = make_prefix(ids->prefix);
    } else {
        const size_t len = strlen(prefix);
        if (len == 0 || len > sizeof ids->prefix - 2) {
            return 0;
        }
        for (size_t i = 0; i < len; i++) {
            if (prefix[i] < 0x21 || prefix[i] > 0x7e) {
                return 0;
            }
        }
        memcpy(ids->prefix, prefix, len);
        ids->prefix_len = len;
    }
    ids->prefix[ids->prefix_len++] = '-';
    return 1;
}

size_t sse_priv_ids_write(const sse_priv_ids *ids, uint64_t number,
                          char dst[SSE_PRIV_OWN_ID])
{
    char digits[20];
    size_t n = 0;
    do {
        digits[n++] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    size_t at = ids->prefix_len;
    memcpy(dst, ids->prefix, at);
    while (n > 0) {
        dst[at++] = digits[--n];
    }
    dst[at] = '\0';
    return at;
}

int sse_priv_ids_read(const sse_priv_ids *ids, const char *id, size_t len,
                      uint64_t *number)
{
    if (len <= ids->prefix_len || len > ids->prefix_len + 19 ||
        memcmp(id, ids->prefix, ids->prefix_len) != 0 ||
        (id[ids->prefix_len] == '0' && len > ids->prefix_len + 1)) {
        return 0;
    }
    uint64_t n = 0;
    for (size_t i = ids->prefix_len; i < len; i++) {
        if (id[i] < '0' || id[i] > '9') {
            return 0;
        }
        n = n * 10 + (uint64_t)(id[i] - '0');
    }
    *number = n;
    return n <= ids->last;
}
