/*
 * run.c - one answer under way: looking up, asking, taking text.
 *
 * SPDX-License-Identifier: MIT
 */
#include "service/run.h"

#include <stdlib.h>

#include "base/mem.h"
#include "service/prompt.h"

static void no_usage(struct chat_run *run)
{
    run->end.usage.prompt = -1;
    run->end.usage.completion = -1;
    run->end.usage.total = -1;
}

static void on_checkpoint_timer(sse_loop *loop, sse_timer *timer, void *user)
{
    struct chat_run *run = (struct chat_run *)user;
    run_checkpoint(run);
    (void)sse_timer_start(loop, timer, CHAT_CHECKPOINT_MS,
                          on_checkpoint_timer, run);
}

static int on_text(void *user, const char *text, size_t len)
{
    struct chat_run *run = (struct chat_run *)user;
    if (run->timing.first_token_ms < 0) {
        run->timing.first_token_ms =
            (int64_t)(sse_loop_now_ms(run->chat->loop) - run->begun_ms);
    }
    if (buf_add(&run->text, text, len) != 0) {
        upstream_cancel(run->call);
        run->end.status = ANSWER_TRUNCATED;
        run->end.code = "truncated";
        run->end.stage = "stream";
        run->end.message = "The answer is longer than this server keeps.";
        no_usage(run);
        run_finish(run);
        return 1;
    }
    if (run->text.len - run->saved >= CHAT_CHECKPOINT_BYTES) {
        run_checkpoint(run);
    }
    return run->listened ? run->sink.text(run->user, text, len) : 0;
}

static void on_upstream_end(void *user, const struct upstream_end *end)
{
    struct chat_run *run = (struct chat_run *)user;
    run->end.finish_reason = end->finish_reason;
    run->end.usage.prompt = end->usage.prompt_tokens;
    run->end.usage.completion = end->usage.completion_tokens;
    run->end.usage.total = end->usage.total_tokens;
    run->timing.first_byte_ms = end->first_byte_ms;
    run->timing.longest_gap_ms = end->longest_gap_ms;
    run->end.code = end->code;
    run->end.message = end->message;
    run->end.retryable = end->retryable;
    run->end.stage = end->text_came ? "stream" : "upstream";
    run->end.status = end->code == NULL ? ANSWER_COMPLETE
                      : end->verdict == SSE_LLM_TRUNCATED ? ANSWER_TRUNCATED
                                                          : ANSWER_FAILED;
    run_finish(run);
}

static void ask(struct chat_run *run, const struct store_search *found)
{
    static const struct upstream_hooks hooks = {on_text, on_upstream_end};
    json_t *messages = prompt_chat(run->sent->rows, run->sent->count,
                                   found->rows, found->count);
    store_call_free(&run->sent->call);
    run->sent = NULL;
    run->state = RUN_ASKING;
    run->call = upstream_start(run->chat->upstream, messages, UPSTREAM_PERSON,
                               &hooks, run);
    (void)sse_timer_start(run->chat->loop, &run->timer, CHAT_CHECKPOINT_MS,
                          on_checkpoint_timer, run);
}

static void on_found(struct store_call *call)
{
    struct chat_run *run = (struct chat_run *)call->user;
    if (run->state != RUN_SEARCHING) {
        return;
    }
    /* An answer without passages is better than none. */
    ask(run, (struct store_search *)call);
}

void run_begin(struct chat_run *run)
{
    const struct message_row *newest = &run->sent->rows[run->sent->count - 1];
    struct store_search *want = (struct store_search *)store_call_new(
        sizeof *want, on_found, run);
    typedef char word[PROMPT_WORD_MAX];
    word *words = (word *)store_call_alloc(&want->call,
                                           PROMPT_WORDS * sizeof *words);
    const char **list = (const char **)store_call_alloc(
        &want->call, PROMPT_WORDS * sizeof *list);
    want->word_count =
        prompt_words(newest->content, newest->content_len, words);
    for (size_t i = 0; i < want->word_count; i++) {
        list[i] = words[i];
    }
    want->words = list;
    want->limit = PROMPT_PASSAGES;
    want->user_seq = run->sent->user_seq;
    store_passage_search(run->chat->store, want);
}

struct chat_run *run_new(struct chat *chat, struct store_send *sent,
                         uint64_t begun_ms)
{
    struct chat_run *run = (struct chat_run *)mem_zero(1, sizeof *run);
    run->chat = chat;
    run->sent = sent;
    run->answer_seq = sent->answer.seq;
    run->text.limit = CHAT_ANSWER_MAX;
    run->timing.first_byte_ms = -1;
    run->timing.first_token_ms = -1;
    run->timing.longest_gap_ms = -1;
    run->begun_ms = begun_ms;
    run->next = chat->runs;
    if (run->next != NULL) {
        run->next->prev = run;
    }
    chat->runs = run;
    chat->stats.running++;
    return run;
}

void run_free(struct chat_run *run)
{
    struct chat *chat = run->chat;
    if (run->state == RUN_ASKING) {
        upstream_cancel(run->call);
    }
    if (run->prev != NULL) {
        run->prev->next = run->next;
    } else {
        chat->runs = run->next;
    }
    if (run->next != NULL) {
        run->next->prev = run->prev;
    }
    chat->stats.running--;
    sse_timer_stop(chat->loop, &run->timer);
    store_call_free(run->sent != NULL ? &run->sent->call : NULL);
    buf_free(&run->text);
    free(run);
}

void run_give_up(struct chat_run *run)
{
    if (run->state == RUN_ASKING) {
        upstream_cancel(run->call);
    }
    no_usage(run);
    run_finish(run);
}
