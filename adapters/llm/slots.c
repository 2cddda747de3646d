/*
 * slots.c - the scratch: short texts that outlive their event, and room.
 *
 * SPDX-License-Identifier: MIT
 */
#include "state.h"

#include <string.h>

/* Bytes of the slots before the message, in their order; the final NUL is
 * among them.  What is left of SSE_LLM_SCRATCH_MIN behind them is shared
 * between the message and the room to unescape in. */
static const size_t slot_caps[] = {128, 128, 64, 64, 64};

#define SLOT_COUNT (sizeof slot_caps / sizeof slot_caps[0])
#define MESSAGE_CAP_MAX 1024

static size_t message_cap(const sse_llm *llm)
{
    const size_t quarter = llm->scratch_cap_ / 4;
    return quarter < MESSAGE_CAP_MAX ? quarter : MESSAGE_CAP_MAX;
}

/* Where a slot begins, and its size. */
static char *slot_at(const sse_llm *llm, sse_priv_llm_slot slot, size_t *cap)
{
    size_t at = 0;
    for (size_t i = 0; i < SLOT_COUNT && i < (size_t)slot; i++) {
        at += slot_caps[i];
    }
    *cap = (size_t)slot < SLOT_COUNT ? slot_caps[slot] : message_cap(llm);
    return llm->scratch_ + at;
}

char *sse_priv_llm_work(const sse_llm *llm, size_t *cap)
{
    size_t message = 0;
    char *const at = slot_at(llm, LLM_SLOT_MESSAGE, &message) + message +
                     llm->sieve_.used_;
    *cap = llm->scratch_cap_ - (size_t)(at - llm->scratch_);
    return at;
}

void sse_priv_llm_slots_clear(sse_llm *llm)
{
    for (size_t i = 0; i <= SLOT_COUNT; i++) {
        size_t cap = 0;
        *slot_at(llm, (sse_priv_llm_slot)i, &cap) = '\0';
    }
}

const char *sse_priv_llm_slot_text(const sse_llm *llm, sse_priv_llm_slot slot)
{
    size_t cap = 0;
    return slot_at(llm, slot, &cap);
}

/* Ends the text in a slot.  What is below U+0020 becomes a space: the texts
 * are NUL-terminated and meant for one line of a log. */
static void close_slot(char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if ((unsigned char)text[i] < 0x20) {
            text[i] = ' ';
        }
    }
    text[len] = '\0';
}

void sse_priv_llm_slot_keep(sse_llm *llm, sse_priv_llm_slot slot,
                            const sse_json_value *value)
{
    if (value->kind == SSE_JSON_NUMBER && !sse_priv_llm_is_left_out(value)) {
        sse_priv_llm_slot_keep_text(llm, slot, value->text, value->len);
        return;
    }
    if (value->kind != SSE_JSON_STRING) {
        return;
    }
    size_t cap = 0;
    char *const text = slot_at(llm, slot, &cap);
    sse_json_chars chars;
    memset(&chars, 0, sizeof chars);
    sse_json_chars_start(&chars, value);
    size_t len = 0;
    size_t last = 0;
    (void)sse_json_chars_read(&chars, text, cap - 1, &len);
    (void)sse_json_chars_finish(&chars, text + len, cap - 1 - len, &last);
    close_slot(text, len + last);
}

void sse_priv_llm_slot_keep_text(sse_llm *llm, sse_priv_llm_slot slot,
                                 const char *text, size_t len)
{
    size_t cap = 0;
    char *const dst = slot_at(llm, slot, &cap);
    size_t fits = len;
    if (fits > cap - 1) {
        fits = cap - 1;
        while (fits > 0 && ((unsigned char)text[fits] & 0xC0) == 0x80) {
            fits--; /* do not cut inside a character */
        }
    }
    if (fits > 0) {
        memcpy(dst, text, fits);
    }
    close_slot(dst, fits);
}
