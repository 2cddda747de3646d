/*
 * hub.h - the inside of the hub: topics, subscribers, and what of them needs
 * no sockets.
 *
 * SPDX-License-Identifier: MIT
 *
 * A subscriber is an entry in a table by descriptor: its position in the ring
 * of its topic, how far the chunk under way has come, and two links.  All else
 * that a few of them need hangs on `extra`, which most have not.
 *
 * A subscription to several topics is one to a view: a topic of its own into
 * which the events of its members are copied, in the order of their numbers.
 * It begins with what its members retain, and is given up with its last
 * subscriber.
 *
 * Numbers.  Every event has one, which counts all events of the hub, as the
 * stamp in its ring.  A place in a topic is therefore also a number: that of
 * the last event before it.
 *
 * All of it belongs to the thread of the loop.
 */
#ifndef SSE_HUB_INSIDE_H
#define SSE_HUB_INSIDE_H

#include "cursor.h"
#include "ids.h"
#include "uring.h"

#include <sse/hub.h>
#include <sse/replay.h>

#define SSE_PRIV_NONE UINT32_MAX /* no descriptor, no topic */

typedef struct sse_priv_topic sse_priv_topic;

/* ---- Subscribers, see table.c ------------------------------------------ */

#define SSE_PRIV_SUB_OPEN 0x01u    /* the entry is in use */
#define SSE_PRIV_SUB_ENDING 0x02u  /* ends once it has got all */
#define SSE_PRIV_SUB_DOOMED 0x04u  /* is to be closed as it is */
#define SSE_PRIV_SUB_MARKED 0x08u  /* the mark of the end was queued */

typedef enum sse_priv_place {
    SSE_PRIV_NOWHERE = 0,
    SSE_PRIV_ACTIVE,  /* in topic->active: has got all, or can take more */
    SSE_PRIV_WAITING, /* in topic->blocked */
    SSE_PRIV_PENDING  /* in hub->pending: to be looked at by itself */
} sse_priv_place;

/** What few subscribers need. */
typedef struct sse_priv_extra {
    char *out;        /* bytes to be sent before those of the ring */
    size_t at, len;   /* of these: sent, all */
    uint64_t since_ms; /* blocked: last progress */
    char *lost;       /* overtaken: id of the last event that it gets */
    size_t lost_len;
} sse_priv_extra;

typedef struct sse_priv_sub {
    sse_priv_cursor cursor;
    sse_priv_extra *extra; /* or NULL */
    uint32_t next, prev;   /* descriptors, or SSE_PRIV_NONE */
    uint32_t topic;
    uint32_t ticket;       /* see sse_taken */
    uint32_t until;        /* when it ends, see time.c; 0: never */
    uint8_t door;          /* index of its server */
    uint8_t flags;
    uint8_t place;
} sse_priv_sub;

typedef struct sse_priv_subs {
    uint32_t first, last, count;
} sse_priv_subs;

#define SSE_PRIV_PAGE 256u /* entries of the table that come together */

typedef struct sse_priv_page {
    uint32_t used;
    sse_priv_sub subs[SSE_PRIV_PAGE];
} sse_priv_page;

/* ---- Topics ------------------------------------------------------------ */

struct sse_priv_topic {
    sse_replay ring;
    char *bytes;
    sse_replay_entry *entries;
    size_t bytes_cap, entries_cap; /* as they are now */
    sse_topic_config config;
    sse_hub *hub;
    char *name;      /* a view has those of its members, NUL between */
    size_t name_len;
    uint32_t index, chain; /* in hub->topics; the next of its hash */
    sse_priv_subs active, blocked;
    uint64_t blocked_low; /* no blocked one is before this position */
    uint64_t pending_low; /* nor, of the pending ones, before this */
    uint64_t served; /* all active ones have got all before this position */
    uint32_t behind; /* so many at the head of the active ones, at most, have
                      * not got all */
    uint64_t newest; /* number of its newest event */
    uint64_t lost;   /* number of the newest event that is not retained */
    char *lost_id;   /* and its id; NULL if it is that of the number */
    size_t lost_len;
    uint64_t wrote_ms; /* what was published last, or a comment */
    sse_timer quiet;
    sse_priv_topic *dirty_next;
    uint64_t dirty_in; /* hub->turn when it became so */
    uint32_t *views;  /* indexes of the views it is a member of */
    uint32_t view_count, view_cap;
    uint32_t *members; /* of a view, else NULL */
    uint32_t member_count;
    uint32_t users;  /* its subscribers, wherever they are */
    uint32_t holds;  /* those who have it in hand just now */
    uint8_t used;    /* it had an event */
    uint8_t dirty;
    uint8_t kept;    /* made by sse_hub_topic() */
    uint8_t removed; /* without a name, until its subscribers have left */
};

/* A moment and the number of the last event before it. */
typedef struct sse_priv_mark {
    uint64_t ms, number;
} sse_priv_mark;
#define SSE_PRIV_MARKS 128u

