/*
 * send.c - writes to connections, and what follows from them.
 *
 * SPDX-License-Identifier: MIT
 *
 * Who keeps up gets what is new in rounds, see round.c.  Who is behind, or
 * needs more than the ring has, gets a gathered write of its own.
 */
#include "hub.h"

#include <stdlib.h>
#include <string.h>

#define COMMENT_ROOM 8u

static const char last_chunk[] = "0\r\n\r\n";

void sse_priv_sub_close(sse_hub *hub, uint32_t fd)
{
    sse_priv_sub *const sub = sse_priv_sub_at(hub, fd);
    sse_priv_topic *const topic = hub->topics[sub->topic];
    sse_server *const server = hub->doors[sub->door];
    const uint32_t ticket = sub->ticket;
    const int is_clean = (sub->flags & SSE_PRIV_SUB_MARKED) != 0;
    if (sub->cursor.raw && !is_clean) {
        /* HTTP/1.0 has no mark of the end but the end itself; a stream that
         * breaks off must not look like one that ended. */
        sse_priv_socket_reset(fd);
    }
    sse_loop_fd_close(hub->loop, (int)fd);
    if (--hub->door_subs[sub->door] == 0) {
        hub->doors[sub->door] = NULL;
    }
    topic->users--;
    sse_priv_sub_drop(hub, fd);
    sse_priv_topic_left(topic);
    sse_server_release(server, ticket);
}

void sse_priv_sub_doom(sse_hub *hub, uint32_t fd)
{
    sse_priv_sub_at(hub, fd)->flags |= SSE_PRIV_SUB_DOOMED;
    sse_priv_sub_move(hub, fd, SSE_PRIV_PENDING);
}

void sse_priv_sub_block(sse_hub *hub, uint32_t fd)
{
    sse_priv_sub *const sub = sse_priv_sub_at(hub, fd);
    sse_priv_topic *const topic = hub->topics[sub->topic];
    sse_priv_extra *const extra = sse_priv_sub_extra(sub);
    if (extra == NULL ||
        sse_loop_fd_watch(hub->loop, (int)fd, SSE_LOOP_READ | SSE_LOOP_WRITE,
                          sse_priv_hub_on_ready, hub) != SSE_OK) {
        sse_priv_sub_doom(hub, fd);
        return;
    }
    extra->since_ms = sse_loop_now_ms(hub->loop);
    if (sub->cursor.at < topic->blocked_low) {
        topic->blocked_low = sub->cursor.at;
    }
    sse_priv_sub_move(hub, fd, SSE_PRIV_WAITING);
    sse_priv_hub_sweep(hub);
}

/* How many bytes the system took, or -1 for a connection that is gone. */
static ptrdiff_t put(sse_hub *hub, uint32_t fd, const sse_piece *pieces,
                     size_t count)
{
    const ptrdiff_t sent = hub->send(hub, fd, pieces, count);
    if (sent > 0) {
        hub->stats.writes++;
        hub->stats.bytes += (uint64_t)sent;
    }
    return sent;
}

/* ---- One by itself ----------------------------------------------------- */

/* Everything that was gathered went out.  What is next for it?  Returns not 0
 * if that is one more write. */
static int go_on(sse_hub *hub, uint32_t fd)
{
    sse_priv_sub *const sub = sse_priv_sub_at(hub, fd);
    sse_priv_topic *const topic = hub->topics[sub->topic];
    const int has_all = sub->cursor.at == sse_replay_newest(&topic->ring);
    if ((sub->flags & SSE_PRIV_SUB_MARKED) != 0) {
        sse_priv_sub_close(hub, fd);
        return 0;
    }
    if ((sub->flags & SSE_PRIV_SUB_ENDING) != 0 && has_all) {
        sub->flags |= SSE_PRIV_SUB_MARKED;
        if (!sub->cursor.raw &&
            !sse_priv_sub_queue(sub, last_chunk, sizeof last_chunk - 1, 1)) {
            sub->flags |= SSE_PRIV_SUB_DOOMED;
        }
        return 1;
    }
    if (!has_all) { /* comes again, behind the others */
        sse_priv_sub_move(hub, fd, SSE_PRIV_NOWHERE);
        sse_priv_sub_move(hub, fd, SSE_PRIV_PENDING);
        return 0;
    }
    sse_priv_sub_spare_extra(sub);
    if (sub->cursor.at < topic->served) {
        topic->served = sub->cursor.at;
    }
    sse_priv_sub_move(hub, fd, SSE_PRIV_ACTIVE);
    return 0;
}

