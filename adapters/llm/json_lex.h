/*
 * json_lex.h - the terminals of JSON: where a string or a number ends.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SSE_LLM_JSON_LEX_H
#define SSE_LLM_JSON_LEX_H

#include <stddef.h>
#include <stdint.h>

/**
 * Reads the inside of a string, from behind its opening quotation mark.
 *
 * @param at     In: the first byte inside.  Out: the closing quotation mark,
 *               or the byte that breaks the string, or @p len.
 * @param flags  Out: SSE_JSON_ESCAPED is added if there is an escape.
 * @return Not 0 if the string is closed and valid.
 */
int sse_priv_json_string(const char *text, size_t len, size_t *at,
                         uint32_t *flags);

/**
 * Reads a number.
 *
 * @param at  In: its first byte.  Out: the byte behind it, or the one that
 *            breaks it, or @p len.
 * @return Not 0 if it is one.
 */
int sse_priv_json_number(const char *text, size_t len, size_t *at);

/** Value of a hexadecimal digit, or 16. */
uint32_t sse_priv_json_hex(char c);

#endif /* SSE_LLM_JSON_LEX_H */
