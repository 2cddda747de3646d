/*
 * say.c - messages to people, on stderr.
 *
 * SPDX-License-Identifier: MIT
 */
#define _POSIX_C_SOURCE 200809L

#include "say.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Longest message.  Reasons are short; ids and paths may not be. */
#define MESSAGE_MAX 2048

size_t say_control(const char *text, size_t len)
{
    const unsigned char first = (unsigned char)text[0];
    if (first < 0x20 || first == 0x7F) {
        return 1;
    }
    if (first == 0xC2 && len > 1 && (unsigned char)text[1] >= 0x80 &&
        (unsigned char)text[1] < 0xA0) {
        return 2;
    }
    return 0;
}

size_t say_visible(const char *text, size_t len, char *dst, size_t cap)
{
    static const char hex[] = "0123456789abcdef";
    size_t at = 0;
    size_t n = 0;
    while (at < len) {
        const size_t control = say_control(text + at, len - at);
        const size_t take = control > 0 ? control : 1;
        const size_t need = control > 0 ? 4 * control : 1;
        if (n + need >= cap) {
            break;
        }
        for (size_t i = 0; i < take; i++, at++) {
            const unsigned char byte = (unsigned char)text[at];
            if (control > 0) {
                dst[n++] = '\\';
                dst[n++] = 'x';
                dst[n++] = hex[byte >> 4];
                dst[n++] = hex[byte & 15];
            } else {
                dst[n++] = text[at];
            }
        }
    }
    dst[n] = '\0';
    return n;
}

static void put_all(const char *text, size_t len)
{
    while (len > 0) {
        const ssize_t n = write(STDERR_FILENO, text, len);
        if (n > 0) {
            text += n;
            len -= (size_t)n;
        } else if (n < 0 && errno != EINTR) {
            return; /* nobody is left to be told */
        }
    }
}

static void say_va(const char *prefix, const char *format, va_list args)
{
    char raw[MESSAGE_MAX];
    char line[MESSAGE_MAX + 16];
    const int wanted = vsnprintf(raw, sizeof raw, format, args);
    const size_t len = wanted < 0 ? 0 : strlen(raw);
    size_t n = strlen(prefix);
    memcpy(line, prefix, n);
    n += say_visible(raw, len, line + n, sizeof line - n - 1);
    line[n++] = '\n';
    put_all(line, n);
}

void say(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    say_va("sse: ", format, args);
    va_end(args);
}

void say_more(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    say_va("", format, args);
    va_end(args);
}
