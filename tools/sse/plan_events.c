/*
 * plan_events.c - where the events of a stream end, and which ids they have.
 *
 * SPDX-License-Identifier: MIT
 */
#include "plan.h"

#include <sse/parser.h>

#include <stdlib.h>
#include <string.h>

/* Longest id and event type that are looked at. */
#define NAME_MAX_BYTES ((size_t)1 << 20)

/* Room for `len` more ids' bytes and one event more. */
static int reserve(struct plan *plan, size_t len)
{
    if (plan->event_count == plan->event_cap) {
        const size_t cap = plan->event_cap > 0 ? 2 * plan->event_cap : 256;
        struct plan_event *const larger = (struct plan_event *)realloc(
            plan->events, cap * sizeof *larger);
        if (larger == NULL) {
            return -1;
        }
        plan->events = larger;
        plan->event_cap = cap;
    }
    if (len > plan->ids_cap - plan->ids_len) {
        const size_t cap = 2 * (plan->ids_cap + len) + 4096;
        char *const larger = (char *)realloc(plan->ids, cap);
        if (larger == NULL) {
            return -1;
        }
        plan->ids = larger;
        plan->ids_cap = cap;
    }
    return 0;
}

/* A blank line may end in CRLF, of which the offset counts the CR alone. */
static int on_event(const sse_event *event, void *user)
{
    struct plan *const plan = (struct plan *)user;
    size_t end = (size_t)event->offset;
    if (end < plan->len && plan->bytes[end - 1] == '\r' &&
        plan->bytes[end] == '\n') {
        end++;
    }
    if (reserve(plan, event->id_len) < 0) {
        plan->failed = 1;
        return SSE_STOP;
    }
    struct plan_event *const made = &plan->events[plan->event_count++];
    made->end = end;
    made->has_id = (event->fields & SSE_FIELD_ID) != 0;
    made->id_at = plan->ids_len;
    made->id_len = made->has_id ? event->id_len : 0;
    if (made->id_len > 0) {
        memcpy(plan->ids + plan->ids_len, event->id, made->id_len);
        plan->ids_len += made->id_len;
    }
    return SSE_GO;
}

int plan_find_events(struct plan *plan)
{
    const size_t cap = 4 * NAME_MAX_BYTES + plan->len + 65536;
    char *const scratch = (char *)malloc(cap);
    sse_parser parser;
    size_t consumed = 0;
    if (scratch == NULL) {
        return -1;
    }
    (void)sse_parser_init(&parser, scratch, cap, on_event, plan);
    (void)sse_parser_set_limits(&parser, NAME_MAX_BYTES, NAME_MAX_BYTES);
    (void)sse_parser_feed(&parser, plan->bytes, plan->len, &consumed);
    free(scratch);
    return plan->failed ? -1 : 0;
}

size_t plan_find_id(const struct plan *plan, const char *id, size_t len)
{
    for (size_t i = plan->event_count; i > 0; i--) {
        const struct plan_event *const event = &plan->events[i - 1];
        if (event->has_id && event->id_len == len &&
            memcmp(plan->ids + event->id_at, id, len) == 0) {
            return event->end;
        }
    }
    return SIZE_MAX;
}
