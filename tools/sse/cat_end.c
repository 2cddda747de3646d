/*
 * cat_end.c - the end of a stream over HTTP: exit code and reason.
 *
 * SPDX-License-Identifier: MIT
 */
#include "cat_show.h"

#include "say.h"
#include "tool.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* How much of the body of a response that was no stream is shown. */
#define BODY_SHOWN 512

static int code_of(sse_status status)
{
    if (status == SSE_OK) {
        return TOOL_OK;
    }
    return status == SSE_INCOMPLETE ? TOOL_CUT : TOOL_FAILED;
}

/* A response that was no stream often says in its body what is wrong. */
static void tell_body(const struct cat_ended *ended)
{
    size_t all = ended->body_len;
    while (all > 0 && memchr(" \t\r\n", ended->body[all - 1], 4) != NULL) {
        all--;
    }
    const size_t len = all < BODY_SHOWN ? all : BODY_SHOWN;
    if (len > 0) {
        say("the server answered: %.*s%s", (int)len, ended->body,
            len < all ? "..." : "");
    }
}

int cat_show_end(const struct cat_show *show, const struct cat_take *take,
                 const struct cat_ended *ended, char *reason, size_t cap)
{
    sse_action action;
    memset(&action, 0, sizeof action);
    action.reason = ended->reason;
    action.cause = ended->cause;
    action.http_status = ended->http_status;
    int code = cat_take_own_end(take, reason, cap);
    if (code < 0) {
        code = code_of(ended->status);
        (void)snprintf(reason, cap, "%s", ended->text);
        if (code == TOOL_FAILED) {
            tell_body(ended);
        }
    }
    cat_show_state(show, SSE_SOURCE_CLOSED, &action, reason);
    return code;
}

char *cat_copy_id(const sse_parser *parser, size_t *len)
{
    const char *const id = sse_parser_last_event_id(parser, len);
    char *const copy = (char *)malloc(*len + 1);
    if (copy != NULL) {
        memcpy(copy, id, *len);
    }
    return copy;
}
