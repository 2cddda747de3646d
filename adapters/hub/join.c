/*
 * join.c - a request becomes a subscriber.
 *
 * SPDX-License-Identifier: MIT
 */
#include "hub.h"

#include <stdlib.h>
#include <string.h>

#define DOORS (sizeof ((sse_hub *)NULL)->doors / sizeof(sse_server *))
#define MOST_HEADERS 32u
/* The first comment and the reconnection time. */
#define OPENING_ROOM 48u

/* The names without those that come twice. */
static sse_status read_names(const sse_hub_name *topics, size_t count,
                             sse_hub_name *names, size_t *unique)
{
    *unique = 0;
    for (size_t i = 0; i < count; i++) {
        size_t k = 0;
        if (!sse_priv_name_is_usable(&topics[i])) {
            return SSE_ERR_INVALID;
        }
        while (k < *unique && (names[k].len != topics[i].len ||
                               memcmp(names[k].text, topics[i].text,
                                      topics[i].len) != 0)) {
            k++;
        }
        if (k == *unique) {
            names[(*unique)++] = topics[i];
        }
    }
    return SSE_OK;
}

static sse_status get_topic(sse_hub *hub, const sse_hub_name *topics,
                            size_t count, sse_priv_topic **topic)
{
    sse_hub_name names[SSE_HUB_MAX_TOPICS];
    size_t unique = 0;
    const sse_status status = read_names(topics, count, names, &unique);
    if (status != SSE_OK) {
        return status;
    }
    return unique == 1 ? sse_priv_topic_get(hub, names[0].text, names[0].len,
                                            NULL, topic)
                       : sse_priv_view_get(hub, names, unique, topic);
}

static int find_door(const sse_hub *hub, const sse_server *server)
{
    int free_door = -1;
    for (size_t i = 0; i < DOORS; i++) {
        if (hub->doors[i] == server) {
            return (int)i;
        }
        if (hub->doors[i] == NULL && free_door < 0) {
            free_door = (int)i;
        }
    }
    return free_door;
}

/* An id may hold what a header field may not; its place has another name. */
static void make_presentable(const sse_priv_topic *topic,
                             sse_priv_start *start)
{
    for (size_t i = 0; i < start->id_len; i++) {
        const unsigned char byte = (unsigned char)start->id[i];
        if (byte < 0x20 || byte == 0x7f) {
            uint64_t seq = 0;
            uint64_t at = 0;
            uint64_t number = topic->lost;
            size_t len = 0;
            if (sse_replay_seek(&topic->ring, start->at, &seq) == SSE_OK) {
                (void)sse_replay_locate(&topic->ring, seq - 1, &at, &len,
                                        &number);
            }
            start->id_len = sse_priv_ids_write(&topic->hub->ids, number,
                                               start->id);
            return;
        }
    }
}

static void write_number(char dst[12], uint32_t value)
{
    char digits[12];
    size_t n = 0;
    do {
        digits[n++] = (char)('0' + value % 10);
        value /= 10;
    } while (value > 0);
    for (size_t i = 0; i < n; i++) {
        dst[i] = digits[n - 1 - i];
    }
    dst[n] = '\0';
}

/* What a stream begins with, behind its head. */
static size_t write_opening(const sse_topic_config *config,
                            char dst[OPENING_ROOM])
{
    size_t len = 0;
    size_t more = 0;
    (void)sse_keep_alive_write(config->keep_alive_form, dst, OPENING_ROOM,
                               &len);
    if (config->retry_ms > 0) {
        (void)sse_retry_write(config->retry_ms, SSE_BLOCK_TWO_LINES, dst + len,
                              OPENING_ROOM - len, &more);
    }
    return len + more;
}

static int queue_opening(sse_priv_sub *sub, const sse_priv_topic *topic,
                         const sse_taken *taken, const sse_priv_start *start,
                         const char *last_id, size_t last_id_len)
{
    char opening[OPENING_ROOM];
    size_t len = write_opening(&topic->config, opening);
    int ok = sse_priv_sub_queue(sub, taken->bytes, taken->len, 1) &&
             sse_priv_sub_queue(sub, opening, len, 0);
    if (ok && start->gap) {
        char *const block = sse_priv_gap(last_id, last_id_len, start->id,
                                         start->id_len, &len);
        ok = block != NULL && sse_priv_sub_queue(sub, block, len, 0);
        free(block);
    }
    return ok;
}

