/*
 * fuzz_hub.c - the hub against a plain list of all that was published: every
 * subscriber gets what follows the place where it started, once and in order,
 * and what it does not get it is told of, whatever its socket takes when.
 *
 * SPDX-License-Identifier: MIT
 *
 * There are no sockets: what the hub sends goes into a text, of which each
 * subscriber takes as much as the input says, and a poller that waits for
 * nothing stands behind the loop.
 */
#include "fuzz.h"
#include "hub_reading.h"

#include "adapters/hub/hub.h"
#include "adapters/sock/server.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_EVENTS (sizeof m.all.list / sizeof m.all.list[0])
#define MOST_SUBS 24u
#define TOPICS 3u
/* Numbers that no descriptor has. */
#define FIRST_FD 100000u

static struct model {
    struct history all;
    struct sub subs[MOST_SUBS];
    unsigned sub_count;
    sse_hub *hub;
    sse_hub_config config;
} m;

/* ---- What stands in for the system ------------------------------------- */

static sse_status idle_open(void **poller)
{
    static char any;
    *poller = &any;
    return SSE_OK;
}

static void idle_close(void *poller)
{
    (void)poller;
}

static sse_status idle_set(void *poller, int fd, uint32_t tag,
                           uint32_t interest, int known)
{
    (void)poller, (void)fd, (void)tag, (void)interest, (void)known;
    return SSE_OK;
}

static void idle_remove(void *poller, int fd)
{
    (void)poller, (void)fd;
}

static sse_status idle_wait(void *poller, int timeout_ms,
                            const sse_priv_ready **ready, size_t *count)
{
    (void)poller, (void)timeout_ms, (void)ready;
    *count = 0;
    return SSE_OK;
}

static int idle_fd(const void *poller)
{
    (void)poller;
    return -1;
}

static const sse_priv_poller_ops idle = {idle_open, idle_close,  idle_set,
                                         idle_remove, idle_wait, idle_fd};
static sse_loop *loop;
static sse_server *server;

static void on_request(sse_request *request, void *user)
{
    (void)request, (void)user;
}

static void begin_once(void)
{
    if (loop == NULL) {
        FUZZ_REQUIRE(sse_priv_loop_open(&idle, &loop) == SSE_OK);
        FUZZ_REQUIRE(sse_server_open(loop, NULL, on_request, NULL, &server) ==
                     SSE_OK);
    }
}

static ptrdiff_t take(sse_hub *hub, uint32_t fd, const sse_piece *pieces,
                      size_t count)
{
    struct sub *const sub = &m.subs[fd - FIRST_FD];
    size_t sent = 0;
    (void)hub;
    for (size_t i = 0; i < count && sub->credit > 0; i++) {
        FUZZ_REQUIRE(pieces[i].len > 0);
        const size_t len =
            pieces[i].len < sub->credit ? pieces[i].len : sub->credit;
        fuzz_text_add(&sub->wire, pieces[i].base, len);
        sub->credit -= len;
        sent += len;
    }
    return (ptrdiff_t)sent;
}

static const sse_priv_sub *entry_of(unsigned i)
{
    const uint32_t fd = FIRST_FD + i;
    const size_t page = fd / SSE_PRIV_PAGE;
    if (page >= m.hub->page_count || m.hub->pages[page] == NULL ||
        (sse_priv_sub_at(m.hub, fd)->flags & SSE_PRIV_SUB_OPEN) == 0) {
        return NULL;
    }
    return sse_priv_sub_at(m.hub, fd);
}

static void turn(void)
{
    FUZZ_REQUIRE(sse_loop_turn(loop, 0) == SSE_OK);
}

/* ---- What can happen --------------------------------------------------- */

static void publish(struct fuzz_input *input)
{
    static const char text[] = "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrst"
                               "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrst";
    struct published *const p = &m.all.list[m.all.count];
    const unsigned choice = fuzz_byte(input);
    const char name[2] = {(char)('a' + choice % TOPICS), '\0'};
    const sse_hub_name topic = {name, 1};
    sse_event event =
        sse_event_of_data(text, fuzz_byte(input) % (sizeof text - 1));
    p->topic = choice % TOPICS;
    p->number = m.all.count + 1;
    if (choice >= 128) {
        (void)snprintf(p->id, sizeof p->id, "own%u", p->number);
        event = sse_event_with_id(event, p->id, strlen(p->id));
    }
    /* One larger than the ring is refused, and nothing has happened. */
    const sse_status status =
        sse_hub_publish(m.hub, topic, &event, p->id, sizeof p->id);
    if (status == SSE_ERR_TOO_LONG) {
        return;
    }
    FUZZ_REQUIRE(status == SSE_OK);
    m.all.count++;
}

static unsigned topics_of(unsigned choice, sse_hub_name names[TOPICS],
                          size_t *count)
{
    static const char *const all[] = {"a", "b", "c"};
    unsigned topics = choice % 8;
    topics = topics == 0 ? 1 : topics;
    *count = 0;
    for (unsigned i = 0; i < TOPICS; i++) {
        const unsigned k = (i + choice / 8) % TOPICS;
        if ((topics >> k & 1u) != 0) {
            names[*count].text = all[k];
            names[(*count)++].len = 1;
        }
    }
    return topics;
}

/* The id that it comes with. */
static void choose_id(struct sub *sub, struct fuzz_input *input)
{
    const unsigned choice = fuzz_byte(input);
    const unsigned n =
        m.all.count == 0 ? 0 : fuzz_byte(input) % (m.all.count + 1);
    sub->start = m.all.count;
    sub->asks = choice % 4 != 0;
    if (!sub->asks) {
        return;
    }
    sub->knows = choice % 4 != 1;
    sub->start = n;
    if (!sub->knows) {
        (void)snprintf(sub->asked, sizeof sub->asked, "x%u", choice);
    } else if (n > 0 && choice % 4 == 2) {
        memcpy(sub->asked, m.all.list[n - 1].id, sizeof sub->asked);
    } else {
        (void)snprintf(sub->asked, sizeof sub->asked, "p-%u", n);
    }
}

