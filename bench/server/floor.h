/*
 * floor.h - what the parts of the floor server share.
 *
 *     floor.c       listening, connections, sending
 *     floor_http.c  requests: subscribe, publish, a stream of one's own
 *
 * The floor is what anybody writes first: an epoll loop, and one send() for
 * each event and subscriber.  It does no more than the table of `make
 * bench-server` asks for: one topic, no replay, no limits.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SSE_BENCH_FLOOR_H
#define SSE_BENCH_FLOOR_H

#include <stddef.h>
#include <stdint.h>

/* Longest request. */
#define FLOOR_REQUEST_MAX 65536

/* One connection. */
struct floor_conn {
    int fd;
    int subscribed; /* to the topic */
    size_t place;   /* in the list it is in */
    unsigned left;  /* events of its own stream that are still to come */
    unsigned sent;
    unsigned size;  /* of each, in bytes of data */
    char *request;  /* as far as it came; NULL between requests */
    size_t len;
    char *queue;    /* what the socket did not take; NULL if nothing */
    size_t queued;
};

/* A list of connections. */
struct floor_list {
    struct floor_conn **conns;
    size_t count;
    size_t cap;
};

struct floor {
    int epoll;
    int listener;
    char fault;         /* 'l'ose, 'd'ouble, 'c'omment; 0 for none */
    unsigned published;
    struct floor_list subscribers;
    struct floor_list streams;
};

void floor_add(struct floor_list *list, struct floor_conn *conn);
void floor_remove(struct floor_list *list, const struct floor_conn *conn);
/* One send(); what the socket does not take is queued. */
void floor_send(struct floor *floor, struct floor_conn *conn,
                const char *bytes, size_t len);
/* Handles each whole request there is.  -1 if it is none. */
int floor_requests(struct floor *floor, struct floor_conn *conn);
/* The next event of a stream of one's own. */
void floor_next(struct floor *floor, struct floor_conn *conn);

#endif /* SSE_BENCH_FLOOR_H */