struct sse_hub {
    sse_loop *loop;
    sse_hub_config config;
    sse_priv_ids ids;
    sse_priv_topic **topics; /* by index; NULL where one was given up */
    uint32_t *chains;        /* by hash */
    uint32_t topic_cap, topic_count, topic_hint, chain_mask;
    uint32_t seed;           /* of the hash */
    uint64_t forgotten;      /* newest number of a topic given up */
    sse_priv_page **pages;   /* by descriptor */
    size_t page_count;
    sse_priv_subs pending;
    uint32_t slice;          /* writes of a turn */
    sse_priv_topic *dirty, **dirty_end;
    sse_server *doors[16];
    uint32_t door_subs[16];
    sse_task task;
    sse_timer sweep;
    /* Sends pieces.  Returns how many bytes the system took, -1 if the
     * connection is gone.  sse_priv_socket_send() but in tests. */
    ptrdiff_t (*send)(sse_hub *hub, uint32_t fd, const sse_piece *pieces,
                      size_t count);
    uint64_t random;
    uint64_t turn;           /* counts sse_priv_hub_work() */
    sse_priv_mark marks[SSE_PRIV_MARKS]; /* a ring: see age.c */
    size_t mark_first, mark_count;
    uint64_t mark_every_ms;
    uint8_t draining;
    uint8_t ending; /* some were told to end, see time.c */
    char *frame;             /* see round.c */
    size_t frame_cap;
    sse_priv_uring *uring;   /* or NULL, also once it has failed */
    sse_hub_stats stats;
};

/* topic.c */
/** By its name.  @return NULL: there is none of that name. */
sse_priv_topic *sse_priv_topic_find(const sse_hub *hub, const char *name,
                                    size_t len);
/** Finds or makes one.  @return SSE_OK, SSE_ERR_LIMIT, SSE_ERR_NO_MEMORY. */
sse_status sse_priv_topic_get(sse_hub *hub, const char *name, size_t len,
                              const sse_topic_config *config,
                              sse_priv_topic **topic);
/** Frees it, with its events.  It has no subscribers. */
void sse_priv_topic_free(sse_priv_topic *topic);
/** Gives it up if nobody needs it any more. */
void sse_priv_topic_left(sse_priv_topic *topic);
/** Takes its name from it: another topic may have that now. */
void sse_priv_topic_unname(sse_priv_topic *topic);
/** Not 0 if a topic may be called that. */
int sse_priv_name_is_usable(const sse_hub_name *name);

/* view.c */
/** Finds or makes the view of these topics, and makes those of them that are
 *  missing.  @return SSE_OK, SSE_ERR_LIMIT, SSE_ERR_NO_MEMORY. */
sse_status sse_priv_view_get(sse_hub *hub, const sse_hub_name *names,
                             size_t count, sse_priv_topic **view);
/** Frees it, and lets its members go. */
void sse_priv_view_free(sse_priv_topic *view);
/** Takes a topic out of its views, which then are nobody's to find. */
void sse_priv_view_part(sse_priv_topic *member);
/** The event of a member that was published last goes to its views. */
void sse_priv_view_feed(sse_priv_topic *member);

/* room.c */
/** Its first memory.  @return 0: there is none. */
int sse_priv_topic_begin(sse_priv_topic *topic);
/** Makes room for an event of so many bytes; what the ring overtakes is taken
 *  care of.  @return SSE_OK, SSE_ERR_TOO_LONG, SSE_ERR_NO_MEMORY. */
sse_status sse_priv_topic_make_room(sse_priv_topic *topic, size_t size);
/** Bytes of memory that the ring has. */
size_t sse_priv_topic_memory(const sse_priv_topic *topic);
/** Drops what is more than the topic is to retain. */
void sse_priv_topic_fit(sse_priv_topic *topic);
/** Drops the oldest event. */
void sse_priv_topic_drop(sse_priv_topic *topic);
/** An event is not retained any more.  @param id  Its id; a copy is kept.  With
 *  @p len 0, or without memory, that of its number counts. */
void sse_priv_topic_note_lost(sse_priv_topic *topic, uint64_t number,
                              const char *id, size_t len);

/* age.c */
void sse_priv_age_note(sse_hub *hub);
/** Drops what is older than the topic retains. */
void sse_priv_age_expire(sse_priv_topic *topic);

/* place.c: where a reader starts */
typedef struct sse_priv_start {
    uint64_t at;
    int known;       /* it came with an id, and nothing behind it is lost */
    int gap;         /* it is to be told of a gap */
    char id[SSE_HUB_MAX_ID + 1]; /* behind which it starts */
    size_t id_len;
} sse_priv_start;
/** For a reader that comes with an id, or with none where @p len is 0. */
void sse_priv_topic_start(const sse_priv_topic *topic, const char *last_id,
                          size_t len, sse_priv_start *start);
/** The id of the last event before a position that begins one.
 *  @param dst  SSE_HUB_MAX_ID bytes; no NUL is written.  @return Bytes. */
size_t sse_priv_topic_id_before(const sse_priv_topic *topic, uint64_t at,
                                char *dst);
