/*
 * main.c - sse-chat: chat and extraction over Server-Sent Events.
 *
 * SPDX-License-Identifier: MIT
 */
#define _POSIX_C_SOURCE 200809L
#include <curl/curl.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sse/version.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "app.h"
#include "base/log.h"

#define FILES_WANTED 8192 /* descriptors: streams, readers, the upstream */

static int signal_pipe[2] = {-1, -1};

static void on_signal(int number)
{
    int saved = errno;
    ssize_t written = write(signal_pipe[1], "", 1);
    (void)written;
    (void)number;
    errno = saved;
}

static void on_pipe(sse_loop *loop, int fd, uint32_t ready, void *user)
{
    char byte;
    (void)loop;
    (void)ready;
    if (read(fd, &byte, 1) == 1) {
        app_end((struct app *)user);
    }
}

static int watch_signals(struct app *app)
{
    struct sigaction action;
    if (pipe(signal_pipe) != 0) {
        return -1;
    }
    for (int i = 0; i < 2; i++) {
        (void)fcntl(signal_pipe[i], F_SETFL, O_NONBLOCK);
        (void)fcntl(signal_pipe[i], F_SETFD, FD_CLOEXEC);
    }
    memset(&action, 0, sizeof action);
    action.sa_handler = on_signal;
    action.sa_flags = SA_RESTART;
    (void)sigaction(SIGINT, &action, NULL);
    (void)sigaction(SIGTERM, &action, NULL);
    action.sa_handler = SIG_IGN;
    (void)sigaction(SIGPIPE, &action, NULL);
    return sse_loop_fd_watch(app->loop, signal_pipe[0], SSE_LOOP_READ,
                             on_pipe, app) == SSE_OK
               ? 0
               : -1;
}

static void unwatch_signals(struct app *app)
{
    sse_loop_fd_forget(app->loop, signal_pipe[0]);
    (void)signal(SIGINT, SIG_DFL);
    (void)signal(SIGTERM, SIG_DFL);
    (void)close(signal_pipe[0]);
    (void)close(signal_pipe[1]);
}

static void raise_limits(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 &&
        limit.rlim_cur < FILES_WANTED) {
        limit.rlim_cur = limit.rlim_max == RLIM_INFINITY ||
                                 limit.rlim_max > FILES_WANTED
                             ? FILES_WANTED
                             : limit.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &limit);
    }
}

/* What was printed has to arrive; a reader that has left wanted no more. */
static int printed(void)
{
    if (fflush(stdout) == 0 || errno == EPIPE) {
        return 0;
    }
    perror("sse-chat: standard output");
    return 1;
}

/* @return 0, or 1 if nobody gets to know where it listens. */
static int say_hello(const struct app *app, const struct config *config)
{
    int v6 = strchr(config->address, ':') != NULL;
    printf("sse-chat: listening on http://%s%s%s:%u\n", v6 ? "[" : "",
           config->address, v6 ? "]" : "",
           (unsigned)sse_server_port(app->web.server));
    printf("sse-chat: database %s\n", config->db);
    if (app->offline != NULL) {
        puts("sse-chat: upstream is the offline one (no language model; set"
             " SSE_CHAT_UPSTREAM for a real one)");
    } else {
        printf("sse-chat: upstream %s\n", upstream_url(app->upstream));
    }
    return printed();
}

static int serve(const struct config *config)
{
    static struct app app;
    char error[512];
    raise_limits();
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        log_line("libcurl cannot be set up");
        return 1;
    }
    if (app_open(&app, config, error, sizeof error) != 0) {
        log_line("%s", error);
        curl_global_cleanup();
        return 1;
    }
    if (watch_signals(&app) != 0) {
        log_line("signals cannot be watched");
        app_close(&app);
        return 1;
    }
    int failed = say_hello(&app, config);
    if (!failed) {
        app_run(&app);
    }
    unwatch_signals(&app);
    app_close(&app);
    curl_global_cleanup();
    return failed;
}

/* A standard descriptor that is closed would be given to the next file or
 * socket, and messages would end up there.  Opened the wrong way round, so
 * that using it still fails. */
static void hold_standard_descriptors(void)
{
    for (int fd = 0; fd <= STDERR_FILENO; fd++) {
        if (fcntl(fd, F_GETFD) < 0) {
            (void)open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
        }
    }
}

int main(int argc, char **argv)
{
    struct config config;
    char error[512];
    hold_standard_descriptors();
    switch (config_read(&config, argc, argv, error, sizeof error)) {
    case CONFIG_RUN:
        return serve(&config);
    case CONFIG_HELP:
        config_usage(stdout);
        return printed();
    case CONFIG_VERSION:
        printf("sse-chat %s\n", sse_version());
        return printed();
    case CONFIG_BAD:
        break;
    }
    fprintf(stderr, "sse-chat: %s\nsse-chat: --help shows what there is\n",
            error);
    return 2;
}
