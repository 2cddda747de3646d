/*
 * count.c - the counters of what a stream does beside the plain path.  Linked
 * only where somebody counts.
 *
 * SPDX-License-Identifier: MIT
 */
#include "line.h"
#include "state.h"

/* The head of a cut line says all that is asked: a known name of as many bytes
 * has a colon. */
static void count_line(sse_quirks *quirks, const char *line, size_t len)
{
    size_t value = 0;
    const sse_priv_kind kind = sse_priv_line_kind(line, len, &value);
    if (kind == SSE_PRIV_COMMENT) {
        quirks->comments++;
    } else if (kind == SSE_PRIV_FIELD) {
        quirks->unknown_fields++;
    } else if (value == len && line[len - 1] != ':' && line[len - 1] != ' ') {
        quirks->no_colon++;
    } else if (line[value - 1] == ':' && value < len) {
        quirks->no_space++;
    }
}

static void count(sse_quirks *quirks, int what, const char *line, size_t len)
{
    switch (what) {
    case SSE_PRIV_SAW_LF:
        quirks->lf++;
        break;
    case SSE_PRIV_SAW_CR:
        quirks->cr++;
        break;
    case SSE_PRIV_SAW_CRLF:
        /* The CR may have come before somebody counted. */
        quirks->cr -= quirks->cr > 0;
        quirks->crlf++;
        break;
    case SSE_PRIV_SAW_LINE:
        count_line(quirks, line, len);
        break;
    case SSE_PRIV_SAW_MARK:
        quirks->byte_order_marks++;
        break;
    case SSE_PRIV_SAW_NO_DATA:
        quirks->empty_blocks++;
        break;
    case SSE_PRIV_SAW_NUL_ID:
        quirks->nul_ids++;
        break;
    case SSE_PRIV_SAW_BAD_RETRY:
        quirks->bad_retries++;
        break;
    default:
        quirks->dropped++;
        break;
    }
}

void sse_parser_set_quirks(sse_parser *p, sse_quirks *quirks)
{
    p->quirks_ = quirks;
    p->plain_ = 0;
    p->counts_ = quirks != NULL ? count : NULL;
}
