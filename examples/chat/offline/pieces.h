/*
 * pieces.h - an answer, cut into what is sent at a time.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef CHAT_OFFLINE_PIECES_H
#define CHAT_OFFLINE_PIECES_H

#include <stddef.h>

/** How a text is cut; no piece cuts a character. */
enum piece_kind {
    PIECE_WORD, /* a word, with the white space before it; at most 64 bytes */
    PIECE_RUN   /* about 64 bytes, for what nobody reads as it comes */
};

/** Bytes of the piece at @p at; 0 at the end. */
size_t piece_len(const char *text, size_t len, size_t at, enum piece_kind kind);

/** How many pieces there are. */
long pieces_count(const char *text, size_t len, enum piece_kind kind);

#endif /* CHAT_OFFLINE_PIECES_H */
