/*
 * test_hub_soak.c - churn: readers that come, go, stall, break off and come
 * back, while events are published; nothing is lost untold, nothing comes
 * twice, nothing is left behind.
 *
 * SPDX-License-Identifier: MIT
 *
 * SOAK_SECONDS says how long (10); `make soak-server` runs it for ten minutes
 * under AddressSanitizer.
 */
#define _POSIX_C_SOURCE 200809L

#include "test_hub_fixture.h"

#include <unistd.h>

#define READERS 64u
#define TOPICS 3u
#define RSS_SLACK_PAGES 4096

/* Called by AddressSanitizer, if it is there: what was freed is to wait for a
 * short time only, or resident memory would say nothing here. */
SSE_API const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "quarantine_size_mb=4";
}

static uint32_t seed = 20261122;

static size_t any_below(size_t limit)
{
    seed = seed * 1664525u + 1013904223u;
    return (size_t)(seed >> 8) % limit;
}

/* Which topics a reader reads: bits of them, and the path that says so. */
static const struct {
    unsigned topics;
    const char *path;
} paths[] = {{1, "a"}, {2, "b"}, {4, "c"}, {3, "a,b"}, {7, "b,a,c"},
             {6, "c,b"}};

typedef struct churner {
    hub_reader reader;
    int is_open;
    int has_place;     /* the numbers below say where it is */
    int told;          /* of a gap, since the last event */
    size_t path;
    uint64_t until_ms; /* stalls as long */
    unsigned seen[TOPICS];
    char last_id[64];
} churner;

static struct {
    hub_fixture f;
    churner churners[READERS];
    unsigned published[TOPICS];
    uint64_t events, gaps, opened, resumed, broken;
} soak;

static void publish_any(void)
{
    static char text[2100];
    const size_t topic = any_below(TOPICS);
    const char name[2] = {(char)('a' + topic), '\0'};
    const size_t more = any_below(10) == 0 ? any_below(2000) : any_below(60);
    const int len = snprintf(text, sizeof text, "%s%u;", name,
                             ++soak.published[topic]);
    memset(text + len, 'x', more);
    sse_event event = sse_event_of_data(text, (size_t)len + more);
    char id[24];
    if (any_below(4) == 0) {
        (void)snprintf(id, sizeof id, "own-%s%u", name,
                       soak.published[topic]);
        event = sse_event_with_id(event, id, strlen(id));
    }
    assert_int_equal(
        sse_hub_publish(soak.f.hub, named(name), &event, NULL, 0), SSE_OK);
}

static void take_event(churner *c, const char *at)
{
    const char *const colon = strchr(at, ':');
    assert_non_null(colon);
    const int is_gap = strncmp(at, "gap=", 4) == 0;
    const char *const id = is_gap ? at + 4 : at;
    const size_t id_len = (size_t)(colon - id);
    assert_true(id_len < sizeof c->last_id);
    memcpy(c->last_id, id, id_len);
    c->last_id[id_len] = '\0';
    if (is_gap) {
        c->told = 1;
        soak.gaps++;
        return;
    }
    const size_t topic = (size_t)(colon[1] - 'a');
    const unsigned n = (unsigned)strtoul(colon + 2, NULL, 10);
    assert_true(topic < TOPICS);
    assert_true((paths[c->path].topics >> topic & 1u) != 0);
    assert_true(n <= soak.published[topic]);
    /* One after the other; a jump only where it was told of, and never back
     * but at the begin of all that is retained. */
    if (c->has_place && c->seen[topic] != 0 && !c->told) {
        assert_int_equal(n, c->seen[topic] + 1);
    }
    c->seen[topic] = n;
    soak.events++;
}

/* A gap holds for all topics of the stream until each has gone on. */
static void take_log(churner *c)
{
    hub_reader *const r = &c->reader;
    unsigned before[TOPICS];
    const char *at = r->log;
    while (*at != '\0') {
        memcpy(before, c->seen, sizeof before);
        const int told = c->told;
        take_event(c, at);
        if (c->told && !told) {
            /* What follows is a new begin in every topic. */
            memset(c->seen, 0, sizeof c->seen);
            c->told = 0;
        }
        at = strchr(at, ' ') + 1;
    }
    r->log_len = 0;
    r->log[0] = '\0';
}

static void take(churner *c, size_t most)
{
    reader_take(&c->reader, most);
    take_log(c);
}

static void leave(churner *c, int broken)
{
    if (broken) {
        net_break(&c->reader.peer);
    } else {
        net_close(&c->reader.peer);
    }
    c->is_open = 0;
}

static void come(churner *c)
{
    const int resumes = c->last_id[0] != '\0' && any_below(8) != 0;
    if (!resumes) {
        c->path = any_below(sizeof paths / sizeof paths[0]);
        memset(c->seen, 0, sizeof c->seen);
        c->last_id[0] = '\0';
        if (any_below(4) == 0) {
            (void)snprintf(c->last_id, sizeof c->last_id, "unknown");
        }
    }
    c->has_place = 1;
    c->told = 0;
    soak.opened++;
    soak.resumed += resumes != 0;
    reader_open(&soak.f, &c->reader, paths[c->path].path,
                c->last_id[0] != '\0' ? c->last_id : NULL,
                any_below(5) == 0 ? "1.0" : "1.1",
                any_below(3) == 0 ? 4096 : 0);
    c->is_open = 1;
    c->until_ms = 0;
}