static void subscribe(struct fuzz_input *input)
{
    sse_hub_name names[TOPICS];
    size_t count = 0;
    sse_priv_topic *topic = NULL;
    sse_priv_start start;
    struct sub *const sub = &m.subs[m.sub_count];
    const unsigned choice = fuzz_byte(input);
    sub->topics = topics_of(choice, names, &count);
    sub->raw = choice >= 192;
    sub->credit = fuzz_byte(input);
    choose_id(sub, input);
    FUZZ_REQUIRE((count == 1 ? sse_priv_topic_get(m.hub, names[0].text, 1,
                                                  NULL, &topic)
                             : sse_priv_view_get(m.hub, names, count,
                                                 &topic)) == SSE_OK);
    const size_t len = strlen(sub->asked);
    sse_priv_topic_start(topic, sub->asked, len, &start);
    const sse_taken taken = {(int)(FIRST_FD + m.sub_count), !sub->raw, "HEAD",
                             4, server, SSE_PRIV_NO_PEER, 0};
    server->detached++;
    server->stats.conns++;
    server->stats.streams++;
    m.sub_count++;
    FUZZ_REQUIRE(sse_priv_join(topic, &taken, &start, sub->asked, len) ==
                 SSE_OK);
}

static void ready(unsigned i)
{
    const sse_priv_sub *const entry = entry_of(i);
    if (entry != NULL && entry->place == SSE_PRIV_WAITING) {
        sse_priv_hub_on_ready(loop, (int)(FIRST_FD + i), SSE_LOOP_WRITE,
                              m.hub);
    }
}

static void do_anything(struct fuzz_input *input)
{
    const unsigned choice = fuzz_byte(input);
    const unsigned i =
        m.sub_count > 0 ? fuzz_byte(input) % m.sub_count : MOST_SUBS;
    switch (choice % 16) {
    case 0:
        if (m.sub_count < MOST_SUBS) {
            subscribe(input);
        }
        break;
    case 1:
    case 2:
        turn();
        break;
    case 3:
    case 4:
    case 5:
        if (i < m.sub_count) {
            m.subs[i].credit += fuzz_byte(input);
            ready(i);
        }
        break;
    case 6:
        if (i < m.sub_count && entry_of(i) != NULL && choice >= 128) {
            sse_priv_hub_on_ready(loop, (int)(FIRST_FD + i), SSE_LOOP_ERROR,
                                  m.hub);
        }
        break;
    case 7:
        if (i < m.sub_count && entry_of(i) != NULL) {
            sse_priv_topic_comment(m.hub->topics[entry_of(i)->topic]);
        }
        break;
    case 8:
        if (i < m.sub_count && entry_of(i) != NULL && choice >= 192) {
            m.subs[i].was_ended = 1;
            sse_priv_sub_end(m.hub, FIRST_FD + i);
        }
        break;
    default:
        if (m.all.count < MOST_EVENTS) {
            publish(input);
        }
        break;
    }
}

/* Everybody takes all there is. */
static void finish(void)
{
    int again = 1;
    for (unsigned i = 0; i < m.sub_count; i++) {
        m.subs[i].credit = (size_t)1 << 30;
    }
    while (again) {
        again = 0;
        for (unsigned i = 0; i < m.sub_count; i++) {
            ready(i);
        }
        turn();
        for (unsigned i = 0; i < m.sub_count; i++) {
            const sse_priv_sub *const entry = entry_of(i);
            again = again || (entry != NULL &&
                              (entry->place != SSE_PRIV_ACTIVE ||
                               entry->cursor.at !=
                                   sse_replay_newest(
                                       &m.hub->topics[entry->topic]->ring)));
        }
    }
    for (unsigned i = 0; i < m.sub_count; i++) {
        const sse_priv_sub *const entry = entry_of(i);
        FUZZ_REQUIRE(entry == NULL || entry->extra == NULL);
        hub_reading_check(&m.all, &m.subs[i], entry != NULL);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = fuzz_input_of(data, size);
    memset(&m, 0, sizeof m);
    begin_once();
    sse_hub_config_init(&m.config);
    m.config.id_prefix = "p";
    m.config.topic.retain_events = 1 + fuzz_byte(&input) % 12;
    m.config.topic.retain_bytes = 100 + fuzz_below(&input, 1500);
    const unsigned policy = fuzz_byte(&input);
    m.config.topic.lag = policy % 2 == 0 ? SSE_HUB_SKIP : SSE_HUB_CLOSE;
    m.all.may_skip = m.config.topic.lag == SSE_HUB_SKIP;
    m.config.topic.keep_alive_ms = 0;
    m.config.topic.retry_ms = 0;
    m.config.burst = 1 + fuzz_below(&input, 300);
    FUZZ_REQUIRE(sse_hub_open(loop, &m.config, &m.hub) == SSE_OK);
    m.hub->send = take;
    if (policy >= 2) {
        m.hub->slice = policy / 2; /* writes of a turn */
    }
    while (input.left > 0) {
        do_anything(&input);
    }
    finish();
    sse_hub_close(m.hub);
    for (unsigned i = 0; i < m.sub_count; i++) {
        fuzz_text_free(&m.subs[i].wire);
    }
    FUZZ_REQUIRE(server->detached == 0 && server->stats.conns == 0);
    return 0;
}
