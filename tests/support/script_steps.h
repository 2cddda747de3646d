/*
 * script_steps.h - inside of the scripted server.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TESTS_SCRIPT_STEPS_H
#define TESTS_SCRIPT_STEPS_H

#include "script_server.h"

#include <pthread.h>

#define SCRIPT_MAX_REQUESTS 4096u

typedef struct script_connection {
    script_server *server;
    script steps;
    int fd;
    pthread_t thread;
    struct script_connection *next;
    int done; /* its thread has nothing more to do */
} script_connection;

struct script_server {
    const script *scripts;
    size_t script_count;
    int listener;
    uint16_t port;
    int is_v6;
    pthread_t thread;
    char url[256];
    pthread_mutex_t lock; /* over what follows, and `done` */
    int stopping;
    uint64_t gates;
    size_t accepted, hangups, request_count;
    uint64_t sent;
    char *requests[SCRIPT_MAX_REQUESTS];
    uint64_t request_ms[SCRIPT_MAX_REQUESTS];
    script_connection *connections; /* of the accepting thread alone */
};

/** Not 0 once the server is to stop. */
int script_is_stopping(script_server *server);

/** Waits for poll() events.  @return 0 when the server stops. */
int script_wait_for(script_server *server, int fd, short events);

/** Thread of one connection. */
void *script_serve(void *connection);

#endif /* TESTS_SCRIPT_STEPS_H */
