/*
 * events.c - the events of one stream, kept to be told again.
 *
 * SPDX-License-Identifier: MIT
 */
#include "http/events.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/ids.h"
#include "base/mem.h"
#include "base/utf8.h"

#define KIND_SHIFT 28 /* EVENTS_MAX is far below 2^28 */
#define END_MASK ((UINT32_C(1) << KIND_SHIFT) - 1)

void events_init(struct events *events, const char *error_type)
{
    unsigned char random[10];
    random_bytes(random, sizeof random);
    memset(events, 0, sizeof *events);
    hex_write(events->nonce, random, 8);
    events->payloads.limit = EVENTS_MAX;
    /* Readers that lost the server together do not come back together. */
    events->retry_ms = 1000 + ((uint32_t)random[8] << 8 | random[9]) % 1000;
    events->error_type = error_type;
}

void events_free(struct events *events)
{
    buf_free(&events->payloads);
    free(events->ends);
    events->ends = NULL;
    events->count = 0;
}

size_t events_settle(struct events *events)
{
    struct buf *payloads = &events->payloads;
    size_t whole = payloads->len + 1;
    if (whole < payloads->cap) {
        payloads->at = (char *)mem_resize(payloads->at, whole, 1);
        payloads->cap = whole;
    }
    if (events->count > 0 && events->count < events->room) {
        events->ends = (uint32_t *)mem_resize(events->ends, events->count,
                                              sizeof *events->ends);
        events->room = events->count;
    }
    return payloads->cap + events->room * sizeof *events->ends;
}

static int add_one(struct events *events, enum event_kind kind,
                   const char *payload, size_t len)
{
    if (buf_add(&events->payloads, payload, len) != 0) {
        return -1;
    }
    if (events->count == events->room) {
        events->room = events->room > 0 ? events->room * 2 : 16;
        events->ends = (uint32_t *)mem_resize(events->ends, events->room,
                                              sizeof *events->ends);
    }
    events->ends[events->count++] =
        (uint32_t)events->payloads.len | (uint32_t)kind << KIND_SHIFT;
    return 0;
}

int events_add(struct events *events, enum event_kind kind,
               const char *payload, size_t len)
{
    int chunk = kind == EVENT_CHUNK || kind == EVENT_TEXT;
    if (len + (chunk ? EVENTS_END : 0) > EVENTS_MAX - events->payloads.len) {
        return -1;
    }
    while (kind == EVENT_TEXT && len > EVENT_TEXT_MAX) {
        size_t cut = utf8_floor(payload, EVENT_TEXT_MAX);
        if (add_one(events, kind, payload, cut) != 0) {
            return -1;
        }
        payload += cut;
        len -= cut;
    }
    return add_one(events, kind, payload, len);
}

size_t events_after(const struct events *events, const char *id)
{
    size_t len = strlen(events->nonce);
    if (id == NULL || strncmp(id, events->nonce, len) != 0 ||
        id[len] != '-' || id[len + 1] == '0') {
        return 0;
    }
    size_t number = 0;
    for (const char *at = id + len + 1; *at != '\0'; at++) {
        if (*at < '0' || *at > '9') {
            return 0;
        }
        number = number * 10 + (size_t)(*at - '0');
        if (number > events->count) {
            return 0;
        }
    }
    return number;
}

static size_t start_of(const struct events *events, size_t index)
{
    return index > 0 ? events->ends[index - 1] & END_MASK : 0;
}

size_t events_bytes_from(const struct events *events, size_t index)
{
    return events->payloads.len - start_of(events, index);
}

void events_write(const struct events *events, size_t index, struct buf *out)
{
    static const char *const types[] = {"start", "progress", "chunk", "chunk",
                                        "done",  NULL};
    size_t kind = events->ends[index] >> KIND_SHIFT;
    size_t start = start_of(events, index);
    size_t len = (events->ends[index] & END_MASK) - start;
    const char *payload = buf_text(&events->payloads) + start;
    const char *type = types[kind] != NULL ? types[kind] : events->error_type;
    char id[EVENT_ID_MAX];
    int id_len =
        snprintf(id, sizeof id, "%s-%zu", events->nonce, index + 1);
    size_t written = 0;
    sse_status status;
    (void)buf_reserve(out, kind == EVENT_TEXT ? 6 * len + 256 : len + 512);
    char *dst = out->at + out->len;
    size_t room = out->cap - out->len;
    if (kind == EVENT_TEXT) {
        status = sse_chunk_write(id, (size_t)id_len, payload, len, dst, room,
                                 &written);
    } else {
        sse_event event = sse_event_with_id(
            sse_event_of_type(type, strlen(type), payload, len), id,
            (size_t)id_len);
        if (index == 0) {
            event = sse_event_with_retry(event, events->retry_ms);
        }
        status = sse_event_write(&event, dst, room, &written);
    }
    if (status == SSE_OK) {
        out->len += written;
    }
}
