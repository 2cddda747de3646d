/*
 * fuzz_scan.c - every variant that this processor has finds the same line
 * ends as a loop over single bytes.
 *
 * SPDX-License-Identifier: MIT
 *
 * The first two bytes say how far from the front the text begins, for any
 * alignment, and how often the rest is repeated, to fill a window.
 */
#include "fuzz.h"

#include "libsse/scan.h"

#include <stdlib.h>
#include <string.h>

#define WINDOW ((size_t)4096)

static int is_end(char c)
{
    return c == '\r' || c == '\n';
}

static size_t scan_slowly(const char *text, size_t len)
{
    size_t at = 0;
    while (at < len && !is_end(text[at])) {
        at++;
    }
    return at;
}

#ifdef SSE_NO_SIMD

static void check_index(const char *text, size_t len)
{
    (void)text;
    (void)len;
}

#else

static size_t index_slowly(const char *text, size_t len, uint16_t *ends)
{
    size_t count = 0;
    for (size_t at = 0; at < len; at++) {
        if (is_end(text[at]) && (at == 0 || !is_end(text[at - 1]))) {
            ends[count++] = (uint16_t)at;
        }
    }
    return count;
}

/* Into a block that has just the room that was asked for. */
static void check_copy(const char *text, size_t len, size_t end)
{
    if (len >= 8) {
        char *const to = fuzz_copy(text, len);
        memset(to, '+', len);
        FUZZ_REQUIRE(sse_priv_take(to, text, len) == end);
        FUZZ_REQUIRE(memcmp(to, text, end) == 0);
        free(to);
    }
}

static void check_index(const char *text, size_t len)
{
    static uint16_t want[SSE_PRIV_ENDS_CAP], got[SSE_PRIV_ENDS_CAP];
    const size_t count = index_slowly(text, len, want);
    for (int level = 1; level < SSE_PRIV_LEVELS; level++) {
        if (sse_priv_scan_force((sse_priv_level)level)) {
            FUZZ_REQUIRE(sse_priv_index(text, len, got) == count);
            FUZZ_REQUIRE(memcmp(got, want, count * sizeof *got) == 0);
            check_copy(text, len, count > 0 ? want[0] : len);
        }
    }
    FUZZ_REQUIRE(sse_priv_scan_force(SSE_PRIV_LEVEL_UNKNOWN));
}

#endif

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = fuzz_input_of(data, size);
    const size_t skip = fuzz_byte(&input) % 64;
    const size_t times = 1 + fuzz_byte(&input);
    struct fuzz_text text = {0};
    fuzz_text_add(&text, "", 1);
    for (size_t i = 0; i < times && text.len < skip + WINDOW; i++) {
        fuzz_text_add(&text, input.at, input.left);
    }
    const size_t from = skip < text.len ? skip : text.len;
    const size_t left = text.len - from;
    const size_t len = left < WINDOW ? left : WINDOW;
    /* A block that ends where the text does. */
    char *const block = fuzz_copy(text.bytes, from + len);
    FUZZ_REQUIRE(sse_priv_scan(block + from, len) ==
                 scan_slowly(block + from, len));
    check_index(block + from, len);
    free(block);
    fuzz_text_free(&text);
    return 0;
}
