/*
 * check_stream.c - lines into the parser, and what it counts for each.
 *
 * SPDX-License-Identifier: MIT
 */
#include "check.h"

#include <string.h>

enum { END_LF = 1, END_CR = 2, END_CRLF = 3 };

void check_begin(struct check *check)
{
    check->line = 1;
    sse_utf8_init(&check->utf8);
    check_set_hooks(check);
}

/* Text of the line under way as the parser gets it. */
static int feed_some(struct check *check, const char *bytes, size_t len)
{
    size_t consumed = 0;
    check_text(check, bytes, len);
    const sse_status status =
        sse_parser_feed(&check->parser, bytes, len, &consumed);
    check->offset += len;
    return status != SSE_OK;
}

/* A retry line that does not count: why. */
static void bad_retry(struct check *check, size_t len)
{
    const char *value = (const char *)memchr(check->prefix, ':', len);
    const size_t rest =
        value != NULL ? len - (size_t)(value - check->prefix) - 1 : 0;
    size_t from = 0;
    value = value != NULL ? value + 1 : check->prefix;
    from += rest > 0 && value[0] == ' ';
    size_t digits = from;
    while (digits < rest && value[digits] >= '0' && value[digits] <= '9') {
        digits++;
    }
    check_find(&check->report, CHECK_RETRY, check->line, check->line_at,
               rest == from ? "a reconnection time without a value is ignored"
               : digits == rest
                   ? "a reconnection time beyond 64 bits is ignored"
                   : "a reconnection time that is not digits alone is "
                     "ignored");
}

/* What the counters say of the line that has just ended. */
static void look_at_line(struct check *check)
{
    const sse_quirks *const now = &check->quirks;
    const sse_quirks *const before = &check->before;
    struct check_report *const report = &check->report;
    const uint64_t line = check->line;
    const uint64_t at = check->line_at;
    const size_t kept = check->line_len < CHECK_PREFIX
                            ? (size_t)check->line_len : CHECK_PREFIX;
    if (now->byte_order_marks > before->byte_order_marks) {
        check_find(report, CHECK_BOM, line, 0,
                   "a byte order mark; it is dropped");
    }
    if (now->nul_ids > before->nul_ids) {
        check_find(report, CHECK_ID_NUL, line, at,
                   "an id with a NUL byte is ignored; the older id stays");
    }
    if (now->bad_retries > before->bad_retries) {
        bad_retry(check, kept);
    }
    if (now->no_colon > before->no_colon) {
        check_find(report, CHECK_NO_COLON, line, at,
                   "a field without a colon; its value is empty");
    }
    if (check->line_len > 0 && now->comments == before->comments &&
        check->retry_line != line) {
        check->block_more = 1;
    }
    if (now->empty_blocks > before->empty_blocks && check->block_more) {
        check_find(report, CHECK_NO_DATA, check->block_line, check->block_at,
                   "a block without data makes no event");
    }
    if (check->line_len > CHECK_LONG_LINE) {
        check_find(report, CHECK_LINE_LONG, line, at,
                   "a line of %llu bytes; readers with a buffer of 64 KiB "
                   "for a line fail here", (unsigned long long)check->line_len);
    }
}

/* The end of the line before: told once, where it is not that of the first
 * line. */
static void look_at_end(struct check *check, int kind)
{
    static const char *const names[] = {"", "LF", "CR", "CRLF"};
    if (check->end_kind == 0) {
        check->end_kind = kind;
        if (kind != END_LF) {
            check_find(&check->report, CHECK_LINE_END, check->line - 1,
                       check->ended_at, "lines end in %s", names[kind]);
        }
    } else if (check->end_kind > 0 && kind != check->end_kind) {
        check_find(&check->report, CHECK_LINE_END, check->line - 1,
                   check->ended_at, "line ends are mixed: %s after %s",
                   names[kind], names[check->end_kind]);
        check->end_kind = -1;
    }
}

/* The line under way has ended; the one behind it begins. */
static void next_line(struct check *check)
{
    look_at_line(check);
    if (check->line_len == 0) {
        check->block_line = 0;
        check->block_more = 0;
    }
    check->before = check->quirks;
    check->line++;
    check->ended_at = check->line_at;
    check->line_at = check->offset;
    check->line_len = 0;
    check->has_colon = 0;
    check->has_nul = 0;
    check->ill = 0;
}

static size_t line_length(const char *bytes, size_t len)
{
    const char *const lf = (const char *)memchr(bytes, '\n', len);
    const size_t most = lf != NULL ? (size_t)(lf - bytes) : len;
    const char *const cr = (const char *)memchr(bytes, '\r', most);
    return cr != NULL ? (size_t)(cr - bytes) : most;
}

/* Text of a line, without its end. */
static void keep_text(struct check *check, const char *bytes, size_t len)
{
    if (check->line_len < CHECK_PREFIX) {
        const size_t room = CHECK_PREFIX - (size_t)check->line_len;
        memcpy(check->prefix + check->line_len, bytes,
               len < room ? len : room);
    }
    if (check->block_line == 0 && len > 0) {
        check->block_line = check->line;
        check->block_at = check->line_at;
    }
    if (!check->has_colon && memchr(bytes, ':', len) != NULL) {
        check->has_colon = 1;
    }
    check->line_len += len;
}

int check_feed(struct check *check, const char *bytes, size_t len)
{
    size_t at = 0;
    while (at < len) {
        if (check->last_cr) {
            /* Only now it is known what the line before ended in. */
            const int both = bytes[at] == '\n';
            check->last_cr = 0;
            look_at_end(check, both ? END_CRLF : END_CR);
            if (both) {
                if (feed_some(check, bytes + at, 1)) {
                    return 1;
                }
                at++;
                check->line_at = check->offset;
                check->before = check->quirks;
                continue;
            }
        }
        const size_t n = line_length(bytes + at, len - at);
        const int ends = n < len - at;
        keep_text(check, bytes + at, n);
        if (feed_some(check, bytes + at, n + (size_t)ends)) {
            return 1;
        }
        at += n;
        if (ends) {
            next_line(check);
            if (bytes[at] == '\n') {
                look_at_end(check, END_LF);
            } else {
                check->last_cr = 1;
            }
            at++;
        }
    }
    return 0;
}

int check_end(struct check *check, int clean)
{
    struct check_report *const report = &check->report;
    const sse_status status = sse_parser_finish(&check->parser, clean);
    if (check->last_cr) {
        look_at_end(check, END_CR);
    }
    /* What never ended may never have been a stream. */
    if (check->line_len > 0 && memchr("{[<", check->prefix[0], 3) != NULL) {
        check_field(check, check->prefix, check_name(check));
    }
    if (check->offset == 0) {
        check_find(report, CHECK_EMPTY, 1, 0, "the stream is empty");
    }
    if (status == SSE_INCOMPLETE) {
        check_find(report, CHECK_UNFINISHED,
                   check->block_line > 0 ? check->block_line : check->line,
                   check->block_line > 0 ? check->block_at : check->line_at,
                   check->line_len > 0
                       ? "the stream ends within this event, in the middle of "
                         "a line; readers discard it"
                       : "the stream ends within this event: its blank line "
                         "is missing; readers discard it");
        return 1;
    }
    if (check->line_len > 0) {
        check_find(report, CHECK_LAST_LINE, check->line, check->line_at,
                   "the last line has no line end");
    }
    return 0;
}
