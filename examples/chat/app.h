/*
 * app.h - the parts of sse-chat, put together.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef CHAT_APP_H
#define CHAT_APP_H

#include <sse/sock.h>

#include "config.h"
#include "http/web.h"

struct chat_offline;

struct app {
    sse_loop *loop;
    struct store *store;
    struct chat_offline *offline; /* NULL with an upstream of the user's */
    struct upstream *upstream;
    struct web web;               /* and the services it stands on */
    sse_timer grace; /* for answers under way, once the end was asked for */
    int ending;
};

/** Opens everything, from the store up to the port.
 *  @return 0; -1 with @p error filled in, and nothing left open. */
int app_open(struct app *app, const struct config *config, char *error,
             size_t error_cap);

/** Serves until app_end() has come to its end. */
void app_run(struct app *app);

/** Asks for an orderly end: no new connections, answers under way get a moment
 *  and are then closed as truncated.  A second call does not wait. */
void app_end(struct app *app);

/** Closes everything. */
void app_close(struct app *app);

#endif /* CHAT_APP_H */
