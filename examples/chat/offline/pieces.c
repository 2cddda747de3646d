/*
 * pieces.c - an answer, cut into what is sent at a time.
 *
 * SPDX-License-Identifier: MIT
 */
#include "offline/pieces.h"

#include "base/utf8.h"
#include "offline/span.h"

#define PIECE_MAX 64

size_t piece_len(const char *text, size_t len, size_t at, enum piece_kind kind)
{
    size_t end = at;
    if (kind == PIECE_RUN) {
        end = len - at > PIECE_MAX ? at + PIECE_MAX : len;
    } else {
        while (end < len && span_is_space(text[end])) {
            end++;
        }
        while (end < len && !span_is_space(text[end])) {
            end++;
        }
    }
    if (end - at <= PIECE_MAX && kind == PIECE_WORD) {
        return end - at;
    }
    const size_t most = end - at < PIECE_MAX ? end - at : PIECE_MAX;
    return at + most == len ? most : utf8_floor(text + at, most);
}

long pieces_count(const char *text, size_t len, enum piece_kind kind)
{
    long count = 0;
    for (size_t at = 0; at < len;) {
        at += piece_len(text, len, at, kind);
        count++;
    }
    return count;
}