/* One write.  Returns not 0 if one more is to follow at once. */
static int step(sse_hub *hub, uint32_t fd)
{
    sse_priv_sub *const sub = sse_priv_sub_at(hub, fd);
    sse_priv_topic *const topic = hub->topics[sub->topic];
    const sse_priv_extra *extra = sub->extra;
    sse_priv_write write;
    if ((sub->flags & SSE_PRIV_SUB_DOOMED) != 0 ||
        (extra != NULL && extra->lost != NULL &&
         !sse_priv_lag_tell(topic, sub))) {
        sse_priv_sub_close(hub, fd);
        return 0;
    }
    const size_t before = extra != NULL ? extra->len - extra->at : 0;
    /* Behind the mark of the end comes nothing. */
    const size_t burst =
        (sub->flags & SSE_PRIV_SUB_MARKED) != 0 ? 0 : hub->config.burst;
    if (sse_priv_gather(&sub->cursor, &topic->ring, burst,
                        before > 0 ? extra->out + extra->at : NULL, before,
                        &write) != SSE_OK) {
        hub->stats.overtaken++;
        sse_priv_sub_close(hub, fd);
        return 0;
    }
    if (write.total == 0) {
        return go_on(hub, fd);
    }
    const ptrdiff_t sent = put(hub, fd, write.pieces, write.count);
    if (sent < 0) {
        sse_priv_sub_close(hub, fd);
        return 0;
    }
    const size_t out = sse_priv_advance(&sub->cursor, &write, (size_t)sent);
    if (out > 0) {
        sub->extra->at += out;
    }
    if ((size_t)sent == write.total) {
        return go_on(hub, fd);
    }
    sse_priv_sub_block(hub, fd);
    return 0;
}

void sse_priv_sub_work(sse_hub *hub, uint32_t fd)
{
    while (step(hub, fd)) {
    }
}

void sse_priv_topic_comment(sse_priv_topic *topic)
{
    sse_hub *const hub = topic->hub;
    char comment[COMMENT_ROOM];
    char chunk[COMMENT_ROOM + SSE_PRIV_CHUNK_HEAD + 2];
    size_t len = 0;
    if (sse_keep_alive_write(topic->config.keep_alive_form, comment,
                             sizeof comment, &len) != SSE_OK) {
        return;
    }
    const size_t head = sse_priv_chunk_head(chunk, len);
    memcpy(chunk + head, comment, len);
    memcpy(chunk + head + len, "\r\n", 2);
    const uint64_t newest = sse_replay_newest(&topic->ring);
    uint32_t fd = topic->active.first;
    topic->holds++;
    while (fd != SSE_PRIV_NONE) {
        sse_priv_sub *const sub = sse_priv_sub_at(hub, fd);
        const uint32_t next = sub->next;
        const char *const bytes = sub->cursor.raw ? comment : chunk;
        const size_t total = sub->cursor.raw ? len : head + len + 2;
        if (sub->cursor.at == newest) {
            const sse_piece piece = {bytes, total};
            const ptrdiff_t sent = put(hub, fd, &piece, 1);
            if (sent < 0) {
                sse_priv_sub_close(hub, fd);
            } else if (sent < (ptrdiff_t)total) {
                /* Of a comment that found no room at all, nobody is waiting
                 * for the bytes; one that was begun has to be ended. */
                if (sent == 0 || sse_priv_sub_queue(sub, bytes + sent,
                                                    total - (size_t)sent, 1)) {
                    sse_priv_sub_block(hub, fd);
                } else {
                    sse_priv_sub_close(hub, fd);
                }
            }
        }
        fd = next;
    }
    topic->holds--;
    topic->wrote_ms = sse_loop_now_ms(hub->loop);
    sse_priv_topic_left(topic);
}
