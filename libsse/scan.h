/*
 * scan.h - where line ends are.
 *
 * The one door between the grammar and whatever finds bytes fast: variants
 * for one processor or another stand behind it, each in a file of its own,
 * all with this contract.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SSE_PRIV_SCAN_H
#define SSE_PRIV_SCAN_H

#include <stddef.h>

/** Bytes before the first CR or LF of @p text, or @p len if it has none.
 *  Reads nothing outside @p text. */
size_t sse_priv_scan(const char *text, size_t len);

#endif /* SSE_PRIV_SCAN_H */
