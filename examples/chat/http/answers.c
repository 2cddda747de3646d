/*
 * answers.c - the events of an answer.
 *
 * SPDX-License-Identifier: MIT
 */
#include "http/answers.h"

#include <string.h>

#include "base/json.h"
#include "service/faults.h"

void answer_start(struct channel *channel, const struct answer_row *row)
{
    json_t *payload = json_object();
    json_put(payload, "status", json_string("streaming"));
    json_put(payload, "stream_id", json_string(row->stream.text));
    json_put(payload, "user_message_id", json_string(row->user_message.text));
    channel_add_json(channel, EVENT_START, payload);
}

static void add_done(struct channel *channel, const struct id *user_message,
                     const struct id *answer, const struct chat_end *end)
{
    json_t *usage = json_object();
    json_put(usage, "prompt_tokens", json_number_or_null(end->usage.prompt));
    json_put(usage, "completion_tokens",
             json_number_or_null(end->usage.completion));
    json_put(usage, "total_tokens", json_number_or_null(end->usage.total));
    json_t *payload = json_object();
    json_put(payload, "status", json_string(answer_status_name(end->status)));
    json_put(payload, "user_message_id", json_string(user_message->text));
    json_put(payload, "assistant_message_id", json_string(answer->text));
    json_put(payload, "finish_reason", json_text_or_null(end->finish_reason));
    json_put(payload, "usage", usage);
    channel_add_json(channel, EVENT_DONE, payload);
}

static void add_error(struct channel *channel, const struct chat_end *end)
{
    json_t *payload = json_object();
    json_put(payload, "code", json_string(end->code));
    json_put(payload, "message", json_string(end->message));
    json_put(payload, "retryable", json_boolean(end->retryable));
    json_put(payload, "stage", json_string(end->stage));
    channel_add_json(channel, EVENT_ERROR, payload);
}

void answer_end(struct channel *channel, const struct id *user_message,
                const struct id *answer, const struct chat_end *end)
{
    if (end->code == NULL) {
        add_done(channel, user_message, answer, end);
    } else {
        add_error(channel, end);
    }
    channel_end(channel);
}

struct channel *answer_again(struct web *web, int64_t user_seq,
                             const struct answer_row *row)
{
    struct channel *channel =
        channel_new(web, CHANNEL_ANSWER, &row->stream, user_seq);
    struct chat_end end;
    memset(&end, 0, sizeof end);
    end.status = row->status;
    end.finish_reason = row->finish_reason;
    end.usage = row->usage;
    if (row->status != ANSWER_COMPLETE && row->status != ANSWER_CANCELLED) {
        end.code = row->error_code != NULL ? row->error_code : "truncated";
        end.message = fault_message(end.code);
        end.retryable = fault_retryable(end.code);
        end.stage = row->content_len > 0 ? "stream" : "upstream";
    }
    answer_start(channel, row);
    if (row->content_len > 0) {
        (void)channel_add(channel, EVENT_TEXT, row->content,
                          row->content_len);
    }
    answer_end(channel, &row->user_message, &row->id, &end);
    return channel;
}
