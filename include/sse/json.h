/*
 * json.h - a strict JSON cursor and string reader without heap.
 *
 * SPDX-License-Identifier: MIT
 *
 * What LLM streams carry is JSON, one object an event.  This is the smallest
 * reader that does not lie about it: RFC 8259 to the letter, including
 * well-formed UTF-8, no recursion, no allocation, no copying but where a string
 * is unescaped into the caller's buffer.
 *
 * Two ways of use:
 *
 *   tokens   sse_json_init(), then sse_json_next() until SSE_JSON_END;
 *   members  sse_json_members() picks the wanted members of an object in one
 *            pass and checks the rest on the way.
 *
 * Nothing here keeps state outside the caller's structs, so any thread may
 * call any of it at any time on structs of its own.  All values point into the
 * text given and live as long as it does.
 */
#ifndef SSE_JSON_H
#define SSE_JSON_H

#include <sse/export.h>
#include <sse/status.h>

#include <stddef.h>
#include <stdint.h>

/** Containers may nest this deep; deeper text answers SSE_ERR_LIMIT.
 *  RFC 8259, section 9, allows such a limit. */
#define SSE_JSON_DEPTH_MAX 128

/** Bit of sse_json_value::flags: a string or name holds at least one escape,
 *  so that its text is not what it means. */
#define SSE_JSON_ESCAPED 0x1u

/** What a token or a value is. */
typedef enum sse_json_kind {
    SSE_JSON_NONE = 0,       /**< nothing: a member that is not there */
    SSE_JSON_NULL = 1,       /**< `null` */
    SSE_JSON_FALSE = 2,      /**< `false` */
    SSE_JSON_TRUE = 3,       /**< `true` */
    SSE_JSON_NUMBER = 4,     /**< a number, as text */
    SSE_JSON_STRING = 5,     /**< a string */
    SSE_JSON_ARRAY = 6,      /**< an array, or its `[` as a token */
    SSE_JSON_OBJECT = 7,     /**< an object, or its `{` as a token */
    SSE_JSON_NAME = 8,       /**< token: the name of a member */
    SSE_JSON_ARRAY_END = 9,  /**< token: `]` */
    SSE_JSON_OBJECT_END = 10, /**< token: `}` */
    SSE_JSON_END = 11        /**< token: the text is over, and was valid */
} sse_json_kind;

/** One token or value.  It owns nothing. */
typedef struct sse_json_value {
    sse_json_kind kind;
    uint32_t flags;   /**< SSE_JSON_ESCAPED */
    const char *text; /**< strings and names: what stands between the quotation
                           marks, still escaped; all else: as it stands, whole
                           containers with their brackets; not NUL-terminated */
    size_t len;       /**< bytes at `text` */
    size_t offset;    /**< of `text` within the text given to the cursor */
} sse_json_value;

/** Cursor over one JSON text.  Members are private; sizeof is fixed for one
 *  SONAME.  It may be copied: the copy goes on independently. */
typedef struct sse_json {
    const char *text_;
    size_t len_;
    size_t at_;             /* next byte; at an error, the offending one */
    uint64_t nest_[2];      /* one bit for each level: set for an object */
    uint32_t depth_;
    uint32_t state_;        /* what the grammar wants next */
    int32_t failed_;        /* sticky sse_status */
    uint32_t reserved32_;
    uint64_t reserved_[2];
} sse_json;

/** One wanted member for sse_json_members(). */
typedef struct sse_json_member {
    const char *name;     /**< in: NUL-terminated, in UTF-8, not escaped */
    sse_json_value value; /**< out: kind SSE_JSON_NONE if it is not there */
} sse_json_member;

/** Reader of the characters of strings: keeps the half of a surrogate pair
 *  that one string ended with for the next.  Members are private.  Zeroed
 *  memory is a fresh one. */
typedef struct sse_json_chars {
    const char *at_;
    const char *end_;
    uint32_t high_;       /* high surrogate waiting for its other half */
    uint32_t reserved_;
} sse_json_chars;

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Puts a cursor at the start of a JSON text.
 *
 * @param json  The caller's; need not be cleared before.
 * @param text  Borrowed as long as the cursor and its values are in use; not
 *              NUL-terminated; not changed.  NULL only if @p len is 0.
 * @param len   Bytes at @p text.
 * @since 0.1.0
 */
SSE_API void sse_json_init(sse_json *json, const char *text, size_t len);

/**
 * The next token.  Each byte is looked at once.
 *
 * @param token  Out, required: SSE_JSON_END once the text is over; containers
 *               come as their brackets.
 * @return SSE_OK
 *         SSE_ERR_PROTOCOL  the text is no JSON; sse_json_offset() says where.
 *                           Sticky.
 *         SSE_ERR_LIMIT     it nests deeper than SSE_JSON_DEPTH_MAX.  Sticky.
 *         SSE_ERR_INVALID   a required pointer is NULL.
 * @see RFC 8259, sections 2 to 8
 * @since 0.1.0
 */
