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

#include "adapters/hub/hub.h"
#include "adapters/sock/chunked.h"
#include "adapters/sock/server.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_EVENTS 400u
#define MOST_SUBS 24u
#define TOPICS 3u
/* Numbers that no descriptor has. */
#define FIRST_FD 100000u

struct published {
    unsigned topic, number;
    char id[24];
};

struct sub {
    struct fuzz_text wire;
    size_t credit;
    unsigned topics;    /* bits */
    unsigned start;     /* number of the last event before, as asked for */
    int asks, knows;    /* came with an id; with one of an event */
    int raw, was_ended;
    char asked[24];
};

static struct model {
    struct published list[MOST_EVENTS];
    unsigned count;
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
                                         idle_remove, idle_wait, idle_fd, 1};
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
    struct published *const p = &m.list[m.count];
    const unsigned choice = fuzz_byte(input);
    const char name[2] = {(char)('a' + choice % TOPICS), '\0'};
    const sse_hub_name topic = {name, 1};
    sse_event event =
        sse_event_of_data(text, fuzz_byte(input) % (sizeof text - 1));
    p->topic = choice % TOPICS;
    p->number = m.count + 1;
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
    m.count++;
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
    const unsigned n = m.count == 0 ? 0 : fuzz_byte(input) % (m.count + 1);
    sub->start = m.count;
    sub->asks = choice % 4 != 0;
    if (!sub->asks) {
        return;
    }
    sub->knows = choice % 4 != 1;
    sub->start = n;
    if (!sub->knows) {
        (void)snprintf(sub->asked, sizeof sub->asked, "x%u", choice);
    } else if (n > 0 && choice % 4 == 2) {
        memcpy(sub->asked, m.list[n - 1].id, sizeof sub->asked);
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
        if (m.count < MOST_EVENTS) {
            publish(input);
        }
        break;
    }
}

/* ---- What must hold ---------------------------------------------------- */

/* What a reader makes of it: lines of the blocks that are whole. */
struct reading {
    const struct sub *sub;
    unsigned last;      /* number of the last event that it got or was told of */
    unsigned got;       /* number of the last event that it got */
    unsigned gaps;
    int open;           /* where it goes on is not known yet */
};

static unsigned number_of(const char *id, size_t len)
{
    for (unsigned i = 0; i < m.count; i++) {
        if (fuzz_same(m.list[i].id, strlen(m.list[i].id), id, len)) {
            return m.list[i].number;
        }
    }
    FUZZ_REQUIRE(len > 2 && memcmp(id, "p-", 2) == 0);
    return (unsigned)strtoul(id + 2, NULL, 10);
}

/* Nothing of its topics lies between two numbers. */
static int is_next(const struct sub *sub, unsigned after, unsigned number)
{
    for (unsigned i = after; i + 1 < number; i++) {
        if ((sub->topics >> m.list[i].topic & 1u) != 0) {
            return 0;
        }
    }
    return 1;
}

static void on_block(struct reading *r, const char *id, size_t id_len,
                     int is_gap)
{
    const unsigned number = number_of(id, id_len);
    if (is_gap) {
        FUZZ_REQUIRE(r->sub->asks || m.config.topic.lag == SSE_HUB_SKIP);
        r->gaps++;
        r->open = 1;
        r->last = number;
        return;
    }
    FUZZ_REQUIRE(number >= 1 && number <= m.count && number > r->got);
    FUZZ_REQUIRE((r->sub->topics >> m.list[number - 1].topic & 1u) != 0);
    /* Behind a gap it may begin before what was lost, never behind it. */
    FUZZ_REQUIRE(r->open && number <= r->last
                     ? 1
                     : is_next(r->sub, r->last, number));
    if (!r->open || number > r->last) {
        r->open = 0;
        r->last = number;
    }
    r->got = number;
}

static void read_blocks(struct reading *r, const char *text, size_t len)
{
    const char *id = NULL;
    size_t id_len = 0;
    int is_gap = 0;
    int has_data = 0;
    size_t at = 0;
    while (at < len) {
        const char *const line = text + at;
        const char *const end = (const char *)memchr(line, '\n', len - at);
        if (end == NULL) {
            return;
        }
        const size_t line_len = (size_t)(end - line);
        at += line_len + 1;
        if (line_len == 0) {
            FUZZ_REQUIRE(!has_data || id != NULL);
            if (has_data) {
                on_block(r, id, id_len, is_gap);
            }
            id = NULL;
            is_gap = 0;
            has_data = 0;
        } else if (line_len > 4 && memcmp(line, "id: ", 4) == 0) {
            id = line + 4;
            id_len = line_len - 4;
        } else if (fuzz_same(line, line_len, "event: gap", 10)) {
            is_gap = 1;
        } else if (line_len >= 6 && memcmp(line, "data: ", 6) == 0) {
            has_data = 1;
        } else {
            FUZZ_REQUIRE(fuzz_same(line, line_len, ":", 1));
        }
    }
}

/* The payload, and whether the mark of the end came. */
static int unchunk(const struct sub *sub, struct fuzz_text *text)
{
    const char *at = sub->wire.bytes;
    size_t left = sub->wire.len;
    const size_t head = left < 4 ? left : 4;
    sse_priv_chunked chunked;
    sse_status status = SSE_INCOMPLETE;
    FUZZ_REQUIRE(memcmp(at == NULL ? "" : at, "HEAD", head) == 0);
    sse_priv_chunked_init(&chunked, 0);
    at += head;
    left -= head;
    if (sub->raw) {
        fuzz_text_add(text, at, left);
        return 0;
    }
    while (left > 0) {
        size_t used = 0;
        sse_piece data;
        FUZZ_REQUIRE(status == SSE_INCOMPLETE);
        status = sse_priv_chunked_feed(&chunked, at, left, &used, &data);
        FUZZ_REQUIRE(status == SSE_INCOMPLETE || status == SSE_OK);
        fuzz_text_add(text, data.base, data.len);
        at += used;
        left -= used;
    }
    return status == SSE_OK;
}

static void check(unsigned i, int to_the_end)
{
    const struct sub *const sub = &m.subs[i];
    struct fuzz_text text;
    struct reading r = {sub, sub->start, 0, 0, 0};
    memset(&text, 0, sizeof text);
    if (sub->wire.len == 0) {
        return;
    }
    const int is_clean = unchunk(sub, &text);
    FUZZ_REQUIRE(!is_clean || sub->was_ended);
    read_blocks(&r, text.bytes, text.len);
    FUZZ_REQUIRE(!to_the_end || !sub->asks || sub->knows || r.gaps > 0);
    if (to_the_end) {
        FUZZ_REQUIRE(is_next(sub, r.last, m.count + 1));
    }
    fuzz_text_free(&text);
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
        check(i, entry != NULL);
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
    m.config.topic.lag =
        fuzz_byte(&input) % 2 == 0 ? SSE_HUB_SKIP : SSE_HUB_CLOSE;
    m.config.topic.keep_alive_ms = 0;
    m.config.topic.retry_ms = 0;
    m.config.burst = 1 + fuzz_below(&input, 300);
    FUZZ_REQUIRE(sse_hub_open(loop, &m.config, &m.hub) == SSE_OK);
    m.hub->send = take;
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
