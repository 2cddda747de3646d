/*
 * ending.h - how a client's stream ends: the status, and words for people.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SSE_ADAPTERS_ENDING_H
#define SSE_ADAPTERS_ENDING_H

#include <sse/source.h>

#include <stddef.h>

/**
 * The status that stands for a final action.
 *
 * @param action      SSE_ACTION_CLOSE or SSE_ACTION_FAIL.
 * @param cancelled   The caller cancelled it.
 * @param incomplete  The parser had not finished its last event.
 * @param fault       Why this side broke the last attempt off, SSE_OK if the
 *                    reason says it.
 */
sse_status sse_priv_ending_status(const sse_action *action, int cancelled,
                                  int incomplete, sse_status fault);

/**
 * The text that goes with it.
 *
 * @param why   What went wrong in the last attempt; "" if nothing did.
 * @param text  Out: cut if it is longer than @p cap allows.
 */
void sse_priv_ending_text(const sse_action *action, sse_status status,
                          const char *why, char *text, size_t cap);

/**
 * Why a response is refused with SSE_REASON_MEDIA_TYPE: its type, or a coding
 * around it.
 *
 * @param head        As in header.h.
 * @param media_type  Of this response; "" if it has none.
 * @param text        Out: cut if it is longer than @p cap allows.
 */
void sse_priv_ending_type_text(const char *head, size_t head_len,
                               const char *media_type, char *text,
                               size_t cap);

#endif /* SSE_ADAPTERS_ENDING_H */
