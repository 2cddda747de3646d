/*
 * plan.h - what a replay sends and when: a recording with its faults, laid
 * out before the first byte goes.
 *
 *     plan.c         pieces, line ends, chunks, positions
 *     plan_events.c  where events end and which ids they have
 *     player.c       one reader's way through a plan
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SSE_TOOL_PLAN_H
#define SSE_TOOL_PLAN_H

#include "tape.h"

/* A time that never comes. */
#define PLAN_NEVER UINT64_MAX

/* How a replay ends. */
enum plan_end {
    PLAN_END = 0,  /* cleanly */
    PLAN_CUT = 1,  /* the connection is closed without the mark of an end */
    PLAN_RESET = 2 /* the connection is reset */
};

/* A place in the stream, as the command line names it. */
struct plan_place {
    int given;
    int events;   /* counted in events instead of bytes */
    int from_end; /* counted back from the end */
    uint64_t count;
};

/* What the command line asks for. */
struct plan_wish {
    int crlf;
    size_t chunk;      /* 0: pieces as recorded */
    int has_gap;
    uint64_t gap_us;   /* between pieces, in place of the recorded times */
    struct plan_place stall;
    uint64_t stall_us; /* PLAN_NEVER: for good */
    struct plan_place ends[3]; /* by enum plan_end */
};

/* Where an event ends, and its id if it brought one. */
struct plan_event {
    size_t end; /* index behind its blank line */
    size_t id_at; /* in plan->ids */
    size_t id_len;
    int has_id;
};

struct plan {
    const char *bytes;
    size_t len;
    char *own; /* the bytes, if they are not the tape's; allocated */
    struct tape_piece *pieces; /* allocated */
    size_t count;
    size_t cap;
    uint64_t length_us;
    struct plan_event *events; /* allocated */
    size_t event_count;
    size_t event_cap;
    char *ids; /* allocated */
    size_t ids_len;
    size_t ids_cap;
    int failed; /* out of memory while events were read */
    size_t stall_at; /* SIZE_MAX: nowhere */
    uint64_t stall_us;
    size_t end_at;        /* where it ends, and how */
    enum plan_end end;
    enum plan_end whole_end; /* how it ends without a fault: at `len` */
};

/* Lays a plan out.  0, or -1 with the reason told on stderr. */
int plan_make(struct plan *plan, const struct tape *tape,
              const struct plan_wish *wish);
void plan_free(struct plan *plan);

/* Finds the events of plan->bytes.  0, or -1 if memory is out. */
int plan_find_events(struct plan *plan);

/* Where a reader goes on that has seen the event with this id: behind the last
 * such event.  SIZE_MAX if there is none. */
size_t plan_find_id(const struct plan *plan, const char *id, size_t len);

/* One reader's way through a plan. */
struct player {
    const struct plan *plan;
    double speed;  /* 0: without waiting */
    int faults;    /* the plan's stall and end count, from where it begins */
    int loop;      /* begins anew at the end */
    uint64_t zero_us; /* the reader's time when the plan's time was base_us */
    uint64_t base_us;
    uint64_t held_us; /* the stall lasts until then */
    size_t limit; /* where it ends, and how */
    enum plan_end end;
    size_t at;
    size_t piece;
    int stalled;
};

enum player_step {
    PLAYER_WAIT = 0,  /* until wait_us has passed */
    PLAYER_BYTES = 1, /* bytes and len are due */
    PLAYER_OVER = 2   /* end says how */
};

struct player_next {
    uint64_t wait_us; /* PLAN_NEVER: for good */
    const char *bytes;
    size_t len;
    enum plan_end end;
};

/* Begins at an index of the stream; `now_us` is from any steady clock. */
void player_begin(struct player *player, const struct plan *plan, size_t at,
                  uint64_t now_us);
enum player_step player_next(struct player *player, uint64_t now_us,
                             struct player_next *next);
/* Some of the bytes handed out went. */
void player_took(struct player *player, size_t len);

#endif /* SSE_TOOL_PLAN_H */