/** The same for the oldest event. */
size_t sse_priv_topic_lost_id(const sse_priv_topic *topic, char *dst);
/** The block of a `gap` event, from malloc().  @return NULL: no memory. */
char *sse_priv_gap(const char *from, size_t from_len, const char *to,
                   size_t to_len, size_t *len);

/* table.c */
/** The entry of a descriptor that has one. */
sse_priv_sub *sse_priv_sub_at(const sse_hub *hub, uint32_t fd);
/** A new entry, zeroed, in no list.  @return NULL: no memory. */
sse_priv_sub *sse_priv_sub_add(sse_hub *hub, uint32_t fd);
/** Gives the entry up, and its place in a list with it. */
void sse_priv_sub_drop(sse_hub *hub, uint32_t fd);
/** Puts it where it belongs, out of where it was. */
void sse_priv_sub_move(sse_hub *hub, uint32_t fd, sse_priv_place place);
/** Makes it the last of the list that it is in. */
void sse_priv_sub_to_end(sse_hub *hub, sse_priv_subs *list, uint32_t fd);
/** What it needs as few do, zeroed at first.  @return NULL: no memory. */
sse_priv_extra *sse_priv_sub_extra(sse_priv_sub *sub);
/** Frees that. */
void sse_priv_sub_spare_extra(sse_priv_sub *sub);
/** Appends to its bytes out of band, in a chunk of their own unless `framed`.
 *  @return 0: no memory. */
int sse_priv_sub_queue(sse_priv_sub *sub, const char *bytes, size_t len,
                       int framed);

/* lag.c */
/** A position before which nobody is who is not blocked; the best one there
 *  is if it lies before `end`. */
uint64_t sse_priv_lag_low(sse_priv_topic *topic, uint64_t end);
/** What lies before this position is about to go. */
void sse_priv_lag_overtake(sse_priv_topic *topic, uint64_t end);
/** All streams of a topic break off, and it retains nothing. */
void sse_priv_lag_break(sse_priv_topic *topic);
/** Queues a `gap` event for one that was overtaken and has it go on.
 *  @return 0: no memory. */
int sse_priv_lag_tell(sse_priv_topic *topic, sse_priv_sub *sub);

/* send.c */
/** One write to one that needs to be looked at by itself, and what follows
 *  from it. */
void sse_priv_sub_work(sse_hub *hub, uint32_t fd);
/** A comment on silence to all active ones. */
void sse_priv_topic_comment(sse_priv_topic *topic);
/** The system takes no bytes of it for now. */
void sse_priv_sub_block(sse_hub *hub, uint32_t fd);
/** Has its connection closed as it is in the next turn. */
void sse_priv_sub_doom(sse_hub *hub, uint32_t fd);
/** Closes its connection as it is. */
void sse_priv_sub_close(sse_hub *hub, uint32_t fd);

/* round.c */
/** Sends what is new to active ones, of which it visits `most`, those first
 *  who have waited longest.  Nobody is called.  @return How many it visited. */
uint32_t sse_priv_topic_send(sse_priv_topic *topic, uint32_t most);

/* socket.c */
/** See hub->send.  @return 0 where the system takes nothing for now, too. */
ptrdiff_t sse_priv_socket_send(sse_hub *hub, uint32_t fd,
                               const sse_piece *pieces, size_t count);
/** Has the close of the descriptor be a reset. */
void sse_priv_socket_reset(uint32_t fd);

/* join.c */
/** A connection taken over becomes a subscriber.  Unless SSE_OK it is
 *  closed. */
sse_status sse_priv_join(sse_priv_topic *topic, const sse_taken *taken,
                         const sse_priv_start *start, const char *last_id,
                         size_t last_id_len);

/* turn.c */
/** Writes of a turn, to active subscribers and to pending ones.  Then the loop
 *  looks what else there is, so that what is published meanwhile goes along
 *  with the next writes, and nobody waits for a round through everybody. */
#define SSE_PRIV_SLICE 64u
/** Has sse_priv_hub_work() called at the end of the turn. */
void sse_priv_hub_wake(sse_hub *hub);
/** The same, for a topic some of whose active subscribers have not got all. */
void sse_priv_topic_queue(sse_priv_topic *topic);
/** For one that has news. */
void sse_priv_topic_touch(sse_priv_topic *topic);
/** A turn of at most so many writes to pending ones, and to active ones; but
 *  everybody gets one at most. */
void sse_priv_hub_work(sse_hub *hub, uint32_t most);
/** Watches every subscriber: for its end, and for room while it is blocked. */
void sse_priv_hub_on_ready(sse_loop *loop, int fd, uint32_t ready, void *user);

/* time.c */
/** Has comments sent on silence, from now on. */
void sse_priv_topic_quiet(sse_priv_topic *topic);
/** Has it seen to that what runs out is ended. */
void sse_priv_hub_sweep(sse_hub *hub);
/** Sets when the stream ends: at some moment between two from now. */
void sse_priv_sub_until(sse_hub *hub, sse_priv_sub *sub, uint64_t least_ms,
                        uint64_t most_ms);
/** Ends it cleanly once it has got all. */
void sse_priv_sub_end(sse_hub *hub, uint32_t fd);

#endif /* SSE_HUB_INSIDE_H */
