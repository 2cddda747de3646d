/*
 * reply.c - an answer on its way, word by word.
 *
 * SPDX-License-Identifier: MIT
 */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/json.h"
#include "base/mem.h"
#include "offline/reply.h"

#define AT_A_TIME 16   /* words in one turn where there is no delay */

static void name_answer(struct chat_offline *offline,
                        char id[REPLY_ID_CAP])
{
    (void)snprintf(id, REPLY_ID_CAP, "chatcmpl-offline-%lu",
                   ++offline->answers);
}

void reply_whole(struct chat_offline *offline, sse_request *request,
                 const struct ask *ask, struct answer *answer)
{
    static const sse_http_header type = {"Content-Type", "application/json"};
    char id[REPLY_ID_CAP];
    name_answer(offline, id);
    json_t *const body = json_pack_checked(
        "{s:s,s:s,s:I,s:s,s:[{s:i,s:{s:s,s:o,s:n},s:n,s:s}],"
        "s:{s:I,s:I,s:I}}",
        "id", id, "object", "chat.completion", "created",
        (json_int_t)time(NULL), "model", ask->model, "choices", "index", 0,
        "message", "role", "assistant", "content",
        json_text_of(buf_text(&answer->text), answer->len), "refusal",
        "logprobs", "finish_reason", answer->finish, "usage", "prompt_tokens",
        (json_int_t)ask->prompt_tokens, "completion_tokens",
        (json_int_t)answer->tokens, "total_tokens",
        (json_int_t)(ask->prompt_tokens + answer->tokens));
    char *const text = json_text(body);
    (void)sse_request_respond(request, 200, &type, 1, text, strlen(text));
    free(text);
    buf_free(&answer->text);
}

static void reply_free(struct reply *reply)
{
    sse_timer_stop(reply->offline->loop, &reply->timer);
    *reply->link = reply->next;
    if (reply->next != NULL) {
        reply->next->link = reply->link;
    }
    buf_free(&reply->answer.text);
    buf_free(&reply->out);
    free(reply->model);
    free(reply);
}

static void on_close(sse_stream *stream, int clean, void *user)
{
    (void)stream;
    (void)clean;
    reply_free((struct reply *)user);
}

/* Writes of the block under way what the fault allows at a time.
 * @return SSE_OK if something was written. */
static sse_status write_some(struct reply *reply)
{
    const size_t left = reply->out.len - reply->out_at;
    const size_t len = reply->mishap == MISHAP_BYTEWISE ? 1 : left;
    const sse_status status = sse_stream_write(
        reply->stream, reply->out.at + reply->out_at, len);
    if (status == SSE_OK) {
        reply->out_at += len;
    }
    return status;
}

static void go_on(struct reply *reply);

static void on_time(sse_loop *loop, sse_timer *timer, void *user)
{
    (void)loop;
    (void)timer;
    go_on((struct reply *)user);
}

static void on_writable(sse_stream *stream, void *user)
{
    (void)stream;
    go_on((struct reply *)user);
}

static void wait(struct reply *reply, uint64_t ms)
{
    (void)sse_timer_start(reply->offline->loop, &reply->timer, ms, on_time,
                          reply);
}

/* Sends what is to be sent now, and sees to it that the rest follows: after the
 * delay, or when the reader has read.  Once the stream is over nothing
 * follows but its close callback. */
static void go_on(struct reply *reply)
{
    for (int words = 0; words < AT_A_TIME;) {
        if (reply->out_at < reply->out.len) {
            if (write_some(reply) != SSE_OK) {
                return;
            }
            if (reply->out_at < reply->out.len) {
                wait(reply, 0);
                return;
            }
            words++;
            if (reply->phase == PHASE_TEXT && reply->offline->delay_ms > 0) {
                wait(reply, reply->offline->delay_ms);
                return;
            }
        }
        if (reply_is_midway(reply) && words > 0) {
            break; /* what came before the fault goes out before it */
        }
        if (reply_next_block(reply)) {
            return;
        }
    }
    wait(reply, 0);
}

void reply_stream(struct chat_offline *offline, sse_request *request,
                  const struct ask *ask, struct answer *answer,
                  enum mishap mishap)
{
    sse_stream *stream = NULL;
    if (sse_stream_open(request, NULL, 0, &stream) != SSE_OK) {
        buf_free(&answer->text);
        offline_refuse(request, 503, "The answer cannot be sent.", NULL, NULL);
        return;
    }
    struct reply *const reply = (struct reply *)mem_zero(1, sizeof *reply);
    reply->offline = offline;
    reply->stream = stream;
    reply->answer = *answer;
    reply->halfway = (answer->tokens + 1) / 2;
    reply->mishap = mishap;
    reply->usage = ask->usage;
    reply->prompt_tokens = ask->prompt_tokens;
    reply->model = mem_string(ask->model);
    reply->created = (int64_t)time(NULL);
    name_answer(offline, reply->id);
    reply->link = &offline->replies;
    reply->next = offline->replies;
    if (reply->next != NULL) {
        reply->next->link = &reply->next;
    }
    offline->replies = reply;
    sse_stream_on_close(stream, on_close, reply);
    sse_stream_on_writable(stream, on_writable, reply);
    wait(reply, 0);
}
