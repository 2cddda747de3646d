/*
 * scan_copy_body.h - the copying of text into lines: what the variants share.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SSE_PRIV_SCAN_COPY_BODY_H
#define SSE_PRIV_SCAN_COPY_BODY_H

#include "mask.h"
#include "scan_copy.h"
#include "writer.h"

#include <string.h>

/* A line end and the name of the next line; one byte more than that is stored,
 * where something of the event follows in any case. */
SSE_PRIV_INLINE void sse_priv_copy_break(char *to)
{
    memcpy(to, "\ndata: ", 8);
}

/* Size of so many lines, their ends counted as one byte each, but that the last
 * has none; SIZE_MAX if that is too small. */
SSE_PRIV_INLINE size_t sse_priv_copy_sum(size_t len, size_t lines)
{
    /* unreachable where size_t has 64 bits: no memory holds so much */
    if (lines > (SIZE_MAX - len - 2) / 6) {
        return SIZE_MAX;
    }
    return len + lines * 6 + 2;
}

/* Three bytes or fewer.  A bit for each that is CR or LF. */
SSE_PRIV_INLINE uint64_t sse_priv_copy_few(char *to, const char *text,
                                           size_t len)
{
    uint64_t mask = 0;
    for (size_t i = 0; i < len; i++) {
        to[i] = text[i];
        mask |= (uint64_t)(text[i] == '\n' || text[i] == '\r') << i;
    }
    return mask;
}

/* The whole of a variant.  `block64` and `block16` copy as many bytes and
 * return a bit for each that is CR or LF, `short16` does so with less than 16;
 * `copy_many` copies `many` and returns not 0 if there is any, `run` goes on
 * with that.  A macro for the same reason as SSE_PRIV_INDEX_BODY.
 *
 * First as much as can be had without a line end.  Then, while there is plenty,
 * 64 bytes at a time are taken whatever is in them; a line end moves what
 * follows it, so that is copied once more, behind the name.  What has been
 * written too far is overwritten by what follows.  Near the end the text is
 * taken up again behind each line end, and the last bytes are taken together
 * with those before them where they are of one line. */
#define SSE_PRIV_COPY_BODY(many, copy_many, run, block64, block16, short16)    \
    memcpy(dst, "data: \n\n", 8);                                              \
    char *out = dst + 6;                                                       \
    if (len < 16 && short16(out, text, len) == 0) {                            \
        memcpy(out + len, "\n\n", 2);                                          \
        return len + 8;                                                        \
    }                                                                          \
    const char *line = out; /* where the text of the line begins */            \
    if (len > (many) && copy_many(out, text) == 0) {                           \
        const size_t n = (many) + run(out + (many), text + (many),             \
                                      len - (many));                           \
        out += n;                                                              \
        text += n;                                                             \
        len -= n;                                                              \
    }                                                                          \
    while (len > 128) {                                                        \
        uint64_t mask = block64(out, text);                                    \
        size_t step = 64;                                                      \
        while (mask != 0) {                                                    \
            const unsigned at = SSE_PRIV_CTZ(mask);                            \
            const size_t n = text[at] == '\r' && text[at + 1] == '\n' ? 2 : 1; \
            sse_priv_copy_break(out + at);                                     \
            out += 7 - n;                                                      \
            line = out + at + n;                                               \
            (void)block64(out + at + n, text + at + n);                        \
            mask &= mask - 1;                                                  \
            if (n == 2) {                                                      \
                step += mask == 0; /* the LF is the byte behind them */        \
                mask &= mask - 1;                                              \
            }                                                                  \
        }                                                                      \
        text += step;                                                          \
        out += step;                                                           \
        len -= step;                                                           \
        if (len >= 1024 && out - line >= 256) {                                \
            step = run(out, text, len);                                        \
            text += step;                                                      \
            out += step;                                                       \
            len -= step;                                                       \
        }                                                                      \
    }                                                                          \
    for (;;) {                                                                 \
        const size_t whole = (size_t)(out - line) + len;                       \
        size_t n = len;                                                        \
        uint64_t mask;                                                         \
        if (len >= 64) {                                                       \
            n = 64;                                                            \
            mask = block64(out, text);                                         \
        } else if (whole >= 64) {                                              \
            mask = block64(out + len - 64, text + len - 64);                   \
            mask >>= 64 - len;                                                 \
        } else if (len >= 16) {                                                \
            n = 16;                                                            \
            mask = block16(out, text);                                         \
        } else if (whole >= 16) {                                              \
            mask = block16(out + len - 16, text + len - 16) >> (16 - len);     \
        } else {                                                               \
            mask = short16(out, text, len);                                    \
        }                                                                      \
        if (mask == 0) {                                                       \
            out += n;                                                          \
            text += n;                                                         \
            len -= n;                                                          \
            if (len == 0) {                                                    \
                break;                                                         \
            }                                                                  \
            continue;                                                          \
        }                                                                      \
        const unsigned at = SSE_PRIV_CTZ(mask);                                \
        const size_t skip = at + sse_priv_line_end(text + at, len - at);       \
        sse_priv_copy_break(out + at);                                         \
        out += at + 7;                                                         \
        line = out;                                                            \
        text += skip;                                                          \
        len -= skip;                                                           \
    }                                                                          \
    memcpy(out, "\n\n", 2);                                                    \
    return (size_t)(out + 2 - dst);

