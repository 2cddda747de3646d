/*
 * plan.c - what a replay sends and when.
 *
 * SPDX-License-Identifier: MIT
 */
#include "plan.h"

#include "say.h"

#include <stdlib.h>
#include <string.h>

static int add_piece(struct plan *plan, uint64_t at_us, size_t end)
{
    if (plan->count == plan->cap) {
        const size_t cap = plan->cap > 0 ? 2 * plan->cap : 256;
        struct tape_piece *const larger = (struct tape_piece *)realloc(
            plan->pieces, cap * sizeof *larger);
        if (larger == NULL) {
            return -1;
        }
        plan->pieces = larger;
        plan->cap = cap;
    }
    plan->pieces[plan->count].at_us = at_us;
    plan->pieces[plan->count].end = end;
    plan->count++;
    return 0;
}

/* Every line end becomes CRLF; the pieces end where they did. */
static int with_crlf(struct plan *plan, const struct tape *tape)
{
    size_t piece = 0;
    size_t n = 0;
    char before = '\0';
    plan->own = (char *)malloc(2 * tape->len + 1);
    if (plan->own == NULL) {
        return -1;
    }
    for (size_t at = 0; at < tape->len; at++) {
        const char c = tape->bytes[at];
        if (c == '\r' || (c == '\n' && before != '\r')) {
            plan->own[n++] = '\r';
            plan->own[n++] = '\n';
        } else if (c != '\n') {
            plan->own[n++] = c;
        }
        before = c;
        while (piece < tape->count && tape->pieces[piece].end == at + 1) {
            if (add_piece(plan, tape->pieces[piece].at_us, n) < 0) {
                return -1;
            }
            piece++;
        }
    }
    plan->bytes = plan->own;
    plan->len = n;
    return 0;
}

static int as_recorded(struct plan *plan, const struct tape *tape)
{
    plan->bytes = tape->bytes;
    plan->len = tape->len;
    for (size_t i = 0; i < tape->count; i++) {
        if (add_piece(plan, tape->pieces[i].at_us, tape->pieces[i].end) < 0) {
            return -1;
        }
    }
    return 0;
}

/* A plain stream has no pieces of its own: one for each event. */
static int by_event(struct plan *plan)
{
    size_t last = 0;
    for (size_t i = 0; i < plan->event_count; i++) {
        last = plan->events[i].end;
        if (add_piece(plan, 0, last) < 0) {
            return -1;
        }
    }
    return last < plan->len ? add_piece(plan, 0, plan->len) : 0;
}

/* Pieces of one size, each due when its last byte came. */
static int in_chunks(struct plan *plan, size_t chunk)
{
    struct tape_piece *const old = plan->pieces;
    const size_t count = plan->count;
    size_t from = 0;
    size_t i = 0;
    int done = 0;
    plan->pieces = NULL;
    plan->count = 0;
    plan->cap = 0;
    while (from < plan->len && done == 0) {
        const size_t end =
            chunk < plan->len - from ? from + chunk : plan->len;
        while (i + 1 < count && old[i].end < end) {
            i++;
        }
        done = add_piece(plan, old[i].at_us, end);
        from = end;
    }
    free(old);
    return done;
}

static void set_gaps(struct plan *plan, uint64_t gap_us)
{
    for (size_t i = 0; i < plan->count; i++) {
        plan->pieces[i].at_us = gap_us * i;
    }
    plan->length_us = plan->count > 0 ? gap_us * plan->count : 0;
}

/* An index from a place; what lies beyond the stream is its end. */
static size_t index_of(const struct plan *plan, const struct plan_place *place)
{
    const uint64_t all = place->events ? plan->event_count : plan->len;
    uint64_t count = place->count < all ? place->count : all;
    if (place->from_end) {
        count = all - count;
    }
    if (!place->events) {
        return (size_t)count;
    }
    return count == 0 ? 0 : plan->events[count - 1].end;
}

/* The first of the ends asked for is the one that happens. */
static void set_places(struct plan *plan, const struct plan_wish *wish)
{
    plan->stall_at = SIZE_MAX;
    plan->stall_us = wish->stall_us;
    if (wish->stall.given) {
        plan->stall_at = index_of(plan, &wish->stall);
    }
    plan->end_at = plan->len;
    plan->end = plan->whole_end;
    for (int i = 0; i < 3; i++) {
        if (wish->ends[i].given) {
            const size_t at = index_of(plan, &wish->ends[i]);
            if (at <= plan->end_at) {
                plan->end_at = at;
                plan->end = (enum plan_end)i;
            }
        }
    }
}

int plan_make(struct plan *plan, const struct tape *tape,
              const struct plan_wish *wish)
{
    memset(plan, 0, sizeof *plan);
    plan->length_us = tape->end_us;
    plan->whole_end = tape->end == TAPE_CUT ? PLAN_CUT : PLAN_END;
    int done = wish->crlf ? with_crlf(plan, tape) : as_recorded(plan, tape);
    if (done == 0) {
        done = plan_find_events(plan);
    }
    if (done == 0 && !tape->recorded) {
        done = by_event(plan);
    }
    if (done == 0 && wish->chunk > 0) {
        done = in_chunks(plan, wish->chunk);
    }
    if (done < 0) {
        say("out of memory");
        return -1;
    }
    if (wish->has_gap) {
        set_gaps(plan, wish->gap_us);
    }
    set_places(plan, wish);
    return 0;
}

void plan_free(struct plan *plan)
{
    free(plan->own);
    free(plan->pieces);
    free(plan->events);
    free(plan->ids);
}