SSE_API sse_status sse_json_next(sse_json *json, sse_json_value *token);

/**
 * The next token, but a container comes as one value, whole and checked.  Use
 * it behind a name or inside an array for what is not to be looked into now.
 *
 * @param value  Out, required.
 * @return As sse_json_next().
 * @since 0.1.0
 */
SSE_API sse_status sse_json_next_value(sse_json *json, sse_json_value *value);

/** Offset of the next byte to be read; after an error, of the byte that breaks
 *  the grammar, or the length of the text if it ended too early.
 *  @since 0.1.0 */
SSE_API size_t sse_json_offset(const sse_json *json);

/**
 * Checks a whole text.
 *
 * @param offset  Out, may be NULL: as sse_json_offset().
 * @return SSE_OK, SSE_ERR_PROTOCOL, SSE_ERR_LIMIT, SSE_ERR_INVALID.
 * @since 0.1.0
 */
SSE_API sse_status sse_json_check(const char *text, size_t len,
                                  size_t *offset);

/**
 * Finds members of an object in one pass.  All of the text is checked, also
 * behind the last member wanted.  Of a name that occurs twice the last counts.
 *
 * @param text, len       The object; white space around it is allowed.
 * @param members, count  In: names.  Out: values, also if an error comes back.
 * @return SSE_OK
 *         SSE_ERR_PROTOCOL, SSE_ERR_LIMIT  as sse_json_next(), and
 *                           SSE_ERR_PROTOCOL for valid text that is no object.
 *         SSE_ERR_INVALID   a required pointer is NULL.
 * @since 0.1.0
 */
SSE_API sse_status sse_json_members(const char *text, size_t len,
                                    sse_json_member *members, size_t count);

/** Not 0 if @p value is a string (or name) that means exactly @p text, which
 *  is NUL-terminated UTF-8.  @since 0.1.0 */
SSE_API int sse_json_equals(const sse_json_value *value, const char *text);

/**
 * The value of a number that is an integer.
 *
 * @param number  Out, required; untouched unless SSE_OK comes back.
 * @return SSE_OK
 *         SSE_ERR_INVALID  no number, one with a fraction or an exponent, one
 *                          beyond 64 bits, or a required pointer is NULL.
 * @since 0.1.0
 */
SSE_API sse_status sse_json_integer(const sse_json_value *value,
                                    int64_t *number);

/**
 * Unescapes a whole string.  A surrogate without its other half becomes
 * U+FFFD.  The result is not NUL-terminated and may hold NUL.
 *
 * @param value    A string or name that came out of a cursor.
 * @param cap      Bytes at @p dst; value->len always suffices.
 * @param written  Out, required: bytes; 0 unless SSE_OK comes back.
 * @return SSE_OK
 *         SSE_ERR_NO_SPACE  @p cap is too small; what @p dst holds is
 *                           indeterminate.
 *         SSE_ERR_INVALID   no string, or a required pointer is NULL.
 * @since 0.1.0
 */
SSE_API sse_status sse_json_unescape(const sse_json_value *value, char *dst,
                                     size_t cap, size_t *written);

/**
 * Points a reader of characters at a string.  A high surrogate that the string
 * before ended with still waits: providers cut a text anywhere and escape each
 * part on its own, so that `\ud83d` and `\ude00` may come in two strings.
 *
 * @param chars  Zeroed before its first use.
 * @param value  A string or name that came out of a cursor; borrowed until it
 *               was read to its end.  Any other value reads as empty.
 * @since 0.1.0
 */
SSE_API void sse_json_chars_start(sse_json_chars *chars,
                                  const sse_json_value *value);

/**
 * Unescapes the next characters of the string: as many whole ones as fit.
 * A surrogate that turns out to have no other half becomes U+FFFD.  An empty
 * string between the two halves does not part them.
 *
 * @param dst      Well-formed UTF-8 comes here, never cut inside a character.
 * @param cap      Bytes at @p dst, at least 4.
 * @param written  Out, required: bytes.
 * @return SSE_OK            the string is read to its end.
 *         SSE_NEED_SPACE    there is more: take what is there and call again.
 *         SSE_ERR_NO_SPACE  @p cap < 4; nothing was read.
 *         SSE_ERR_INVALID   a required pointer is NULL.
 * @since 0.1.0
 */
SSE_API sse_status sse_json_chars_read(sse_json_chars *chars, char *dst,
                                       size_t cap, size_t *written);

/**
 * Ends a run of strings: a high surrogate still waiting becomes U+FFFD.
 *
 * @param cap      Bytes at @p dst, at least 3.
 * @param written  Out, required: 0 or 3.
 * @return SSE_OK; SSE_ERR_NO_SPACE; SSE_ERR_INVALID.
 * @since 0.1.0
 */
SSE_API sse_status sse_json_chars_finish(sse_json_chars *chars, char *dst,
                                         size_t cap, size_t *written);

#ifdef __cplusplus
}
#endif

#endif /* SSE_JSON_H */
