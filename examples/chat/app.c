/*
 * app.c - the parts of sse-chat, put together.
 *
 * SPDX-License-Identifier: MIT
 */
#define _POSIX_C_SOURCE 200809L
#include "app.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "http/handlers.h"
#include "offline/offline.h"

#define ANSWERS_MS 3000 /* for answers under way, after a signal */
#define DRAIN_MS 6000   /* for connections, answers included */
#define STORE_MS 5000   /* for the database, at the very end */

static int open_upstream(struct app *app, const struct config *config,
                         char *error, size_t cap)
{
    char url[64];
    struct upstream_config upstream = {
        config->upstream, config->api_key, config->model,
        config->agent,    config->upstream_idle_ms, 0};
    if (config->upstream == NULL) {
        uint16_t port;
        if (chat_offline_open(app->loop, &app->offline, &port) != SSE_OK) {
            (void)snprintf(error, cap, "the offline upstream cannot listen on"
                                       " a loopback port");
            return -1;
        }
        (void)snprintf(url, sizeof url, "http://127.0.0.1:%u",
                       (unsigned)port);
        upstream.url = url;
        upstream.api_key = NULL;
        upstream.agent = NULL;
        upstream.direct = 1;
    }
    app->upstream = upstream_open(app->loop, &upstream, error, cap);
    return app->upstream != NULL ? 0 : -1;
}

static int open_store(struct app *app, const struct config *config,
                      char *error, size_t cap)
{
    char why[256];
    app->store = store_open(app->loop, config->db, why, sizeof why);
    if (app->store == NULL) {
        (void)snprintf(error, cap, "cannot use the database %s: %s",
                       config->db, why);
        return -1;
    }
    return 0;
}

int app_open(struct app *app, const struct config *config, char *error,
             size_t error_cap)
{
    memset(app, 0, sizeof *app);
    if (sse_loop_open(&app->loop) != SSE_OK) {
        (void)snprintf(error, error_cap, "the event loop cannot be made");
        return -1;
    }
    if (open_store(app, config, error, error_cap) != 0 ||
        open_upstream(app, config, error, error_cap) != 0) {
        app_close(app);
        return -1;
    }
    app->web.accounts = accounts_open(app->store);
    app->web.library = library_open(app->store);
    app->web.chat = chat_open(app->loop, app->store, app->upstream);
    app->web.extract = extract_open(app->loop, app->store, app->upstream);
    if (web_open(&app->web, app->loop, config, error, error_cap) != 0) {
        app_close(app);
        return -1;
    }
    extract_resume(app->web.extract, handle_extract_resumed, &app->web);
    return 0;
}

void app_run(struct app *app)
{
    (void)sse_loop_run(app->loop);
}

static void stop_work(struct app *app)
{
    chat_stop(app->web.chat);
    extract_stop(app->web.extract);
    web_leave_jobs(&app->web);
}

static void on_grace(sse_loop *loop, sse_timer *timer, void *user)
{
    (void)loop;
    (void)timer;
    stop_work((struct app *)user);
}

static void on_drained(sse_server *server, void *user)
{
    (void)server;
    sse_loop_stop(((struct app *)user)->loop);
}

/* Somebody who presses Ctrl-C wants to know why nothing happens. */
static void say_waiting(const struct app *app)
{
    struct chat_stats chat;
    struct extract_stats extract;
    chat_get_stats(app->web.chat, &chat);
    extract_get_stats(app->web.extract, &extract);
    if (chat.running > 0) {
        log_line("ending; answers under way (%llu) get %d s, a second signal"
                 " does not wait",
                 (unsigned long long)chat.running, ANSWERS_MS / 1000);
    }
    if (extract.running > 0) {
        log_line("ending; documents being read (%llu) go on at the next start",
                 (unsigned long long)extract.running);
    }
}

void app_end(struct app *app)
{
    if (app->ending) {
        sse_loop_stop(app->loop);
        return;
    }
    app->ending = 1;
    say_waiting(app);
    web_drain(&app->web, DRAIN_MS, on_drained, app);
    (void)sse_timer_start(app->loop, &app->grace, ANSWERS_MS, on_grace, app);
}

/* What was said is on the disk before the process ends. */
static void flush_store(struct app *app)
{
    uint64_t until = sse_loop_now_ms(app->loop) + STORE_MS;
    while (store_pending(app->store) > 0) {
        (void)sse_loop_turn(app->loop, 50);
        if (sse_loop_now_ms(app->loop) >= until) {
            log_line("the database does not answer; leaving");
            _exit(1);
        }
    }
}

void app_close(struct app *app)
{
    if (app->web.server != NULL) {
        stop_work(app);
        flush_store(app);
        sse_timer_stop(app->loop, &app->grace);
        web_close(&app->web);
    }
    chat_close(app->web.chat);
    extract_close(app->web.extract);
    library_close(app->web.library);
    accounts_close(app->web.accounts);
    upstream_close(app->upstream);
    chat_offline_close(app->offline);
    store_close(app->store);
    sse_loop_close(app->loop);
    memset(app, 0, sizeof *app);
}
