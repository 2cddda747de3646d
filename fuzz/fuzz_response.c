/*
 * fuzz_response.c - a response leads to the same events and the same end
 * however the plain-socket client is handed it, and wherever its reader
 * pauses.
 *
 * SPDX-License-Identifier: MIT
 *
 * The first bytes choose limits, method, cuts and pauses; the rest is what the
 * server sends before it closes.  A pair of connected sockets stands for the
 * network: redirects lead nowhere, for as many have been followed before.
 */
#define _POSIX_C_SOURCE 200809L

#include "fuzz.h"

#include "adapters/sock/client.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifndef MSG_NOSIGNAL
#define MSG_NOSIGNAL 0
#endif

/* How a run goes. */
struct course {
    size_t max_head, max_event, max_error;
    const char *method;
    struct fuzz_cuts cuts;
    unsigned pauses; /* of eight events in a row, which pause */
};

struct result {
    struct fuzz_text log; /* events, states, drops, the end */
    unsigned events, ends, paused;
    unsigned pauses;
};

static void note(struct result *r, const char *what, const char *text,
                 size_t len)
{
    fuzz_text_add(&r->log, what, strlen(what));
    fuzz_text_add(&r->log, text, len);
    fuzz_text_add(&r->log, "\n", 1);
}

static int on_event(const sse_event *event, void *user)
{
    struct result *const r = (struct result *)user;
    FUZZ_REQUIRE(r->ends == 0 && !r->paused);
    note(r, "type ", event->type, event->type_len);
    note(r, "id ", event->id, event->id_len);
    note(r, "data ", event->data, event->data_len);
    r->paused = (r->pauses >> (r->events++ % 8)) & 1u;
    return r->paused ? SSE_PAUSE : SSE_GO;
}

static int on_dropped(const sse_drop *drop, void *user)
{
    char text[64];
    (void)snprintf(text, sizeof text, "%d %lu %lu", (int)drop->reason,
                   (unsigned long)drop->offset, (unsigned long)drop->bytes);
    note((struct result *)user, "drop ", text, strlen(text));
    return SSE_GO;
}

static int on_response(const sse_client_response *response, void *user)
{
    note((struct result *)user, "head ", response->head, response->head_len);
    return SSE_GO;
}

static void on_state(sse_source_state state, const sse_action *action,
                     void *user)
{
    char text[64];
    (void)snprintf(text, sizeof text, "%d %d", (int)state,
                   action->http_status);
    note((struct result *)user, "state ", text, strlen(text));
}

static void on_end(const sse_client_result *result, void *user)
{
    struct result *const r = (struct result *)user;
    char text[64];
    FUZZ_REQUIRE(r->ends == 0 && result->events == r->events);
    FUZZ_REQUIRE(result->body[result->body_len] == '\0');
    (void)snprintf(text, sizeof text, "%d %d %d %d", (int)result->status,
                   (int)result->reason, (int)result->cause,
                   result->http_status);
    note(r, "end ", text, strlen(text));
    note(r, "text ", result->text, strlen(result->text));
    note(r, "body ", result->body, result->body_len);
    r->ends++;
}

static sse_status setup(sse_parser *parser, void *user)
{
    (void)user;
    sse_parser_on_dropped(parser, on_dropped);
    return SSE_OK;
}

static sse_client *open_client(const struct course *course, struct result *r)
{
    sse_client_config config;
    sse_client *client;
    sse_client_config_init(&config);
    config.url = "http://127.0.0.1:9/0";
    config.method = course->method;
    config.reconnect = 0;
    config.connect_timeout_ms = 0;
    config.seed = 1;
    config.scratch_cap = 16;
    config.max_event_size = course->max_event;
    config.max_id_size = 16;
    config.max_type_size = 16;
    config.max_head_size = course->max_head;
    config.max_error_body = course->max_error;
    config.on_event = on_event;
    config.on_response = on_response;
    config.on_state = on_state;
    config.on_end = on_end;
    config.setup_parser = setup;
    config.user = r;
    FUZZ_REQUIRE(sse_client_open(&config, &client) == SSE_OK);
    return client;
}

