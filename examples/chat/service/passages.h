/*
 * passages.h - cuts a document into passages to be found again.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef CHAT_PASSAGES_H
#define CHAT_PASSAGES_H

#include "store/calls.h"

/**
 * Cuts at headings and between paragraphs; what is still too long, behind a
 * sentence.  Every byte but white space between passages is in one of them.
 *
 * @param text   Well-formed UTF-8 with a NUL behind it; the passages point
 *               into it.
 * @param count  Out: how many.
 * @return free() it; NULL if the text is blank.
 */
struct passage *passages_cut(const char *text, size_t len, size_t *count);

#endif /* CHAT_PASSAGES_H */
