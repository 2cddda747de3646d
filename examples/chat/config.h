/*
 * config.h - settings of sse-chat, from flags and environment.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef CHAT_CONFIG_H
#define CHAT_CONFIG_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/** What the command line asks for. */
enum config_action { CONFIG_RUN, CONFIG_HELP, CONFIG_VERSION, CONFIG_BAD };

/** Strings are borrowed from the arguments and the environment. */
struct config {
    char address[64];         /* numeric, to listen on */
    uint16_t port;            /* 0 takes a free one */
    const char *db;           /* file of the database */
    const char *upstream;     /* NULL: the offline upstream */
    const char *api_key;      /* NULL: none is sent */
    const char *model;        /* NULL: none is named */
    const char *agent;        /* NULL: the common path */
    const char *host;         /* a name the server is reached by, beside IP
                                 addresses and localhost; NULL: none */
    const char *error_event;  /* type of error events */
    uint32_t keep_alive_ms;   /* 0: no comments */
    uint32_t upstream_idle_ms; /* longest silence of the upstream */
};

/**
 * Reads the settings: defaults, then SSE_CHAT_* of the environment, then
 * flags.
 *
 * @param error  Out, for CONFIG_BAD: what to tell the user.
 */
enum config_action config_read(struct config *config, int argc,
                               char *const *argv, char *error,
                               size_t error_cap);

/** Prints how to call the program. */
void config_usage(FILE *out);

#endif /* CHAT_CONFIG_H */
