/*
 * near.h - is one word a slip of the pen for another?
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SSE_TOOL_NEAR_H
#define SSE_TOOL_NEAR_H

#include <stddef.h>

/* Is one letter too many, too few or another one, or are two swapped?  Not
 * for the same word. */
int near_word(const char *a, size_t a_len, const char *b, size_t b_len);

#endif /* SSE_TOOL_NEAR_H */
