/*
 * digits.h - ASCII digits to a number, in pieces, with the overflow rule.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SSE_PRIV_DIGITS_H
#define SSE_PRIV_DIGITS_H

#include <stddef.h>
#include <stdint.h>

/** Goes on with a decimal number.
 *  @return 0 if a byte is no ASCII digit or the number passes 64 bits, after
 *  which @p number means nothing. */
static inline int sse_priv_digits(uint64_t *number, const char *text,
                                  size_t len)
{
    for (size_t i = 0; i < len; i++) {
        const unsigned digit = (unsigned)((unsigned char)text[i]) - '0';
        if (digit > 9 || *number > UINT64_MAX / 10 ||
            *number * 10 > UINT64_MAX - digit) {
            return 0;
        }
        *number = *number * 10 + digit;
    }
    return 1;
}

#endif /* SSE_PRIV_DIGITS_H */
