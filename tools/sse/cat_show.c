/*
 * cat_show.c - states and heads of connections, for people and for --trace.
 *
 * SPDX-License-Identifier: MIT
 */
#define _POSIX_C_SOURCE 200809L

#include "cat_show.h"

#include "say.h"

#include <string.h>
#include <strings.h>

#define MEMBERS_MAX 4

/* Members of one state line. */
struct members {
    struct print_member list[MEMBERS_MAX];
    size_t count;
};

static void add_number(struct members *members, const char *name,
                       uint64_t number)
{
    const struct print_member member = {name, NULL, 0, number, 0};
    members->list[members->count++] = member;
}

static void add_text(struct members *members, const char *name,
                     const char *text, size_t len, int exact)
{
    const struct print_member member = {name, text, len, 0, exact};
    members->list[members->count++] = member;
}

static const char *name_of(sse_source_state state)
{
    switch (state) {
    case SSE_SOURCE_CONNECTING:
        return "connecting";
    case SSE_SOURCE_OPEN:
        return "open";
    case SSE_SOURCE_WAITING:
        return "waiting";
    case SSE_SOURCE_CLOSED:
        break;
    }
    return "closed";
}

static void trace(const struct cat_show *show, sse_source_state state,
                  const sse_action *action, const char *why)
{
    struct members members = {{{NULL, NULL, 0, 0, 0}}, 0};
    switch (state) {
    case SSE_SOURCE_CONNECTING:
        add_number(&members, "attempt", action->attempt);
        if (action->last_event_id_len > 0) {
            add_text(&members, "last_event_id", action->last_event_id,
                     action->last_event_id_len, 1);
        }
        break;
    case SSE_SOURCE_OPEN:
        add_number(&members, "status", (uint64_t)action->http_status);
        break;
    case SSE_SOURCE_WAITING:
        add_number(&members, "delay_ms", action->delay_ms);
        add_text(&members, "reason", why, strlen(why), 0);
        break;
    case SSE_SOURCE_CLOSED:
        add_text(&members, "reason", why, strlen(why), 0);
        break;
    }
    (void)print_state(show->print, name_of(state), members.list,
                      members.count);
}

static void tell(sse_source_state state, const sse_action *action,
                 const char *why)
{
    const unsigned long long attempt = (unsigned long long)action->attempt;
    switch (state) {
    case SSE_SOURCE_CONNECTING:
        if (action->last_event_id_len > 0) {
            say_more("* connecting, attempt %llu, Last-Event-ID: %.*s",
                     attempt, (int)(action->last_event_id_len < 1024
                                        ? action->last_event_id_len : 1024),
                     action->last_event_id);
        } else {
            say_more("* connecting, attempt %llu", attempt);
        }
        break;
    case SSE_SOURCE_OPEN:
        say_more("* open, status %d", action->http_status);
        break;
    case SSE_SOURCE_WAITING:
        say_more("* waiting %llu ms: %s",
                 (unsigned long long)action->delay_ms, why);
        break;
    case SSE_SOURCE_CLOSED:
        say_more("* closed: %s", why);
        break;
    }
}

void cat_show_state(const struct cat_show *show, sse_source_state state,
                    const sse_action *action, const char *why)
{
    if (why == NULL || *why == '\0') {
        why = sse_reason_text(action->reason);
    }
    if (show->print->trace) {
        trace(show, state, action, why);
    }
    if (show->options->verbose) {
        tell(state, action, why);
    } else if (!show->print->trace && state == SSE_SOURCE_WAITING &&
               action->reason != SSE_REASON_END) {
        /* Otherwise nobody would know why nothing comes. */
        say("%s; again in %llu ms", why,
            (unsigned long long)action->delay_ms);
    }
}

/* Is the name of a header, its first `len` bytes, one whose value gives
 * access? */
static int is_secret(const char *name, size_t len)
{
    static const char *const words[] = {"authorization", "cookie", "key",
                                        "password", "secret", "token"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        const size_t word = strlen(words[i]);
        for (size_t at = 0; at + word <= len; at++) {
            if (strncasecmp(name + at, words[i], word) == 0) {
                return 1;
            }
        }
    }
    return 0;
}

static void show_line(const struct cat_show *show, const char *mark)
{
    const char *const line = show->line;
    const char *const colon =
        (const char *)memchr(line, ':', show->line_len);
    const size_t name = colon != NULL ? (size_t)(colon - line) : 0;
    /* The first line may hold a colon too, but behind a space. */
    if (name > 0 && memchr(line, ' ', name) == NULL &&
        is_secret(line, name)) {
        say_more("%s %.*s: [hidden]", mark, (int)name, line);
    } else if (show->line_len > 0) {
        say_more("%s %.*s", mark, (int)show->line_len, line);
    }
}

/* Line by line, however the bytes come, so that no part of a value is shown
 * without its name. */
static void show_head(struct cat_show *show, const char *mark,
                      const char *head, size_t len)
{
    for (size_t at = 0; show->options->verbose && at < len; at++) {
        if (head[at] == '\n') {
            show_line(show, mark);
            show->line_len = 0;
        } else if (head[at] != '\r' && show->line_len < CAT_SHOW_LINE) {
            show->line[show->line_len++] = head[at];
        }
    }
}

void cat_show_request(struct cat_show *show, const char *head, size_t len)
{
    show_head(show, ">", head, len);
}

void cat_show_response(struct cat_show *show, const char *head, size_t len)
{
    show_head(show, "<", head, len);
}