sse_status sse_priv_join(sse_priv_topic *topic, const sse_taken *taken,
                         const sse_priv_start *start, const char *last_id,
                         size_t last_id_len)
{
    sse_hub *const hub = topic->hub;
    const int door = find_door(hub, taken->server);
    const uint32_t fd = (uint32_t)taken->fd;
    sse_priv_sub *const sub = sse_priv_sub_add(hub, fd);
    sse_status status = sub == NULL ? SSE_ERR_NO_MEMORY
                                    : sse_loop_fd_watch(hub->loop, taken->fd,
                                                        SSE_LOOP_READ,
                                                        sse_priv_hub_on_ready,
                                                        hub);
    if (status == SSE_OK) {
        sub->cursor.at = start->at;
        sub->cursor.raw = !taken->chunked;
        if (!queue_opening(sub, topic, taken, start, last_id, last_id_len)) {
            status = SSE_ERR_NO_MEMORY;
        }
    }
    if (status != SSE_OK) {
        if (sub != NULL) {
            sse_priv_sub_drop(hub, fd);
        }
        sse_loop_fd_close(hub->loop, taken->fd);
        sse_server_release(taken->server, taken->ticket);
        return status;
    }
    sub->topic = topic->index;
    sub->ticket = taken->ticket;
    sub->door = (uint8_t)door;
    hub->doors[door] = taken->server;
    hub->door_subs[door]++;
    topic->users++;
    hub->stats.subscribed++;
    hub->stats.resumed += start->known != 0;
    hub->stats.gaps += start->gap != 0;
    const uint32_t life_ms = hub->config.lifetime_ms;
    if (life_ms > 0) {
        sse_priv_sub_until(hub, sub, life_ms - life_ms / 8, life_ms);
        sse_priv_hub_sweep(hub);
    }
    sse_priv_sub_move(hub, fd, SSE_PRIV_PENDING);
    sse_priv_topic_quiet(topic);
    return SSE_OK;
}

/* The head, and with GET the rest. */
static sse_status answer(sse_priv_topic *topic, sse_request *request,
                         const char *last_id, size_t last_id_len,
                         const sse_http_header *extra, size_t extra_count)
{
    sse_http_header headers[MOST_HEADERS];
    sse_priv_start start;
    char keep_alive[12];
    size_t count = 0;
    sse_priv_age_expire(topic);
    sse_priv_topic_start(topic, last_id, last_id_len, &start);
    make_presentable(topic, &start);
    start.id[start.id_len] = '\0';
    for (; count < extra_count; count++) {
        headers[count] = extra[count];
    }
    headers[count].name = "Last-Event-ID";
    headers[count++].value = start.id;
    if (topic->config.keep_alive_ms > 0) {
        write_number(keep_alive, topic->config.keep_alive_ms);
        headers[count].name = "SSE-Keep-Alive";
        headers[count++].value = keep_alive;
    }
    if (strcmp(sse_request_method(request), "HEAD") == 0) {
        sse_stream *stream = NULL;
        return sse_stream_open(request, headers, count, &stream);
    }
    sse_taken taken;
    const sse_status status =
        sse_request_take(request, headers, count, &taken);
    return status == SSE_OK
               ? sse_priv_join(topic, &taken, &start, last_id, last_id_len)
               : status;
}

sse_status sse_hub_subscribe(sse_hub *hub, sse_request *request,
                             const sse_hub_name *topics, size_t topic_count,
                             const char *last_id, size_t last_id_len,
                             const sse_http_header *extra, size_t extra_count)
{
    if (hub == NULL || request == NULL || topics == NULL ||
        topic_count == 0 || topic_count > SSE_HUB_MAX_TOPICS ||
        (last_id == NULL && last_id_len > 0) ||
        (extra == NULL && extra_count > 0) || extra_count > MOST_HEADERS - 2) {
        return SSE_ERR_INVALID;
    }
    if (hub->draining) {
        return SSE_ERR_CLOSED;
    }
    if (find_door(hub, NULL) < 0) {
        return SSE_ERR_LIMIT;
    }
    sse_priv_topic *topic = NULL;
    sse_status status = get_topic(hub, topics, topic_count, &topic);
    if (status != SSE_OK) {
        return status;
    }
    topic->holds++;
    status = answer(topic, request, last_id, last_id_len, extra, extra_count);
    topic->holds--;
    sse_priv_topic_left(topic);
    return status;
}
