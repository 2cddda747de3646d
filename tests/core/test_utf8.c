/*
 * test_utf8.c - ill-formed text repaired alike however it is cut and however
 * little room there is.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/support/check.h"

#include <sse/utf8.h>

#include <string.h>

#define OK(truth, name) ((void)check_that(truth, name))
#define BAD "\xEF\xBF\xBD"

static const struct row {
    const char *name;
    const char *text;
    size_t len;
    const char *want;
    unsigned errors;
} rows[] = {
    {"nothing", "", 0, "", 0},
    {"ASCII with NUL and line ends", "a\0\r\nz", 5, "a\0\r\nz", 0},
    {"all lengths", "\x7F\xC2\x80\xE0\xA0\x80\xF0\x90\x80\x80", 10,
     "\x7F\xC2\x80\xE0\xA0\x80\xF0\x90\x80\x80", 0},
    {"the last of all", "\xF4\x8F\xBF\xBF", 4, "\xF4\x8F\xBF\xBF", 0},
    {"a byte order mark stays", "\xEF\xBB\xBFx", 4, "\xEF\xBB\xBFx", 0},
    {"stray continuations", "\x80\xBFx", 3, BAD BAD "x", 2},
    {"a surrogate", "\xED\xA0\x80", 3, BAD BAD BAD, 3},
    {"overlong", "\xC0\x80\xE0\x80\x80\xF0\x80\x80\x80", 9,
     BAD BAD BAD BAD BAD BAD BAD BAD BAD, 9},
    {"beyond the last", "\xF4\x90\x80\x80\xF8", 5, BAD BAD BAD BAD BAD, 5},
    {"one maximal subpart", "a\xF1\x80\x80z", 5, "a" BAD "z", 1},
    {"a lead fails a lead", "\xE2\x82\xE2\x82\xAC", 5, BAD "\xE2\x82\xAC", 1},
    {"leads alone", "\xF0\xF0\xF0", 3, BAD BAD BAD, 3},
    {"cut short", "a\xF0\x9F\x98", 4, "a" BAD, 1},
};

/* Repairs in pieces of `chunk`, with `cap` bytes of room a call. */
static int repairs(const struct row *r, size_t chunk, size_t cap)
{
    char got[64];
    size_t len = 0;
    sse_utf8 utf8;
    sse_utf8_init(&utf8);
    for (size_t at = 0; at < r->len; at += chunk) {
        const char *piece = r->text + at;
        size_t left = r->len - at < chunk ? r->len - at : chunk;
        sse_status status = SSE_NEED_SPACE;
        for (int turn = 0; turn < 40 && status == SSE_NEED_SPACE; turn++) {
            size_t used = 0;
            size_t written = 0;
            status = sse_utf8_repair(&utf8, piece, left, &used, got + len,
                                     cap, &written);
            if (written > cap || used > left) {
                return 0;
            }
            piece += used;
            left -= used;
            len += written;
        }
        if (status != SSE_OK || left != 0) {
            return 0;
        }
    }
    size_t written = 0;
    if (sse_utf8_finish(&utf8, got + len, 12, &written) != SSE_OK) {
        return 0;
    }
    len += written;
    const size_t want = r->len == 5 && r->text[1] == '\0' ? 5
                                                          : strlen(r->want);
    return len == want && memcmp(got, r->want, want) == 0 &&
           utf8.errors == r->errors;
}

static int counts(const struct row *r, size_t chunk)
{
    sse_utf8 utf8;
    size_t used = 0;
    size_t written = 9;
    sse_utf8_init(&utf8);
    for (size_t at = 0; at < r->len; at += chunk) {
        const size_t left = r->len - at < chunk ? r->len - at : chunk;
        if (sse_utf8_repair(&utf8, r->text + at, left, &used, NULL, 0,
                            &written) != SSE_OK ||
            used != left || written != 0) {
            return 0;
        }
    }
    return sse_utf8_finish(&utf8, NULL, 0, &written) == SSE_OK &&
           utf8.errors == r->errors;
}

int main(void)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int good = 1;
        for (size_t chunk = 1; chunk <= 11; chunk++) {
            for (size_t cap = 4; cap <= 48; cap++) {
                good = good && repairs(&rows[i], chunk, cap);
            }
            good = good && counts(&rows[i], chunk);
        }
        (void)check_that(good, "%s", rows[i].name);
    }
    sse_utf8 utf8;
    char dst[16];
    size_t used = 3;
    size_t written = 3;
    sse_utf8_init(&utf8);
    OK(sse_utf8_repair(NULL, "a", 1, &used, dst, 16, &written) ==
               SSE_ERR_INVALID &&
           used == 0 && written == 0 &&
           sse_utf8_repair(&utf8, NULL, 1, &used, dst, 16, &written) ==
               SSE_ERR_INVALID &&
           sse_utf8_repair(&utf8, "a", 1, NULL, dst, 16, &written) ==
               SSE_ERR_INVALID &&
           sse_utf8_repair(&utf8, "a", 1, &used, dst, 16, NULL) ==
               SSE_ERR_INVALID &&
           sse_utf8_finish(NULL, dst, 16, &written) == SSE_ERR_INVALID &&
           sse_utf8_finish(&utf8, dst, 16, NULL) == SSE_ERR_INVALID,
       "arguments");
    (void)sse_utf8_repair(&utf8, "\xE2\x82", 2, &used, dst, 16, &written);
    OK(sse_utf8_finish(&utf8, dst, 2, &written) == SSE_ERR_NO_SPACE &&
           written == 0 && utf8.errors == 0 &&
           sse_utf8_finish(&utf8, dst, 3, &written) == SSE_OK &&
           written == 3 && utf8.errors == 1,
       "finish writes all or nothing");
    return check_end();
}
