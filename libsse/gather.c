/*
 * gather.c - an event as pieces for a gathered write.
 *
 * SPDX-License-Identifier: MIT
 */
#include <sse/writer.h>

#include "mask.h"
#include "scan_copy.h"
#include "sink.h"
#include "writer.h"

/* Even the digits of a number point at constants: each to one of these. */
static const char digit_pieces[] = "0123456789";

typedef struct collector {
    sse_piece *pieces;
    size_t max;
    size_t count; /* wanted, whether or not there was room */
} collector;

static void add(collector *to, const char *base, size_t len)
{
    if (len == 0) {
        return;
    }
    if (to->count < to->max) {
        to->pieces[to->count].base = base;
        to->pieces[to->count].len = len;
    }
    to->count++;
}

static void add_retry(collector *to, uint64_t retry_ms)
{
    char digits[20];
    const size_t len = sse_priv_decimal(retry_ms, digits + sizeof digits);
    for (size_t i = sizeof digits - len; i < sizeof digits; i++) {
        add(to, digit_pieces + (digits[i] - '0'), 1);
    }
}

/* The line end of one field and the name of the next are one piece, so what
 * follows a field starts with "\n" unless the field is the first. */
static void add_name(collector *to, const char *name)
{
    const size_t skip = to->count == 0 ? 1 : 0;
    add(to, name + skip, sse_priv_text_len(name) - skip);
}

/* Reads each byte once, however short the lines are. */
static void add_data(collector *to, const char *text, size_t len)
{
    size_t begin = 0; /* of the line under way */
    add_name(to, "\ndata: ");
    for (size_t at = 0; at < len; at += 64) {
        const size_t n = len - at < 64 ? len - at : 64;
        uint64_t mask = sse_priv_copy_mask(text + at, n);
        for (; mask != 0; mask &= mask - 1) {
            const size_t end = at + SSE_PRIV_CTZ(mask);
            const int goes_on = end > 0 && text[end] == '\n' &&
                                text[end - 1] == '\r';
            if (!goes_on) {
                add(to, text + begin, end - begin);
                add_name(to, "\ndata: ");
            }
            begin = end + 1;
        }
    }
    /* An empty text may be NULL, which nothing is added to. */
    if (begin < len) {
        add(to, text + begin, len - begin);
    }
}

sse_status sse_event_gather(const sse_event *event, sse_piece *pieces,
                            size_t max, size_t *count)
{
    if (count == NULL) {
        return SSE_ERR_INVALID;
    }
    *count = 0;
    const sse_status status = sse_priv_event_check(event);
    if (status != SSE_OK) {
        return status;
    }
    if (pieces == NULL && max > 0) {
        return SSE_ERR_INVALID;
    }
    collector to = {pieces, max, 0};
    if ((event->fields & SSE_FIELD_TYPE) != 0) {
        add_name(&to, "\nevent: ");
        add(&to, event->type, event->type_len);
    }
    if ((event->fields & SSE_FIELD_ID) != 0) {
        add_name(&to, "\nid: ");
        add(&to, event->id, event->id_len);
    }
    if ((event->fields & SSE_FIELD_RETRY) != 0) {
        add_name(&to, "\nretry: ");
        add_retry(&to, event->retry_ms);
    }
    if ((event->fields & SSE_FIELD_DATA) != 0) {
        add_data(&to, event->data, event->data_len);
    }
    add(&to, "\n\n", 2);
    *count = to.count;
    return to.count <= max ? SSE_OK : SSE_ERR_NO_SPACE;
}
