/*
 * timer.c - timers: a hierarchical wheel of intrusive lists.
 *
 * SPDX-License-Identifier: MIT
 *
 * Level 0 has a slot for each millisecond, level 1 for each 64 of them, and
 * so on.  A timer lies on the level of the highest group of six bits in which
 * its time differs from the wheel's, so all slots of a level lie ahead, those
 * of a lower level before those of a higher one, and starting and stopping
 * are O(1) without any memory but the timer's own: a server restarts timers
 * far more often than it lets one run out.
 */
#include "loop.h"

#define GROUP_BITS 6u
#define GROUP_MASK 63u
/* Seven levels of six bits reach 139 years; half of it keeps the sum of any
 * time and any delay on the wheel. */
#define LONGEST_MS ((uint64_t)1 << 41)

static void list_init(sse_timer *head)
{
    head->next_ = head;
    head->prev_ = head;
}

static int list_is_empty(const sse_timer *head)
{
    return head->next_ == head;
}

static void list_append(sse_timer *head, sse_timer *timer)
{
    timer->prev_ = head->prev_;
    timer->next_ = head;
    head->prev_->next_ = timer;
    head->prev_ = timer;
}

void sse_priv_wheel_remove(sse_timer *timer)
{
    timer->prev_->next_ = timer->next_;
    timer->next_->prev_ = timer->prev_;
    timer->next_ = NULL;
    timer->prev_ = NULL;
}

void sse_priv_wheel_init(sse_priv_wheel *wheel, uint64_t now_ms)
{
    wheel->base_ms = now_ms;
    list_init(&wheel->due);
    for (size_t level = 0; level < SSE_PRIV_WHEEL_LEVELS; level++) {
        wheel->bits[level] = 0;
        for (size_t slot = 0; slot < SSE_PRIV_WHEEL_SLOTS; slot++) {
            list_init(&wheel->slots[level][slot]);
        }
    }
}

void sse_priv_wheel_add(sse_priv_wheel *wheel, sse_timer *timer)
{
    if (timer->when_ms_ <= wheel->base_ms) {
        list_append(&wheel->due, timer);
        return;
    }
    if (timer->when_ms_ - wheel->base_ms > LONGEST_MS) {
        timer->when_ms_ = wheel->base_ms + LONGEST_MS;
    }
    const uint64_t differs = timer->when_ms_ ^ wheel->base_ms;
    size_t level = 0;
    unsigned shift = 0;
    while (level + 1 < SSE_PRIV_WHEEL_LEVELS &&
           (differs >> (shift + GROUP_BITS)) != 0) {
        level++;
        shift += GROUP_BITS;
    }
    const size_t slot = (size_t)((timer->when_ms_ >> shift) & GROUP_MASK);
    list_append(&wheel->slots[level][slot], timer);
    wheel->bits[level] |= (uint64_t)1 << slot;
}

static unsigned lowest_bit(uint64_t bits)
{
#if defined(__GNUC__)
    return (unsigned)__builtin_ctzll(bits);
#else
    unsigned n = 0;
    while ((bits & 1u) == 0) {
        bits >>= 1;
        n++;
    }
    return n;
#endif
}

/* The first slot in time that holds a timer.  Returns 0 if there is none. */
static int first_slot(const sse_priv_wheel *wheel, size_t *level,
                      size_t *slot, uint64_t *start_ms)
{
    for (*level = 0; *level < SSE_PRIV_WHEEL_LEVELS; ++*level) {
        uint64_t bits = wheel->bits[*level];
        for (; bits != 0; bits &= bits - 1) {
            *slot = lowest_bit(bits);
            if (!list_is_empty(&wheel->slots[*level][*slot])) {
                const unsigned shift = GROUP_BITS * (unsigned)*level;
                const uint64_t above = wheel->base_ms >> (shift + GROUP_BITS);
                *start_ms = ((above << GROUP_BITS) | (uint64_t)*slot) << shift;
                return 1;
            }
        }
    }
    return 0;
}

uint64_t sse_priv_wheel_next(const sse_priv_wheel *wheel)
{
    size_t level;
    size_t slot;
    uint64_t start_ms;
    if (!list_is_empty(&wheel->due)) {
        return wheel->base_ms;
    }
    return first_slot(wheel, &level, &slot, &start_ms) ? start_ms : UINT64_MAX;
}

void sse_priv_wheel_advance(sse_priv_wheel *wheel, uint64_t now_ms)
{
    size_t level;
    size_t slot;
    uint64_t start_ms;
    while (first_slot(wheel, &level, &slot, &start_ms) &&
           start_ms <= now_ms) {
        /* Seen from the start of its own slot, each timer there is due or
         * belongs on a lower level. */
        wheel->base_ms = start_ms;
        wheel->bits[level] &= ~((uint64_t)1 << slot);
        sse_timer *const head = &wheel->slots[level][slot];
        while (!list_is_empty(head)) {
            sse_timer *const timer = head->next_;
            sse_priv_wheel_remove(timer);
            sse_priv_wheel_add(wheel, timer);
        }
    }
    if (now_ms > wheel->base_ms) {
        wheel->base_ms = now_ms;
    }
}

/* ---- Timers of a loop -------------------------------------------------- */

sse_status sse_timer_start(sse_loop *loop, sse_timer *timer, uint64_t after_ms,
                           sse_timer_fn fn, void *user)
{
    if (loop == NULL || timer == NULL || fn == NULL) {
        return SSE_ERR_INVALID;
    }
    sse_timer_stop(loop, timer);
    const uint64_t now_ms = loop->in_turn ? loop->now_ms : sse_priv_clock_ms();
    timer->when_ms_ =
        after_ms > UINT64_MAX - now_ms ? UINT64_MAX : now_ms + after_ms;
    timer->fn_ = fn;
    timer->user_ = user;
    sse_priv_wheel_add(&loop->wheel, timer);
    return SSE_OK;
}

void sse_timer_stop(sse_loop *loop, sse_timer *timer)
{
    (void)loop;
    if (timer != NULL && timer->next_ != NULL) {
        sse_priv_wheel_remove(timer);
    }
}

void sse_priv_timers_run(sse_loop *loop)
{
    sse_priv_wheel_advance(&loop->wheel, loop->now_ms);
    sse_timer *const due = &loop->wheel.due;
    if (due->next_ == due) {
        return;
    }
    /* Onto a list of this turn's own: what a callback starts with no delay is
     * for the next turn, and what it stops leaves either list. */
    sse_timer turn = *due;
    turn.next_->prev_ = &turn;
    turn.prev_->next_ = &turn;
    due->next_ = due;
    due->prev_ = due;
    while (turn.next_ != &turn) {
        sse_timer *const timer = turn.next_;
        sse_priv_wheel_remove(timer);
        timer->fn_(loop, timer, timer->user_);
    }
}
