/*
 * hub_reading.c - see hub_reading.h.
 *
 * SPDX-License-Identifier: MIT
 */
#include "hub_reading.h"

#include "adapters/sock/chunked.h"

#include <stdlib.h>
#include <string.h>

/* What a reader makes of it: lines of the blocks that are whole. */
struct reading {
    const struct history *all;
    const struct sub *sub;
    unsigned last;      /* number of the last event it got or was told of */
    unsigned got;       /* number of the last event that it got */
    unsigned gaps;
    int open;           /* where it goes on is not known yet */
};

static unsigned number_of(const struct history *all, const char *id,
                          size_t len)
{
    for (unsigned i = 0; i < all->count; i++) {
        if (fuzz_same(all->list[i].id, strlen(all->list[i].id), id, len)) {
            return all->list[i].number;
        }
    }
    FUZZ_REQUIRE(len > 2 && memcmp(id, "p-", 2) == 0);
    return (unsigned)strtoul(id + 2, NULL, 10);
}

/* Nothing of its topics lies between two numbers. */
static int is_next(const struct history *all, const struct sub *sub,
                   unsigned after, unsigned number)
{
    for (unsigned i = after; i + 1 < number; i++) {
        if ((sub->topics >> all->list[i].topic & 1u) != 0) {
            return 0;
        }
    }
    return 1;
}

static void on_block(struct reading *r, const char *id, size_t id_len,
                     int is_gap)
{
    const unsigned number = number_of(r->all, id, id_len);
    if (is_gap) {
        FUZZ_REQUIRE(r->sub->asks || r->all->may_skip);
        r->gaps++;
        r->open = 1;
        r->last = number;
        return;
    }
    FUZZ_REQUIRE(number >= 1 && number <= r->all->count && number > r->got);
    FUZZ_REQUIRE((r->sub->topics >> r->all->list[number - 1].topic & 1u) != 0);
    /* Behind a gap it may begin before what was lost, never behind it. */
    FUZZ_REQUIRE(r->open && number <= r->last
                     ? 1
                     : is_next(r->all, r->sub, r->last, number));
    if (!r->open || number > r->last) {
        r->open = 0;
        r->last = number;
    }
    r->got = number;
}

static void read_blocks(struct reading *r, const char *text, size_t len)
{
    const char *id = NULL;
    size_t id_len = 0;
    int is_gap = 0;
    int has_data = 0;
    size_t at = 0;
    while (at < len) {
        const char *const line = text + at;
        const char *const end = (const char *)memchr(line, '\n', len - at);
        if (end == NULL) {
            return;
        }
        const size_t line_len = (size_t)(end - line);
        at += line_len + 1;
        if (line_len == 0) {
            FUZZ_REQUIRE(!has_data || id != NULL);
            if (has_data) {
                on_block(r, id, id_len, is_gap);
            }
            id = NULL;
            is_gap = 0;
            has_data = 0;
        } else if (line_len > 4 && memcmp(line, "id: ", 4) == 0) {
            id = line + 4;
            id_len = line_len - 4;
        } else if (fuzz_same(line, line_len, "event: gap", 10)) {
            is_gap = 1;
        } else if (line_len >= 6 && memcmp(line, "data: ", 6) == 0) {
            has_data = 1;
        } else {
            FUZZ_REQUIRE(fuzz_same(line, line_len, ":", 1));
        }
    }
}

/* The payload, and whether the mark of the end came. */
static int unchunk(const struct sub *sub, struct fuzz_text *text)
{
    const char *at = sub->wire.bytes;
    size_t left = sub->wire.len;
    const size_t head = left < 4 ? left : 4;
    sse_priv_chunked chunked;
    sse_status status = SSE_INCOMPLETE;
    FUZZ_REQUIRE(memcmp(at == NULL ? "" : at, "HEAD", head) == 0);
    sse_priv_chunked_init(&chunked, 0);
    at += head;
    left -= head;
    if (sub->raw) {
        fuzz_text_add(text, at, left);
        return 0;
    }
    while (left > 0) {
        size_t used = 0;
        sse_piece data;
        FUZZ_REQUIRE(status == SSE_INCOMPLETE);
        status = sse_priv_chunked_feed(&chunked, at, left, &used, &data);
        FUZZ_REQUIRE(status == SSE_INCOMPLETE || status == SSE_OK);
        fuzz_text_add(text, data.base, data.len);
        at += used;
        left -= used;
    }
    return status == SSE_OK;
}

void hub_reading_check(const struct history *history, const struct sub *sub,
                       int to_the_end)
{
    struct fuzz_text text;
    struct reading r = {history, sub, sub->start, 0, 0, 0};
    memset(&text, 0, sizeof text);
    if (sub->wire.len == 0) {
        return;
    }
    const int is_clean = unchunk(sub, &text);
    FUZZ_REQUIRE(!is_clean || sub->was_ended);
    read_blocks(&r, text.bytes, text.len);
    if (to_the_end) {
        FUZZ_REQUIRE(!sub->asks || sub->knows || r.gaps > 0);
        FUZZ_REQUIRE(is_next(history, sub, r.last, history->count + 1));
    }
    fuzz_text_free(&text);
}
