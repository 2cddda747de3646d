/*
 * save.c - checkpoints of an answer, and its end.
 *
 * SPDX-License-Identifier: MIT
 */
#include "service/run.h"

#define SAVE_AGAIN_MS 5000 /* between attempts to save an end */

static void save_end(struct chat_run *run);

static void on_checkpoint_saved(struct store_call *call)
{
    struct chat_run *run = (struct chat_run *)call->user;
    run->saving = 0;
    if (call->result == STORE_FAILED) {
        run->saved = 0; /* the next one holds all of it anyway */
    }
}

void run_checkpoint(struct chat_run *run)
{
    if (run->saving || run->saved == run->text.len) {
        return;
    }
    struct store_answer *want = (struct store_answer *)store_call_new(
        sizeof *want, on_checkpoint_saved, run);
    want->answer.seq = run->answer_seq;
    want->answer.content =
        store_call_copy(&want->call, run->text.at, run->text.len);
    want->answer.content_len = run->text.len;
    run->saved = run->text.len;
    run->saving = 1;
    store_answer_checkpoint(run->chat->store, want);
}

static void tell_end(struct chat_run *run)
{
    if (run->listened) {
        run->listened = 0;
        run->sink.end(run->user, &run->end);
    }
}

static void on_save_timer(sse_loop *loop, sse_timer *timer, void *user)
{
    (void)loop;
    (void)timer;
    save_end((struct chat_run *)user);
}

static void on_end_saved(struct store_call *call)
{
    struct chat_run *run = (struct chat_run *)call->user;
    if (call->result == STORE_OK || call->result == STORE_NOT_FOUND) {
        run->chat->stats.ended[run->end.status]++;
        tell_end(run);
        run_free(run);
        return;
    }
    /* The reader saw the text and must know that it was not kept.  The row is
     * still streaming, and its session busy: so this goes on trying. */
    if (run->listened) {
        struct chat_end truth = run->end;
        run->chat->stats.unsaved++;
        run->end.code = "persist_failed";
        run->end.message = "The answer could not be saved.";
        run->end.stage = "persist";
        run->end.retryable = 1;
        tell_end(run);
        run->end = truth;
    }
    (void)sse_timer_start(run->chat->loop, &run->timer, SAVE_AGAIN_MS,
                          on_save_timer, run);
}

static void save_end(struct chat_run *run)
{
    struct store_answer *want = (struct store_answer *)store_call_new(
        sizeof *want, on_end_saved, run);
    want->answer.seq = run->answer_seq;
    want->answer.content = buf_text(&run->text);
    want->answer.content_len = run->text.len;
    want->answer.status = run->end.status;
    want->answer.finish_reason = run->end.finish_reason;
    want->answer.error_code = run->end.code;
    want->answer.usage = run->end.usage;
    want->timing = run->timing;
    store_answer_finish(run->chat->store, want);
}

/* The answer is over, one way or another; `end` is filled in. */
void run_finish(struct chat_run *run)
{
    run->state = RUN_SAVING;
    run->call = NULL;
    run->timing.response_ms =
        (int64_t)(sse_loop_now_ms(run->chat->loop) - run->begun_ms);
    sse_timer_stop(run->chat->loop, &run->timer);
    save_end(run);
}
