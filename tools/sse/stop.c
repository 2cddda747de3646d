/*
 * stop.c - SIGINT, SIGTERM and SIGHUP as something that can be waited for.
 *
 * SPDX-License-Identifier: MIT
 */
#define _POSIX_C_SOURCE 200809L

#include "stop.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <unistd.h>

static volatile sig_atomic_t asked;
static int pipe_ends[2] = {-1, -1};

static void on_signal(int number)
{
    const int saved = errno;
    const char byte = 0;
    asked = number;
    /* The pipe is never read: if it is full, it is readable already. */
    if (write(pipe_ends[1], &byte, 1) < 0) {
        errno = saved;
    }
    errno = saved;
}

int stop_watch(void)
{
    if (pipe(pipe_ends) < 0) {
        return -1;
    }
    for (int i = 0; i < 2; i++) {
        if (fcntl(pipe_ends[i], F_SETFD, FD_CLOEXEC) < 0 ||
            fcntl(pipe_ends[i], F_SETFL, O_NONBLOCK) < 0) {
            return -1;
        }
    }
    static const int others[] = {SIGTERM, SIGHUP};
    struct sigaction action;
    sigemptyset(&action.sa_mask);
    /* No SA_RESTART: a blocked read or write shall return.  SA_RESETHAND: the
     * second signal ends a program that cannot end by itself. */
    action.sa_flags = (int)SA_RESETHAND;
    action.sa_handler = on_signal;
    /* SIGINT also where a shell started us in the background and set it to
     * be ignored: that it ends with 130 is promised. */
    if (sigaction(SIGINT, &action, NULL) < 0) {
        return -1;
    }
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        struct sigaction old;
        if (sigaction(others[i], NULL, &old) < 0 ||
            (old.sa_handler != SIG_IGN &&
             sigaction(others[i], &action, NULL) < 0)) {
            return -1;
        }
    }
    return 0;
}

int stop_asked(void)
{
    return asked;
}

int stop_fd(void)
{
    return pipe_ends[0];
}
