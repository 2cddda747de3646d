/*
 * reply.c - an answer on its way, word by word.
 *
 * SPDX-License-Identifier: MIT
 */
#define _POSIX_C_SOURCE 200809L
#include <sse/llm.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/json.h"
#include "base/mem.h"
#include "offline/parts.h"

#define ID_CAP 40
#define BLOCK_CAP 4096 /* bytes of one event: model, text and what is around */
#define AT_A_TIME 16   /* words in one turn where there is no delay */

/* What is sent next. */
enum phase { PHASE_ROLE, PHASE_TEXT, PHASE_FINISH, PHASE_USAGE, PHASE_DONE,
             PHASE_END };

struct reply {
    struct chat_offline *offline;
    struct reply *next, **link; /* of the list of all */
    sse_stream *stream;
    sse_timer timer;
    struct answer answer;
    struct buf out;    /* bytes of the block under way */
    size_t out_at;     /* those already written */
    size_t at;         /* bytes of the text already sent */
    long sent;         /* pieces of it */
    long halfway;      /* pieces before a fault in mid-answer */
    enum phase phase;
    enum mishap mishap;
    int usage;
    long prompt_tokens;
    char *model;
    char id[ID_CAP];
    int64_t created;
};

static void name_answer(struct chat_offline *offline, char id[ID_CAP])
{
    (void)snprintf(id, ID_CAP, "chatcmpl-offline-%lu", ++offline->answers);
}

void reply_whole(struct chat_offline *offline, sse_request *request,
                 const struct ask *ask, struct answer *answer)
{
    static const sse_http_header type = {"Content-Type", "application/json"};
    char id[ID_CAP];
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

/* Takes a block to be sent. */
static void take_block(struct reply *reply, const char *block, size_t len)
{
    buf_clear(&reply->out);
    reply->out_at = 0;
    for (size_t i = 0; i < len; i++) {
        if (block[i] == '\n' && reply->mishap == MISHAP_CRLF) {
            (void)buf_add_text(&reply->out, "\r");
        }
        (void)buf_add(&reply->out, block + i, 1);
    }
}

static void take_chunk(struct reply *reply, const sse_llm_chunk *chunk)
{
    char block[BLOCK_CAP];
    size_t len = 0;
    if (sse_llm_openai_chunk_write(chunk, block, sizeof block, &len) ==
        SSE_OK) {
        take_block(reply, block, len);
    }
}

static void take_error(struct reply *reply)
{
    const sse_llm_error error = {"offline_fault", "server_error",
                                 "A fault that was asked for."};
    char block[BLOCK_CAP];
    size_t len = 0;
    (void)sse_llm_openai_error_write(&error, block, sizeof block, &len);
    take_block(reply, block, len);
}

static sse_llm_chunk chunk_of(const struct reply *reply)
{
    sse_llm_chunk chunk;
    memset(&chunk, 0, sizeof chunk);
    chunk.id = reply->id;
    chunk.model = reply->model;
    chunk.created = reply->created;
    chunk.usage_asked = reply->usage;
    return chunk;
}

static const char error_field[] =
    "error: {\"code\":500,\"message\":\"A fault that was asked for.\","
    "\"type\":\"server_error\"}\n\n";

static const char bad_json[] = "data: {\"choices\":[\n\n";

/* Does what a fault does in mid-answer.
 * @return not 0 if nothing is sent after it. */
static int break_midway(struct reply *reply)
{
    const enum mishap mishap = reply->mishap;
    reply->mishap = MISHAP_NONE;
    if (mishap == MISHAP_CUT) {
        sse_stream_abort(reply->stream);
    } else if (mishap == MISHAP_RESET) {
        sse_stream_reset(reply->stream);
    } else if (mishap == MISHAP_ERROR_MIDSTREAM) {
        take_error(reply);
        reply->phase = PHASE_END;
    } else if (mishap == MISHAP_ERROR_FIELD) {
        take_block(reply, error_field, sizeof error_field - 1);
        reply->phase = PHASE_END;
    } else if (mishap == MISHAP_BAD_JSON) {
        take_block(reply, bad_json, sizeof bad_json - 1);
    } else if (mishap == MISHAP_NO_END) {
        reply->phase = PHASE_END;
    }
    /* A stall lasts until the reader goes. */
    return mishap == MISHAP_CUT || mishap == MISHAP_RESET ||
           mishap == MISHAP_STALL;
}

static void next_text(struct reply *reply)
{
    const struct answer *const answer = &reply->answer;
    sse_llm_chunk chunk = chunk_of(reply);
    if (reply->at == answer->len) {
        reply->phase = PHASE_FINISH;
        return;
    }
    chunk.text = answer->text.at + reply->at;
    chunk.text_len = piece_len(answer->text.at, answer->text.len, reply->at,
                               answer->kind);
    take_chunk(reply, &chunk);
    reply->at += chunk.text_len;
    reply->sent++;
}

static void next_finish(struct reply *reply)
{
    sse_llm_chunk chunk = chunk_of(reply);
    chunk.finish_reason = reply->answer.finish;
    if (reply->mishap != MISHAP_NO_FINISH) {
        take_chunk(reply, &chunk);
    }
    reply->phase = PHASE_USAGE;
}

static void next_usage(struct reply *reply)
{
    const sse_llm_usage usage = {reply->prompt_tokens, reply->answer.tokens,
                                 -1, -1, -1};
    sse_llm_chunk chunk = chunk_of(reply);
    chunk.usage = &usage;
    if (reply->usage) {
        take_chunk(reply, &chunk);
    }
    reply->phase = PHASE_DONE;
}

static void next_done(struct reply *reply)
{
    char block[32];
    size_t len = 0;
    (void)sse_llm_openai_done_write(block, sizeof block, &len);
    if (reply->mishap != MISHAP_NO_DONE) {
        take_block(reply, block, len);
    }
    reply->phase = PHASE_END;
}

static void next_role(struct reply *reply)
{
    sse_llm_chunk chunk = chunk_of(reply);
    chunk.role = "assistant";
    chunk.text = "";
    if (reply->mishap == MISHAP_ERROR_FIRST) {
        take_error(reply);
        reply->phase = PHASE_END;
        return;
    }
    take_chunk(reply, &chunk);
    reply->phase = PHASE_TEXT;
}

static int is_midway(const struct reply *reply)
{
    return reply->phase == PHASE_TEXT && reply->sent == reply->halfway &&
           mishap_is_midway(reply->mishap);
}

/* Makes the next block.  @return not 0 if nothing is sent any more. */
static int next_block(struct reply *reply)
{
    if (is_midway(reply)) {
        return break_midway(reply);
    }
    switch (reply->phase) {
    case PHASE_ROLE:
        next_role(reply);
        break;
    case PHASE_TEXT:
        next_text(reply);
        break;
    case PHASE_FINISH:
        next_finish(reply);
        break;
    case PHASE_USAGE:
        next_usage(reply);
        break;
    case PHASE_DONE:
        next_done(reply);
        break;
    case PHASE_END:
        (void)sse_stream_end(reply->stream);
        return 1;
    }
    return 0;
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
        if (is_midway(reply) && words > 0) {
            break; /* what came before the fault goes out before it */
        }
        if (next_block(reply)) {
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
