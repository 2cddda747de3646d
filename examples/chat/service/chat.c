/*
 * chat.c - a message goes in, its answer comes out and is kept.
 *
 * SPDX-License-Identifier: MIT
 */
#include "service/chat.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "service/run.h"

struct pending_send {
    struct chat *chat;
    void (*reply)(void *user, const struct chat_reply *reply);
    void *user;
    uint64_t begun_ms;
};

static void on_sent(struct store_call *call)
{
    static const enum chat_result results[] = {
        CHAT_STARTED, CHAT_NOT_FOUND, CHAT_BUSY, CHAT_CONFLICT, CHAT_UNSAVED};
    struct store_send *sent = (struct store_send *)call;
    struct pending_send *pending = (struct pending_send *)call->user;
    struct chat_reply reply = {results[call->result], NULL, &sent->answer};
    if (reply.result == CHAT_STARTED && sent->replayed) {
        reply.result = CHAT_REPEATED;
    }
    if (reply.result == CHAT_STARTED) {
        call->keep = 1;
        reply.run = run_new(pending->chat, sent, pending->begun_ms);
    }
    pending->reply(pending->user, &reply);
    /* It may have been cancelled at once. */
    if (reply.run != NULL && reply.run->state == RUN_SEARCHING) {
        run_begin(reply.run);
    }
    free(pending);
}

void chat_send(struct chat *chat, const struct chat_message *message,
               void (*reply)(void *user, const struct chat_reply *reply),
               void *user)
{
    struct pending_send *pending =
        (struct pending_send *)mem_zero(1, sizeof *pending);
    pending->chat = chat;
    pending->reply = reply;
    pending->user = user;
    pending->begun_ms = sse_loop_now_ms(chat->loop);
    struct store_send *want =
        (struct store_send *)store_call_new(sizeof *want, on_sent, pending);
    want->user_seq = message->user_seq;
    want->session = message->session;
    want->content =
        store_call_copy(&want->call, message->content, message->content_len);
    want->content_len = message->content_len;
    if (message->key != NULL) {
        want->key = store_call_copy(&want->call, message->key,
                                    strlen(message->key));
    }
    want->history = CHAT_HISTORY;
    store_send(chat->store, want);
}

void chat_run_listen(struct chat_run *run, const struct chat_sink *sink,
                     void *user)
{
    run->sink = *sink;
    run->user = user;
    run->listened = 1;
}

void chat_run_resume(struct chat_run *run)
{
    if (run->state == RUN_ASKING) {
        upstream_resume(run->call);
    }
}

void chat_run_cancel(struct chat_run *run)
{
    if (run->state != RUN_SAVING) {
        run->end.status = ANSWER_CANCELLED;
        run->end.finish_reason = "cancelled";
        run_give_up(run);
    }
}

void chat_stop(struct chat *chat)
{
    for (struct chat_run *run = chat->runs; run != NULL; run = run->next) {
        if (run->state != RUN_SAVING) {
            run->end.status = ANSWER_TRUNCATED;
            run->end.code = "truncated";
            run->end.message = "The server is shutting down.";
            run->end.stage = "stream";
            run->end.retryable = 1;
            run_give_up(run);
        }
    }
}

struct chat *chat_open(sse_loop *loop, struct store *store,
                       struct upstream *upstream)
{
    struct chat *chat = (struct chat *)mem_zero(1, sizeof *chat);
    chat->loop = loop;
    chat->store = store;
    chat->upstream = upstream;
    return chat;
}

void chat_close(struct chat *chat)
{
    if (chat == NULL) {
        return;
    }
    while (chat->runs != NULL) {
        run_free(chat->runs);
    }
    free(chat);
}

void chat_get_stats(const struct chat *chat, struct chat_stats *stats)
{
    *stats = chat->stats;
}

void chat_get_upstream_stats(const struct chat *chat,
                             struct upstream_stats *stats)
{
    upstream_get_stats(chat->upstream, stats);
}
