/*
 * cat_take.c - what comes out of the parser, whatever the source.
 *
 * SPDX-License-Identifier: MIT
 */
#include "cat.h"

#include "say.h"
#include "stop.h"
#include "tool.h"

#include <stdio.h>
#include <string.h>

#define UNSIGNED(number) ((unsigned long long)(number))

/* Answer of every hook: goes on unless there is nobody to go on for. */
static int answer(const struct cat_take *take)
{
    const int over = take->end != CAT_END_NOT ||
                     take->print->out.state != OUT_OPEN || stop_asked() != 0;
    return over ? SSE_STOP : SSE_GO;
}

/* A limit in the words of the flag that sets it. */
static void tell_large(const struct cat_take *take, const char *what,
                       uint64_t bytes, uint64_t offset)
{
    say("%s of %llu bytes skipped at offset %llu: more than "
        "--max-event-size %llu", what, UNSIGNED(bytes), UNSIGNED(offset),
        UNSIGNED(take->options->max_event_size));
}

static int is_wanted(const char *wanted, const char *text, size_t len)
{
    return wanted != NULL && strlen(wanted) == len &&
           memcmp(wanted, text, len) == 0;
}

int cat_take_event(const sse_event *event, void *user)
{
    struct cat_take *const take = (struct cat_take *)user;
    const struct cat_options *const options = take->options;
    if (answer(take) != SSE_GO) {
        return SSE_STOP;
    }
    if (event->data_len > options->max_event_size) {
        tell_large(take, "an event", event->data_len, event->offset);
        return SSE_GO;
    }
    if (print_event(take->print, event) != 0) {
        return SSE_STOP;
    }
    take->events++;
    if (is_wanted(options->until_type, event->type, event->type_len) ||
        is_wanted(options->until_data, event->data, event->data_len)) {
        take->end = CAT_END_UNTIL;
    } else if (take->events >= options->max_events) {
        take->end = CAT_END_MAX;
    }
    return answer(take);
}

static int take_comment(const char *text, size_t len, uint64_t offset,
                        void *user)
{
    struct cat_take *const take = (struct cat_take *)user;
    if (answer(take) == SSE_GO) {
        if (len > take->options->max_event_size) {
            tell_large(take, "a comment", len, offset);
        } else {
            (void)print_comment(take->print, text, len);
        }
    }
    return answer(take);
}

static int take_retry(uint64_t retry_ms, uint64_t offset, void *user)
{
    struct cat_take *const take = (struct cat_take *)user;
    (void)offset;
    if (answer(take) == SSE_GO) {
        (void)print_retry(take->print, retry_ms);
    }
    return answer(take);
}

static int take_field(const char *name, size_t name_len, const char *value,
                      size_t value_len, uint64_t offset, void *user)
{
    struct cat_take *const take = (struct cat_take *)user;
    if (answer(take) == SSE_GO) {
        if (name_len + value_len > take->options->max_event_size) {
            tell_large(take, "a field", name_len + value_len, offset);
        } else {
            (void)print_field(take->print, name, name_len, value, value_len);
        }
    }
    return answer(take);
}

static int take_dropped(const sse_drop *drop, void *user)
{
    const struct cat_take *const take = (const struct cat_take *)user;
    switch (drop->reason) {
    case SSE_DROP_TYPE:
        say("an event skipped at offset %llu: its type is longer than %llu "
            "bytes", UNSIGNED(drop->offset), UNSIGNED(CAT_NAME_MAX));
        break;
    case SSE_DROP_ID:
        say("an id of %llu bytes ignored at offset %llu: longer than %llu",
            UNSIGNED(drop->bytes), UNSIGNED(drop->offset),
            UNSIGNED(CAT_NAME_MAX));
        break;
    case SSE_DROP_DATA:
    case SSE_DROP_END:
        tell_large(take, "an event", drop->bytes, drop->offset);
        break;
    case SSE_DROP_COMMENT:
        tell_large(take, "a comment", drop->bytes, drop->offset);
        break;
    case SSE_DROP_FIELD:
        tell_large(take, "a field", drop->bytes, drop->offset);
        break;
    }
    return answer(take);
}

sse_status cat_take_setup(sse_parser *parser, void *user)
{
    const struct cat_take *const take = (const struct cat_take *)user;
    sse_parser_on_dropped(parser, take_dropped);
    if (take->options->trace) {
        sse_parser_on_comment(parser, take_comment);
        sse_parser_on_retry(parser, take_retry);
        sse_parser_on_field(parser, take_field);
    }
    return SSE_OK;
}

int cat_take_own_end(const struct cat_take *take, char *reason, size_t cap)
{
    const struct out *const out = &take->print->out;
    if (out->state != OUT_OPEN) {
        (void)snprintf(reason, cap, "%s%s",
                       out->state == OUT_FAILED ? "writing the output: " : "",
                       out_reason(out));
        return out_exit(out);
    }
    switch (take->end) {
    case CAT_END_UNTIL:
        (void)snprintf(reason, cap, "the event asked for came");
        return TOOL_OK;
    case CAT_END_MAX:
        (void)snprintf(reason, cap, "%llu event%s, as asked for",
                       UNSIGNED(take->events), take->events == 1 ? "" : "s");
        return TOOL_OK;
    case CAT_END_NOT:
        break;
    }
    if (stop_asked() != 0) {
        (void)snprintf(reason, cap, "interrupted");
        return TOOL_SIGNAL + stop_asked();
    }
    return -1;
}

int cat_take_finish(struct cat_take *take, const char *id, size_t id_len,
                    int code, const char *reason)
{
    char own[256];
    struct out *const out = &take->print->out;
    if (take->options->trace) {
        (void)print_final_id(take->print, id, id_len);
    }
    /* What the last lines met counts too: a full disk is no success. */
    if (out_flush(out) != 0 && out->state != OUT_GONE) {
        code = cat_take_own_end(take, own, sizeof own);
        reason = own;
    }
    if (take->options->verbose) {
        say_more("* %llu event%s", UNSIGNED(take->events),
                 take->events == 1 ? "" : "s");
    }
    say("%s", reason);
    return code;
}
