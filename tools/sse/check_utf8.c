/*
 * check_utf8.c - where ill-formed UTF-8 and NULs stand.
 *
 * SPDX-License-Identifier: MIT
 */
#include "check.h"

#include <string.h>

/* Is a character under way? */
static int is_pending(const sse_utf8 *utf8)
{
    sse_utf8 copy = *utf8;
    char dst[4];
    size_t written = 0;
    (void)sse_utf8_finish(&copy, dst, sizeof dst, &written);
    return written > 0;
}

static void validate(sse_utf8 *utf8, const char *bytes, size_t len)
{
    size_t consumed = 0;
    size_t written = 0;
    (void)sse_utf8_repair(utf8, bytes, len, &consumed, NULL, 0, &written);
}

/* Where the ill-formed sequence begins: the bytes again, one by one. */
static uint64_t find(struct check *check, const sse_utf8 *before,
                     const char *bytes, size_t len)
{
    sse_utf8 utf8 = *before;
    uint64_t from =
        is_pending(&utf8) ? check->pending_at : check->offset;
    for (size_t i = 0; i < len; i++) {
        const uint64_t errors = utf8.errors;
        if (!is_pending(&utf8)) {
            from = check->offset + i;
        }
        validate(&utf8, bytes + i, 1);
        if (utf8.errors != errors) {
            return from;
        }
    }
    return from;
}

/* Keeps the place where a character begins that these bytes do not end. */
static void note_pending(struct check *check, const char *bytes, size_t len)
{
    size_t at = len;
    while (at > 0 && ((unsigned char)bytes[at - 1] & 0xC0) == 0x80) {
        at--;
    }
    if (at > 0) {
        check->pending_at = check->offset + at - 1;
    }
}

static void ill_formed(struct check *check, uint64_t at)
{
    if (!check->ill) {
        check->ill = 1;
        check_find(&check->report, CHECK_UTF8, check->line, at,
                   "ill-formed UTF-8; browsers read U+FFFD in its place");
    }
}

void check_text(struct check *check, const char *bytes, size_t len)
{
    const sse_utf8 before = check->utf8;
    validate(&check->utf8, bytes, len);
    if (check->utf8.errors != before.errors) {
        ill_formed(check, find(check, &before, bytes, len));
    }
    if (is_pending(&check->utf8)) {
        note_pending(check, bytes, len);
    }
    const char *const nul = (const char *)memchr(bytes, '\0', len);
    if (nul != NULL && !check->has_nul) {
        check->has_nul = 1;
        check_find(&check->report, CHECK_NUL, check->line,
                   check->offset + (uint64_t)(nul - bytes),
                   "a NUL byte; it belongs to the text, and many programs "
                   "cut there");
    }
}
