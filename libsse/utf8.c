/*
 * utf8.c - UTF-8 checked and repaired, in pieces.
 *
 * SPDX-License-Identifier: MIT
 */
#include "utf8.h"

#include <sse/utf8.h>

#include <string.h>

static const char replacement[3] = {'\xEF', '\xBF', '\xBD'};

sse_priv_sequence sse_priv_utf8(const char *text, size_t len)
{
    const unsigned char *const bytes = (const unsigned char *)text;
    const unsigned char lead = bytes[0];
    unsigned char low = 0x80;
    unsigned char high = 0xBF;
    size_t want = 0;
    sse_priv_sequence seq = {1, 0, 0};
    if (lead < 0x80) {
        want = 1;
    } else if (lead >= 0xC2 && lead <= 0xDF) {
        want = 2;
    } else if (lead >= 0xE0 && lead <= 0xEF) {
        want = 3;
        low = lead == 0xE0 ? 0xA0 : low;
        high = lead == 0xED ? 0x9F : high;
    } else if (lead >= 0xF0 && lead <= 0xF4) {
        want = 4;
        low = lead == 0xF0 ? 0x90 : low;
        high = lead == 0xF4 ? 0x8F : high;
    }
    while (seq.len < want) {
        if (seq.len == len) {
            seq.cut = 1;
            return seq;
        }
        if (bytes[seq.len] < low || bytes[seq.len] > high) {
            return seq;
        }
        low = 0x80;
        high = 0xBF;
        seq.len++;
    }
    seq.good = want > 0;
    return seq;
}

void sse_utf8_init(sse_utf8 *u)
{
    memset(u, 0, sizeof *u);
}

/* Where the copy stands. */
typedef struct copy {
    char *dst; /* NULL to validate only */
    size_t cap, len;
} copy;

/* @return 0 if there is no room. */
static int put(copy *to, const char *text, size_t len)
{
    if (to->dst != NULL) {
        if (len > to->cap - to->len) {
            return 0;
        }
        memcpy(to->dst + to->len, text, len);
        to->len += len;
    }
    return 1;
}

/* Puts a sequence or what replaces it.  @return 0 if there is no room. */
static int put_sequence(sse_utf8 *u, copy *to, const char *text,
                        const sse_priv_sequence *seq)
{
    if (seq->good) {
        return put(to, text, seq->len);
    }
    if (!put(to, replacement, sizeof replacement)) {
        return 0;
    }
    u->errors++;
    return 1;
}

/* Goes on with the sequence that the last chunk cut.  Bytes used of the text;
 * `full` if there is no room for what came of it. */
static size_t resume(sse_utf8 *u, copy *to, const char *text, size_t len,
                     int *full)
{
    size_t used = 0;
    while (u->held_len_ > 0) {
        const sse_priv_sequence seq = sse_priv_utf8(u->held_, u->held_len_);
        if (seq.cut) {
            if (used == len) {
                return used;
            }
            u->held_[u->held_len_++] = text[used++];
            continue;
        }
        if (!put_sequence(u, to, u->held_, &seq)) {
            *full = 1;
            return used;
        }
        /* Behind a sequence that failed stands the byte that failed it. */
        u->held_len_ = (uint8_t)(u->held_len_ - seq.len);
        memmove(u->held_, u->held_ + seq.len, u->held_len_);
    }
    return used;
}

sse_status sse_utf8_repair(sse_utf8 *u, const char *text, size_t len,
                           size_t *consumed, char *dst, size_t cap,
                           size_t *written)
{
    if (consumed == NULL || written == NULL) {
        return SSE_ERR_INVALID;
    }
    *consumed = 0;
    *written = 0;
    if (u == NULL || (text == NULL && len > 0)) {
        return SSE_ERR_INVALID;
    }
    copy to = {dst, cap, 0};
    int full = 0;
    size_t at = resume(u, &to, text, len, &full);
    while (at < len && !full) {
        const sse_priv_sequence seq = sse_priv_utf8(text + at, len - at);
        if (seq.cut) {
            memcpy(u->held_, text + at, len - at);
            u->held_len_ = (uint8_t)(len - at);
            at = len;
        } else if (put_sequence(u, &to, text + at, &seq)) {
            at += seq.len;
        } else {
            full = 1;
        }
    }
    *consumed = at;
    *written = to.len;
    return full ? SSE_NEED_SPACE : SSE_OK;
}

sse_status sse_utf8_finish(sse_utf8 *u, char *dst, size_t cap,
                           size_t *written)
{
    if (written == NULL) {
        return SSE_ERR_INVALID;
    }
    *written = 0;
    if (u == NULL) {
        return SSE_ERR_INVALID;
    }
    copy to = {dst, cap, 0};
    int full = 0;
    (void)resume(u, &to, NULL, 0, &full);
    if (u->held_len_ > 0 && !full) {
        full = !put(&to, replacement, sizeof replacement);
        u->errors += full ? 0 : 1;
        u->held_len_ = full ? u->held_len_ : 0;
    }
    *written = to.len;
    return full ? SSE_ERR_NO_SPACE : SSE_OK;
}