static void do_anything(churner *c)
{
    const uint64_t now_ms = sse_loop_now_ms(soak.f.loop);
    if (!c->is_open) {
        if (any_below(4) == 0) {
            come(c);
        }
        return;
    }
    if (c->until_ms > now_ms) {
        return;
    }
    take(c, any_below(6) == 0 ? any_below(700) : 4000);
    if (c->reader.peer.eof || c->reader.peer.reset) {
        leave(c, 0);
        soak.broken++;
        return;
    }
    switch (any_below(600)) {
    case 0:
        leave(c, 1);
        break;
    case 1:
        leave(c, 0);
        break;
    case 2:
    case 3:
        c->until_ms = now_ms + any_below(1500);
        break;
    case 4:
        (void)net_send(&c->reader.peer, "noise", 5);
        break;
    default:
        break;
    }
}

static long pages_now(void)
{
    long pages = 0;
    FILE *const file = fopen("/proc/self/statm", "r");
    if (file != NULL) {
        if (fscanf(file, "%*s %ld", &pages) != 1) {
            pages = 0;
        }
        (void)fclose(file);
    }
    return pages;
}

/* Everybody who is there reads to the end. */
static int all_read(void)
{
    int all = 1;
    for (size_t i = 0; i < READERS; i++) {
        churner *const c = &soak.churners[i];
        for (int k = 0; c->is_open && k < 20; k++) {
            take(c, 4000);
            if (c->reader.peer.eof || c->reader.peer.reset) {
                leave(c, 0);
            }
        }
        for (size_t topic = 0; c->is_open && topic < TOPICS; topic++) {
            all = all && (c->seen[topic] == 0 ||
                          c->seen[topic] == soak.published[topic]);
        }
    }
    return all && hub_stats(&soak.f).stalled == 0;
}

static void test_soak(void **state)
{
    const char *const text = getenv("SOAK_SECONDS");
    const uint64_t span_ms =
        1000u * (text != NULL ? strtoul(text, NULL, 10) : 10u);
    sse_hub_config config = hub_settings();
    sse_server_config server;
    sse_topic_config skipping;
    (void)state;
    sse_server_config_init(&server);
    server.sndbuf = 8192;
    config.topic.retain_events = 150;
    config.topic.keep_alive_ms = 50;
    config.lifetime_ms = 4000;
    config.write_timeout_ms = 1000;
    hub_start(&soak.f, &config, &server);
    skipping = config.topic;
    skipping.lag = SSE_HUB_SKIP;
    assert_int_equal(sse_hub_topic(soak.f.hub, named("b"), &skipping),
                     SSE_OK);
    const uint64_t begun_ms = sse_loop_now_ms(soak.f.loop);
    const size_t descriptors = net_descriptors();
    long pages = 0;
    uint64_t now_ms = begun_ms;
    while (now_ms - begun_ms < span_ms) {
        for (size_t n = any_below(8) == 0 ? any_below(40) : any_below(3);
             n > 0; n--) {
            publish_any();
        }
        for (size_t i = 0; i < READERS; i++) {
            do_anything(&soak.churners[i]);
        }
        assert_int_equal(sse_loop_turn(soak.f.loop, (int)any_below(3)),
                         SSE_OK);
        now_ms = sse_loop_now_ms(soak.f.loop);
        if (pages == 0 && now_ms - begun_ms > span_ms / 4) {
            pages = pages_now();
        }
    }
    assert_true(pages_now() - pages < RSS_SLACK_PAGES);
    UNTIL(&soak.f, all_read());
    const sse_hub_stats stats = hub_stats(&soak.f);
    print_message("# %llu streams, %llu of them resumed, %llu broken off; "
                  "%llu events read, %llu gaps; %llu overtaken, %llu timed "
                  "out; %ld pages, %ld a while before\n",
                  (unsigned long long)soak.opened,
                  (unsigned long long)soak.resumed,
                  (unsigned long long)soak.broken,
                  (unsigned long long)soak.events,
                  (unsigned long long)soak.gaps,
                  (unsigned long long)stats.overtaken,
                  (unsigned long long)stats.timeouts, pages_now(), pages);
    assert_true(soak.events > 1000);
    for (size_t i = 0; i < READERS; i++) {
        if (soak.churners[i].is_open) {
            leave(&soak.churners[i], 0);
        }
    }
    UNTIL(&soak.f, hub_stats(&soak.f).subscribers == 0);
    assert_true(net_descriptors() <= descriptors);
    assert_true(hub_stats(&soak.f).topics <= TOPICS);
    hub_stop(&soak.f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_soak),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
