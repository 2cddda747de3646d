/*
 * utf8.h - is it UTF-8, and what to make of it if not.
 *
 * SPDX-License-Identifier: MIT
 *
 * A stream is UTF-8 by definition, and browsers decode it so that ill-formed
 * bytes become U+FFFD.  The parser passes them through untouched, because
 * most programs do not care and some must see them.  Those that need text
 * put this between the transport and the parser, or behind the parser.  It
 * keeps what a chunk cuts, so chunks of any size give the same result.
 */
#ifndef SSE_UTF8_H
#define SSE_UTF8_H

#include <sse/export.h>
#include <sse/status.h>

#include <stddef.h>
#include <stdint.h>

/** State of a validator.  Members are private but for `errors`; it owns
 *  nothing. */
typedef struct sse_utf8 {
    uint64_t errors; /**< ill-formed sequences so far; read it freely */
    char held_[4];   /* a sequence that a chunk cuts */
    uint8_t held_len_;
    uint8_t reserved_[11];
} sse_utf8;

#ifdef __cplusplus
extern "C" {
#endif

/** Begins a text.  @since 0.1.0 */
SSE_API void sse_utf8_init(sse_utf8 *utf8);

/**
 * Copies text, with U+FFFD in place of each maximal subpart of what is
 * ill-formed, as the Encoding Standard's decoders do.  Bytes that may be the
 * beginning of a character are held until the next call.
 *
 * @param text, len  The next bytes, cut anywhere.  NULL only if @p len is 0.
 * @param consumed   Out, required: bytes of @p text used.
 * @param dst, cap   Where to; 3 * (@p len + 3) bytes always suffice, 12 bytes
 *                   always make progress.  NULL to validate only: then
 *                   nothing is written and all of @p text is used.
 * @param written    Out, required: bytes written.
 * @return SSE_OK          all of @p text was used.
 *         SSE_NEED_SPACE  @p dst is full: come again with the rest.
 *         SSE_ERR_INVALID
 * @since 0.1.0
 */
SSE_API sse_status sse_utf8_repair(sse_utf8 *utf8, const char *text,
                                   size_t len, size_t *consumed, char *dst,
                                   size_t cap, size_t *written);

/**
 * Ends the text: what is held is a character cut short, and becomes one
 * U+FFFD.  The validator is ready for the next text; `errors` goes on.
 *
 * @param dst, cap  Where to, as above; 3 bytes suffice.
 * @return SSE_OK; SSE_ERR_NO_SPACE (nothing changed); SSE_ERR_INVALID.
 * @since 0.1.0
 */
SSE_API sse_status sse_utf8_finish(sse_utf8 *utf8, char *dst, size_t cap,
                                   size_t *written);

#ifdef __cplusplus
}
#endif

#endif /* SSE_UTF8_H */
