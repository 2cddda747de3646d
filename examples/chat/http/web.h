/*
 * web.h - the HTTP side of sse-chat: what all its files share.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef CHAT_WEB_H
#define CHAT_WEB_H

#include <sse/sock.h>

#include "config.h"
#include "http/channels.h"
#include "http/limits.h"
#include "service/accounts.h"
#include "service/chat.h"
#include "service/extract.h"
#include "service/library.h"

#define WEB_JSON_MAX ((uint64_t)256 << 10)     /* bytes of a JSON body */
#define WEB_DOCUMENT_MAX ((uint64_t)16 << 20)  /* bytes of a document */
#define WEB_BODIES_MAX ((size_t)128 << 20)     /* bytes of all bodies */
#define WEB_STREAM_BUFFER ((size_t)256 << 10)  /* bytes queued for a reader */
#define WEB_SEND_BUFFER (64 << 10)             /* bytes the kernel queues */
#define WEB_STATUS_MAX 600

struct web {
    sse_loop *loop;
    sse_server *server;
    const struct config *config;
    struct accounts *accounts;
    struct library *library;
    struct chat *chat;
    struct extract *extract;
    struct limits limits;
    struct channels channels;
    int local;                         /* listens on a loopback address */
    uint64_t statuses[WEB_STATUS_MAX]; /* answers by status */
};

/**
 * Listens.
 *
 * @param web  Zeroed, with the four services filled in; they are the caller's
 *             and stay so.
 * @return 0, or -1 with @p error filled in.
 */
int web_open(struct web *web, sse_loop *loop, const struct config *config,
             char *error, size_t error_cap);

/** Listens no more and lets requests end; what is not done in time is cut. */
void web_drain(struct web *web, uint32_t within_ms, sse_server_fn done,
               void *user);

/** Ends the streams of those who watch jobs. */
void web_leave_jobs(struct web *web);

/** Closes connections and frees. */
void web_close(struct web *web);

#endif /* CHAT_WEB_H */
