/*
 * sock_client.c - prints the events of one or more http URLs, all in one loop
 * and without any library but libsse-sock, reconnecting by itself.
 *
 *     sock_client URL...
 *
 * SPDX-License-Identifier: MIT
 */
#include <sse/sock.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* One stream; the user pointer of its hooks. */
struct reader {
    sse_loop *loop;
    sse_client *client;
    const char *url;
    unsigned *running; /* how many have not ended */
    int failed;
};

static int wake[2]; /* a pipe, for the handler of a signal */

static int on_event(const sse_event *event, void *user)
{
    const struct reader *const reader = (const struct reader *)user;
    printf("%s [%.*s] %.*s\n", reader->url, (int)event->type_len, event->type,
           (int)event->data_len, event->data);
    return fflush(stdout) == 0 ? SSE_GO : SSE_STOP;
}

static void on_state(sse_source_state state, const sse_action *action,
                     void *user)
{
    const struct reader *const reader = (const struct reader *)user;
    if (state == SSE_SOURCE_WAITING) {
        fprintf(stderr, "%s: again in %llu ms: %s\n", reader->url,
                (unsigned long long)action->delay_ms,
                sse_client_error_text(reader->client));
    }
}

/* Exactly once for each, whatever happens. */
static void on_end(const sse_client_result *result, void *user)
{
    struct reader *const reader = (struct reader *)user;
    reader->failed =
        result->status < 0 && result->status != SSE_ERR_CANCELLED;
    fprintf(stderr, "%s: %llu events; %s\n", reader->url,
            (unsigned long long)result->events, result->text);
    if (--*reader->running == 0) {
        sse_loop_stop(reader->loop);
    }
}

static void on_interrupt(int number)
{
    (void)number;
    (void)!write(wake[1], "", 1);
}

static void on_wake(sse_loop *loop, int fd, uint32_t ready, void *user)
{
    (void)fd;
    (void)ready;
    (void)user;
    sse_loop_stop(loop);
}

static sse_status start(struct reader *reader)
{
    sse_client_config config;
    sse_client_config_init(&config);
    config.url = reader->url;
    config.user_agent = "sock_client";
    config.idle_timeout_ms = 60000; /* servers send a comment now and then */
    config.on_event = on_event;
    config.on_state = on_state;
    config.on_end = on_end;
    config.user = reader;
    sse_status status = sse_client_open(&config, &reader->client);
    if (status == SSE_OK) {
        ++*reader->running;
        status = sse_client_attach(reader->client, reader->loop);
    }
    return status;
}

int main(int argc, char **argv)
{
    const int count = argc - 1;
    if (count < 1) {
        fprintf(stderr, "usage: sock_client URL...\n");
        return 2;
    }
    struct reader *const readers =
        (struct reader *)calloc((size_t)argc, sizeof *readers);
    sse_loop *loop = NULL;
    unsigned running = 0;
    if (readers == NULL || pipe(wake) != 0 || sse_loop_open(&loop) != SSE_OK ||
        sse_loop_fd_watch(loop, wake[0], SSE_LOOP_READ, on_wake, NULL) !=
            SSE_OK) {
        perror("sock_client");
        sse_loop_close(loop);
        free(readers);
        return 1;
    }
    (void)signal(SIGINT, on_interrupt);
    for (int i = 0; i < count; i++) {
        const struct reader reader = {loop, NULL, argv[i + 1], &running, 0};
        readers[i] = reader;
        const sse_status status = start(&readers[i]);
        if (status != SSE_OK) {
            readers[i].failed = 1;
            fprintf(stderr, "%s: %s\n", argv[i + 1], sse_strerror(status));
        }
    }
    int failed = running > 0 && sse_loop_run(loop) != SSE_OK;
    for (int i = 0; i < count; i++) {
        sse_client_close(readers[i].client);
        failed |= readers[i].failed;
    }
    sse_loop_close(loop);
    free(readers);
    return failed;
}
