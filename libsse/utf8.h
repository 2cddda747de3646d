/*
 * utf8.h - one UTF-8 sequence.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SSE_PRIV_UTF8_H
#define SSE_PRIV_UTF8_H

#include <stddef.h>

/** What stands at the beginning of a text. */
typedef struct sse_priv_sequence {
    size_t len; /* bytes of a well-formed sequence, or of the maximal subpart
                   to replace (Unicode Standard, "U+FFFD Substitution of
                   Maximal Subparts", table 3-7) */
    int good;   /* it is well-formed */
    int cut;    /* it is not, but more bytes could make it so */
} sse_priv_sequence;

/** @p len is at least 1. */
sse_priv_sequence sse_priv_utf8(const char *text, size_t len);

#endif /* SSE_PRIV_UTF8_H */
