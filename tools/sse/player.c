/*
 * player.c - one reader's way through a plan.
 *
 * SPDX-License-Identifier: MIT
 */
#include "plan.h"

#include <string.h>

/* The piece that an index lies in; plan->count at the end. */
static size_t piece_at(const struct plan *plan, size_t at)
{
    size_t from = 0;
    size_t to = plan->count;
    while (from < to) {
        const size_t middle = from + (to - from) / 2;
        if (plan->pieces[middle].end <= at) {
            from = middle + 1;
        } else {
            to = middle;
        }
    }
    return from;
}

void player_begin(struct player *player, const struct plan *plan, size_t at,
                  uint64_t now_us)
{
    player->plan = plan;
    player->at = at;
    player->piece = piece_at(plan, at);
    player->zero_us = now_us;
    /* Who comes in later waits for nothing that was sent before. */
    player->base_us = at == 0 || player->piece == 0
                          ? 0 : plan->pieces[player->piece - 1].at_us;
    player->held_us = 0;
    player->stalled = 0;
    /* Nor does he meet again the end that he comes from. */
    const int ends = player->faults && (at == 0 || at < plan->end_at);
    player->limit = ends ? plan->end_at : plan->len;
    player->end = ends ? plan->end : plan->whole_end;
}

/* When a moment of the plan has come, by the reader's clock. */
static uint64_t due_us(const struct player *player, uint64_t at_us)
{
    const uint64_t since =
        at_us > player->base_us ? at_us - player->base_us : 0;
    return player->speed > 0
               ? player->zero_us + (uint64_t)((double)since / player->speed)
               : 0;
}

/* Begins or ends the stall.  Not 0 while it lasts. */
static int in_stall(struct player *player, uint64_t now_us,
                    struct player_next *next)
{
    const struct plan *const plan = player->plan;
    if (!player->faults || player->at != plan->stall_at) {
        return 0;
    }
    if (!player->stalled) {
        player->stalled = 1;
        if (plan->stall_us == PLAN_NEVER) {
            player->held_us = PLAN_NEVER;
        } else {
            player->held_us = now_us + plan->stall_us;
            /* All that comes behind comes later. */
            player->zero_us += plan->stall_us;
        }
    }
    if (player->held_us > now_us) {
        next->wait_us = player->held_us == PLAN_NEVER
                            ? PLAN_NEVER : player->held_us - now_us;
        return 1;
    }
    return 0;
}

/* At the end: the time it took, then the end or the beginning. */
static enum player_step at_end(struct player *player, uint64_t now_us,
                               struct player_next *next)
{
    const struct plan *const plan = player->plan;
    const int whole =
        player->limit == plan->len && player->end == plan->whole_end;
    const uint64_t due = whole ? due_us(player, plan->length_us) : now_us;
    if (due > now_us) {
        next->wait_us = due - now_us;
        return PLAYER_WAIT;
    }
    next->end = player->end;
    if (!whole || !player->loop || plan->len == 0) {
        return PLAYER_OVER;
    }
    player_begin(player, plan, 0, player->speed > 0 ? due : now_us);
    return PLAYER_WAIT;
}

enum player_step player_next(struct player *player, uint64_t now_us,
                             struct player_next *next)
{
    const struct plan *const plan = player->plan;
    memset(next, 0, sizeof *next);
    if (in_stall(player, now_us, next)) {
        return PLAYER_WAIT;
    }
    if (player->at >= player->limit) {
        return at_end(player, now_us, next);
    }
    const struct tape_piece *const piece = &plan->pieces[player->piece];
    const uint64_t due = due_us(player, piece->at_us);
    if (due > now_us) {
        next->wait_us = due - now_us;
        return PLAYER_WAIT;
    }
    size_t end = piece->end < player->limit ? piece->end : player->limit;
    if (player->faults && !player->stalled && plan->stall_at > player->at &&
        plan->stall_at < end) {
        end = plan->stall_at;
    }
    next->bytes = plan->bytes + player->at;
    next->len = end - player->at;
    return PLAYER_BYTES;
}

void player_took(struct player *player, size_t len)
{
    const struct plan *const plan = player->plan;
    player->at += len;
    while (player->piece < plan->count &&
           plan->pieces[player->piece].end <= player->at) {
        player->piece++;
    }
}