/* Copies 4 * `width` bytes at a time until there is a line end in them, or
 * hardly any text left.  `to` is brought back to a multiple of `width`: what
 * stands before it, for so many bytes at least, is the same text.  `copy4`
 * returns not 0 at a line end. */
#define SSE_PRIV_COPY_RUN_BODY(width, copy4)                                   \
    const size_t back = (size_t)((uintptr_t)to % (width));                     \
    size_t at = 0;                                                             \
    while (len + back - at > 4 * (width) &&                                    \
           copy4(to - back + at, text - back + at) == 0) {                     \
        at += 4 * (width);                                                     \
    }                                                                          \
    return at > back ? at - back : 0;

/* What else a variant for the plain processor does; `ends64` returns the bits
 * alone. */
#define SSE_PRIV_COPY_MASK_BODY(ends64)                                        \
    if (len == 64) {                                                           \
        return ends64(text);                                                   \
    }                                                                          \
    char rest[64];                                                             \
    memset(rest, 0, sizeof rest);                                              \
    memcpy(rest, text, len);                                                   \
    return ends64(rest);

#define SSE_PRIV_COPY_SIZE_BODY(ends64)                                        \
    size_t ends = 1;                                                           \
    size_t joined = 0; /* each CR with the LF that follows */                  \
    for (size_t at = 0; at < len; at += 64) {                                  \
        const size_t left = len - at;                                          \
        uint64_t mask = left >= 64  ? ends64(text + at)                        \
                        : len >= 64 ? ends64(text + len - 64) >> (64 - left)   \
                                    : sse_priv_copy_mask(text, len);           \
        while (mask != 0) {                                                    \
            const size_t end = at + SSE_PRIV_CTZ(mask);                        \
            joined += end > 0 && text[end] == '\n' && text[end - 1] == '\r';   \
            ends++;                                                            \
            mask &= mask - 1;                                                  \
        }                                                                      \
    }                                                                          \
    return sse_priv_copy_sum(len - joined, ends - joined);

/* For the variants that know SSE2: 16 bytes, and less than that.  Macros as
 * above, and because only those files include the compiler's header. */
#define SSE_PRIV_COPY_BLOCK16_SSE2                                             \
    const __m128i bytes =                                                      \
        _mm_loadu_si128((const __m128i *)(const void *)text);                  \
    _mm_storeu_si128((__m128i *)(void *)to, bytes);                            \
    return SSE_PRIV_COPY_ENDS_SSE2(bytes);

#define SSE_PRIV_COPY_SHORT16_SSE2                                             \
    if (len >= 8) {                                                            \
        const __m128i low =                                                    \
            _mm_loadl_epi64((const __m128i *)(const void *)text);              \
        const __m128i high = _mm_loadl_epi64(                                  \
            (const __m128i *)(const void *)(text + len - 8));                  \
        _mm_storel_epi64((__m128i *)(void *)to, low);                          \
        _mm_storel_epi64((__m128i *)(void *)(to + len - 8), high);             \
        const uint64_t mask =                                                  \
            SSE_PRIV_COPY_ENDS_SSE2(_mm_unpacklo_epi64(low, high));            \
        return (mask & 0xFF) | mask >> 8 << (len - 8);                         \
    }                                                                          \
    if (len >= 4) {                                                            \
        uint32_t low;                                                          \
        uint32_t high;                                                         \
        memcpy(&low, text, 4);                                                 \
        memcpy(&high, text + len - 4, 4);                                      \
        memcpy(to, &low, 4);                                                   \
        memcpy(to + len - 4, &high, 4);                                        \
        const uint64_t mask = SSE_PRIV_COPY_ENDS_SSE2(                         \
            _mm_unpacklo_epi32(_mm_cvtsi32_si128((int)low),                    \
                               _mm_cvtsi32_si128((int)high)));                 \
        return (mask & 0xF) | mask >> 4 << (len - 4);                          \
    }                                                                          \
    return sse_priv_copy_few(to, text, len);

#define SSE_PRIV_COPY_ENDS_SSE2(bytes)                                         \
    ((uint64_t)(uint16_t)_mm_movemask_epi8(                                    \
        _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('\n')),               \
                     _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\r')))))

#endif /* SSE_PRIV_SCAN_COPY_BODY_H */
