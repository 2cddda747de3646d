/*
 * log.c - one line on stderr for each thing an operator wants to know.
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define LINE_CAP 1024
#define SECRET_HEAD 4 /* bytes of a secret that tell something */

void log_line(const char *format, ...)
{
    char text[LINE_CAP];
    va_list args;
    va_start(args, format);
    int len = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (len < 0) {
        return;
    }
    char line[LINE_CAP];
    size_t used = (size_t)len < sizeof text ? (size_t)len : sizeof text - 1;
    fprintf(stderr, "sse-chat: %s\n",
            log_quote(line, sizeof line, text, used, NULL));
}

/* Bytes of the secret that begin here: all of it, or, where the text was cut,
 * its head. */
static size_t secret_at(const char *bytes, size_t len, const char *secret,
                        size_t secret_len)
{
    size_t common = len < secret_len ? len : secret_len;
    int counts = secret_len > 0 &&
                 (common == secret_len || common >= SECRET_HEAD);
    return counts && memcmp(bytes, secret, common) == 0 ? common : 0;
}

const char *log_quote(char *dst, size_t cap, const char *bytes, size_t len,
                      const char *secret)
{
    size_t secret_len = secret != NULL ? strlen(secret) : 0;
    size_t used = 0;
    size_t i = 0;
    while (i < len && used + 5 < cap) {
        size_t hidden = secret_at(bytes + i, len - i, secret, secret_len);
        if (hidden > 0) {
            memcpy(dst + used, "***", 3);
            used += 3;
            i += hidden;
            continue;
        }
        unsigned char byte = (unsigned char)bytes[i++];
        if (byte >= 0x20 && byte < 0x7F) {
            dst[used++] = (char)byte;
        } else {
            (void)snprintf(dst + used, 5, "\\x%02X", byte);
            used += 4;
        }
    }
    dst[used] = '\0';
    return dst;
}