/* As if it had followed all redirects it may and sent its request. */
static void begin(sse_client *client, sse_loop *loop, int fd)
{
    sse_action action;
    const char *why;
    char place[2] = "1";
    FUZZ_REQUIRE(sse_client_attach(client, loop) == SSE_OK);
    sse_source_next(&client->source, sse_loop_now_ms(loop), &action);
    FUZZ_REQUIRE(action.kind == SSE_ACTION_CONNECT);
    for (; place[0] <= '0' + SSE_PRIV_MAX_HOPS; place[0]++) {
        FUZZ_REQUIRE(sse_priv_route_follow(&client->route, 302, place, 1,
                                           &why) == SSE_OK);
    }
    sse_source_connected(&client->source, sse_loop_now_ms(loop));
    client->attempts = 1;
    client->link.fd = fd;
    client->link.peer = fuzz_copy("peer", sizeof "peer");
    client->mode = SSE_PRIV_CLIENT_HEAD;
    FUZZ_REQUIRE(sse_priv_client_write_request(client) == SSE_OK);
    sse_priv_client_begin_io(client);
}

/* Until all that was sent has been read, or the client reads no more. */
static void settle(sse_client *client, sse_loop *loop, struct result *r)
{
    int busy = 1;
    while (busy && r->ends == 0) {
        FUZZ_REQUIRE(sse_loop_turn(loop, 0) == SSE_OK);
        busy = r->paused != 0;
        if (busy) {
            FUZZ_REQUIRE(client->paused);
            r->paused = 0;
            sse_client_resume(client);
        } else if (client->link.fd >= 0 && client->ended == 0) {
            char byte;
            busy = recv(client->link.fd, &byte, 1,
                        MSG_PEEK | MSG_DONTWAIT) >= 0;
        }
    }
}

static struct result run(const struct course *course, const char *text,
                         size_t len)
{
    static sse_loop *loop; /* one for all runs: opening it takes longer */
    struct result r;
    struct fuzz_cuts cuts = course->cuts;
    int pair[2];
    memset(&r, 0, sizeof r);
    r.pauses = course->pauses;
    FUZZ_REQUIRE(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
    FUZZ_REQUIRE(sse_priv_fd_prepare(pair[0]));
    FUZZ_REQUIRE(loop != NULL || sse_loop_open(&loop) == SSE_OK);
    sse_client *const client = open_client(course, &r);
    begin(client, loop, pair[0]);
    for (size_t at = 0; at < len && r.ends == 0;) {
        const size_t n = fuzz_cut(&cuts, len - at);
        const size_t most = n < 4096 ? n : 4096;
        const ssize_t sent =
            most > 0 ? send(pair[1], text + at, most, MSG_NOSIGNAL) : 0;
        if (sent < 0) {
            break; /* it has hung up */
        }
        at += (size_t)sent;
        settle(client, loop, &r);
    }
    (void)shutdown(pair[1], SHUT_WR);
    for (int turn = 0; r.ends == 0; turn++) {
        FUZZ_REQUIRE(turn < 100);
        settle(client, loop, &r);
    }
    sse_client_close(client);
    (void)close(pair[1]);
    FUZZ_REQUIRE(r.ends == 1);
    return r;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const methods[] = {"GET", "HEAD", "POST"};
    struct fuzz_input input = fuzz_input_of(data, size);
    const struct fuzz_cuts whole = {0, 0};
    struct course course;
    course.max_head = 1 + fuzz_below(&input, 1024);
    course.max_event = 1 + fuzz_byte(&input);
    course.max_error = fuzz_byte(&input);
    course.method = methods[fuzz_byte(&input) % 3];
    const struct fuzz_cuts cuts = fuzz_cuts_of(fuzz_byte(&input));
    const unsigned pauses = fuzz_byte(&input);
    course.cuts = whole;
    course.pauses = 0;
    struct result want = run(&course, input.at, input.left);
    course.cuts = cuts;
    course.pauses = pauses;
    struct result got = run(&course, input.at, input.left);
    FUZZ_REQUIRE(fuzz_same(got.log.bytes, got.log.len, want.log.bytes,
                           want.log.len));
    fuzz_text_free(&want.log);
    fuzz_text_free(&got.log);
    return 0;
}
