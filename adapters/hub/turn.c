/*
 * turn.c - the end of a turn: everybody gets what is new; and what sockets
 * tell in the turn.
 *
 * SPDX-License-Identifier: MIT
 */
#define _POSIX_C_SOURCE 200809L

#include "hub.h"

#include <errno.h>
#include <sys/socket.h>

/* Subscribers have nothing to say; what they say all the same is read a
 * little at a time, and dropped. */
#define READ_SIZE 4096u

static void on_task(void *user)
{
    sse_hub *const hub = (sse_hub *)user;
    sse_priv_hub_work(hub, hub->slice);
}

void sse_priv_hub_wake(sse_hub *hub)
{
    (void)sse_task_start(hub->loop, &hub->task, on_task, hub);
}

void sse_priv_topic_queue(sse_priv_topic *topic)
{
    sse_hub *const hub = topic->hub;
    if (!topic->dirty) {
        topic->dirty = 1;
        topic->dirty_next = NULL;
        topic->dirty_in = hub->turn;
        *hub->dirty_end = topic;
        hub->dirty_end = &topic->dirty_next;
        sse_priv_hub_wake(hub);
    }
}

void sse_priv_topic_touch(sse_priv_topic *topic)
{
    topic->behind = topic->active.count;
    topic->wrote_ms = sse_loop_now_ms(topic->hub->loop);
    sse_priv_topic_queue(topic);
}

/* Those there are now: one that has more to send comes again in the next
 * turn, behind the others. */
static void work_on_pending(sse_hub *hub, uint32_t most)
{
    const uint32_t count = hub->pending.count;
    for (uint32_t left = count < most ? count : most;
         left > 0 && hub->pending.first != SSE_PRIV_NONE; left--) {
        sse_priv_sub_work(hub, hub->pending.first);
    }
}

void sse_priv_hub_work(sse_hub *hub, uint32_t most)
{
    hub->turn++;
    work_on_pending(hub, most);
    while (most > 0 && hub->dirty != NULL &&
           hub->dirty->dirty_in != hub->turn) {
        sse_priv_topic *const topic = hub->dirty;
        hub->dirty = topic->dirty_next;
        if (hub->dirty == NULL) {
            hub->dirty_end = &hub->dirty;
        }
        topic->dirty = 0;
        most -= sse_priv_topic_send(topic, most);
    }
    if (hub->pending.first != SSE_PRIV_NONE || hub->dirty != NULL) {
        sse_priv_hub_wake(hub);
    }
}

/* Returns 0 if the peer is gone. */
static int read_away(int fd)
{
    char bytes[READ_SIZE];
    const ssize_t got = recv(fd, bytes, sizeof bytes, 0);
    return got > 0 || (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK ||
                                   errno == EINTR));
}

void sse_priv_hub_on_ready(sse_loop *loop, int fd, uint32_t ready, void *user)
{
    sse_hub *const hub = (sse_hub *)user;
    const uint32_t number = (uint32_t)fd;
    if ((ready & SSE_LOOP_ERROR) != 0 ||
        ((ready & SSE_LOOP_READ) != 0 && !read_away(fd))) {
        sse_priv_sub_close(hub, number);
        return;
    }
    if ((ready & SSE_LOOP_WRITE) != 0) {
        sse_priv_sub *const sub = sse_priv_sub_at(hub, number);
        if (sse_loop_fd_watch(loop, fd, SSE_LOOP_READ, sse_priv_hub_on_ready,
                              hub) != SSE_OK) {
            sub->flags |= SSE_PRIV_SUB_DOOMED;
        }
        sse_priv_sub_move(hub, number, SSE_PRIV_PENDING);
    }
}
