/*
 * reply_blocks.c - the events of a streamed answer, and how faults break them.
 *
 * SPDX-License-Identifier: MIT
 */
#include <sse/llm.h>

#include <string.h>

#include "offline/reply.h"

#define BLOCK_CAP 4096 /* bytes of one event: model, text and what is around */

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

int reply_is_midway(const struct reply *reply)
{
    return reply->phase == PHASE_TEXT && reply->sent == reply->halfway &&
           mishap_is_midway(reply->mishap);
}

int reply_next_block(struct reply *reply)
{
    if (reply_is_midway(reply)) {
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
