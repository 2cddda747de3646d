/*
 * words.h - text eight bytes at a time, without vector code.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SSE_PRIV_WORDS_H
#define SSE_PRIV_WORDS_H

#include "mask.h"

#include <string.h>

/* How the lines that nearly all streams are made of begin, and the runs of
 * line ends, as sse_priv_load8() and sse_priv_load2() read them. */
#define SSE_PRIV_IS_DATA(word) ((word) << 16 == UINT64_C(0x203A617461640000))
#define SSE_PRIV_IS_EVENT(word) ((word) << 8 == UINT64_C(0x203A746E65766500))
#define SSE_PRIV_IS_ID(word) ((uint32_t)(word) == UINT32_C(0x203A6469))
#define SSE_PRIV_IS_COMMENT(word) ((uint8_t)(word) == 0x3A)
#define SSE_PRIV_IS_LF(word) ((uint8_t)(word) == 0x0A)
#define SSE_PRIV_IS_LF_LF(word) ((uint16_t)(word) == 0x0A0A)
#define SSE_PRIV_IS_LF_DATA(word)                                              \
    ((word) << 8 == UINT64_C(0x203A617461640A00))
#define SSE_PRIV_IS_LF_LF_DATA(word) ((word) == UINT64_C(0x203A617461640A0A))
#define SSE_PRIV_IS_CRLF(word) ((uint16_t)(word) == 0x0A0D)
#define SSE_PRIV_IS_CRLF_CRLF(word) ((uint32_t)(word) == UINT32_C(0x0A0D0A0D))
enum { SSE_PRIV_LF = 0x0A, SSE_PRIV_LF_LF = 0x0A0A, SSE_PRIV_CRLF = 0x0A0D };

/* Eight bytes as a number, the first one lowest. */
SSE_PRIV_INLINE uint64_t sse_priv_load8(const char *text)
{
    uint64_t word;
    memcpy(&word, text, sizeof word);
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    return word;
}

/* Two. */
SSE_PRIV_INLINE unsigned sse_priv_load2(const char *text)
{
    return (unsigned)((unsigned char)text[0]) |
           (unsigned)((unsigned char)text[1]) << 8;
}

/* Eight where the text, of eight bytes at least, may have less left in front
 * of `stop`: zeros for what is missing. */
SSE_PRIV_INLINE uint64_t sse_priv_load_last(const char *text, const char *stop)
{
    const size_t left = (size_t)(stop - text);
    return left >= 8 ? sse_priv_load8(text)
                     : sse_priv_load8(stop - 8) >> (8 * (8 - left));
}

/* Not 0 if a byte is NUL; the lowest bit set is in the first of them. */
SSE_PRIV_INLINE uint64_t sse_priv_nul_bytes(uint64_t word)
{
    return (word - UINT64_C(0x0101010101010101)) & ~word &
           UINT64_C(0x8080808080808080);
}

/* Whether a byte is one of the lowest sixteen, as CR and LF are. */
SSE_PRIV_INLINE int sse_priv_has_control(uint64_t word)
{
    return ((word - UINT64_C(0x1010101010101010)) & ~word &
            UINT64_C(0x8080808080808080)) != 0;
}

/* Whether a value of 1 to 16 bytes has a NUL, where 16 can be loaded. */
SSE_PRIV_INLINE int sse_priv_has_nul(const char *value, size_t len)
{
    const uint64_t first = sse_priv_nul_bytes(sse_priv_load8(value));
    return len <= 8 ? first << (64 - 8 * len) != 0
                    : (first | sse_priv_nul_bytes(sse_priv_load8(
                                   value + len - 8))) != 0;
}

/* As sse_priv_nul_bytes(), for CR and LF. */
SSE_PRIV_INLINE uint64_t sse_priv_line_ends(uint64_t word)
{
    return sse_priv_nul_bytes(word ^ UINT64_C(0x0A0A0A0A0A0A0A0A)) |
           sse_priv_nul_bytes(word ^ UINT64_C(0x0D0D0D0D0D0D0D0D));
}

#endif /* SSE_PRIV_WORDS_H */
