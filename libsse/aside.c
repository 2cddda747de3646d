/*
 * aside.c - lines that are no part of an event: comments, and fields the
 * standard does not know.  Linked only where somebody listens to them.
 *
 * SPDX-License-Identifier: MIT
 */
#include "block.h"
#include "line.h"

static int tell(sse_parser *p, int kind, const char *text, size_t len)
{
    if (kind == SSE_PRIV_COMMENT) {
        return p->on_comment_(text, len, p->offset_, p->user_);
    }
    size_t value = 0;
    const size_t name_len = sse_priv_line_name(text, len, &value);
    return p->on_field_(text, name_len, text + value, len - value, p->offset_,
                        p->user_);
}

/* A line that lies whole in the chunk could be handed over whatever its
 * length.  Unless the scratch grows it is measured against it all the same,
 * since it would not have fitted had it been cut. */
static int take(sse_parser *p, int kind, const char *text, size_t len)
{
    const int comment = kind == SSE_PRIV_COMMENT;
    if (comment ? p->on_comment_ == NULL : p->on_field_ == NULL) {
        return SSE_OK;
    }
    const int grows = p->overflow_ == SSE_OVERFLOW_GROW;
    if ((p->flags_ & SSE_PRIV_DROP_LINE) != 0 ||
        (!grows && len > sse_priv_line_room(p))) {
        return sse_priv_block_drop(
            p, comment ? SSE_DROP_COMMENT : SSE_DROP_FIELD, len);
    }
    return sse_priv_answer(tell(p, kind, text, len));
}

/* Nothing was stored of a cut line that nobody listened to. */
static void listen(sse_parser *p, int kind, int heard)
{
    if (!heard && p->line_ == kind) {
        p->flags_ |= SSE_PRIV_DROP_LINE;
    }
    p->asides_ = take;
}

void sse_parser_on_comment(sse_parser *p, sse_comment_fn fn)
{
    listen(p, SSE_PRIV_COMMENT, p->on_comment_ != NULL);
    p->on_comment_ = fn;
}

void sse_parser_on_field(sse_parser *p, sse_field_fn fn)
{
    listen(p, SSE_PRIV_FIELD, p->on_field_ != NULL);
    p->on_field_ = fn;
}
