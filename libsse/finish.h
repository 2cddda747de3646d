/*
 * finish.h - what the end of a stream asks of a cut line.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SSE_PRIV_FINISH_H
#define SSE_PRIV_FINISH_H

#include "state.h"

/** Whether a line is under way that is no comment: nobody can say what it
 *  would have been. */
int sse_priv_has_cut_line(const sse_parser *parser);

#endif /* SSE_PRIV_FINISH_H */
