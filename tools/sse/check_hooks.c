/*
 * check_hooks.c - what comes out of the parser.
 *
 * SPDX-License-Identifier: MIT
 */
#include "check.h"

#define UNSIGNED(number) ((unsigned long long)(number))

/* A day: who waits longer does not come back. */
#define LONG_RETRY_MS UINT64_C(86400000)

static int answer(const struct check *check)
{
    return check->events >= check->max_events ||
                   check->report.out.state != OUT_OPEN
               ? SSE_STOP : SSE_GO;
}

static int on_event(const sse_event *event, void *user)
{
    struct check *const check = (struct check *)user;
    check->events++;
    if (event->data_len == 0) {
        check_find(&check->report, CHECK_EMPTY_DATA, check->block_line,
                   check->block_at, "an event whose data is empty; who "
                   "parses it as JSON must be ready for it");
    }
    if ((event->fields & SSE_FIELD_ID) != 0 && event->id_len > CHECK_LONG_ID) {
        check_find(&check->report, CHECK_ID_LARGE, check->block_line,
                   check->block_at, "an id of %llu bytes; it travels in a "
                   "request header, where many stop at a few thousand",
                   UNSIGNED(event->id_len));
    }
    return answer(check);
}

static int on_fragment(const sse_fragment *fragment, void *user)
{
    struct check *const check = (struct check *)user;
    if (fragment->kind == SSE_FRAGMENT_END) {
        check->events++;
    }
    return answer(check);
}

static int on_retry(uint64_t retry_ms, uint64_t offset, void *user)
{
    struct check *const check = (struct check *)user;
    (void)offset;
    check->retry_line = check->line;
    if (retry_ms == 0) {
        check_find(&check->report, CHECK_RETRY_VALUE, check->line,
                   check->line_at, "a reconnection time of 0: readers may "
                   "come back in a tight loop");
    } else if (retry_ms > LONG_RETRY_MS) {
        check_find(&check->report, CHECK_RETRY_VALUE, check->line,
                   check->line_at, "a reconnection time of %llu ms, more "
                   "than a day", UNSIGNED(retry_ms));
    }
    return answer(check);
}

static int on_field(const char *name, size_t name_len, const char *value,
                    size_t value_len, uint64_t offset, void *user)
{
    struct check *const check = (struct check *)user;
    (void)value;
    (void)value_len;
    (void)offset;
    check_field(check, name, name_len);
    return answer(check);
}

static int on_dropped(const sse_drop *drop, void *user)
{
    struct check *const check = (struct check *)user;
    switch (drop->reason) {
    case SSE_DROP_ID:
        check_find(&check->report, CHECK_ID_LONG, check->line, check->line_at,
                   "an id of %llu bytes", UNSIGNED(drop->bytes));
        break;
    case SSE_DROP_TYPE:
        check_find(&check->report, CHECK_TYPE_LONG, check->block_line,
                   check->block_at, "an event type of more than %llu bytes",
                   UNSIGNED(CHECK_NAME_MAX));
        break;
    case SSE_DROP_FIELD:
        check_field(check, check->prefix, check_name(check));
        break;
    case SSE_DROP_COMMENT:
    case SSE_DROP_DATA:
    case SSE_DROP_END:
        break;
    }
    return answer(check);
}

void check_set_hooks(struct check *check)
{
    sse_parser *const parser = &check->parser;
    (void)sse_parser_init(parser, check->scratch, sizeof check->scratch,
                          on_event, check);
    (void)sse_parser_set_limits(parser, CHECK_NAME_MAX, CHECK_NAME_MAX);
    (void)sse_parser_set_overflow(parser, SSE_OVERFLOW_FRAGMENTS,
                                  on_fragment);
    sse_parser_on_retry(parser, on_retry);
    sse_parser_on_field(parser, on_field);
    sse_parser_on_dropped(parser, on_dropped);
    sse_parser_set_quirks(parser, &check->quirks);
}
