/*
 * fuzz_scan.c - every variant that this processor has finds the same line
 * ends as a loop over single bytes, and copies the same lines for the writer.
 *
 * SPDX-License-Identifier: MIT
 *
 * The first two bytes say how far from the front the text begins, for any
 * alignment, and how often the rest is repeated, to fill a window.
 */
#include "fuzz.h"

#include "libsse/scan.h"
#include "libsse/scan_copy.h"

#include <stdlib.h>
#include <string.h>

#define WINDOW ((size_t)8192)

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

/* The end of an event with this data. */
static struct fuzz_text lines_slowly(const char *text, size_t len)
{
    struct fuzz_text lines = {0};
    fuzz_text_add(&lines, "data: ", 6);
    for (size_t at = 0; at < len; at++) {
        if (!is_end(text[at])) {
            fuzz_text_add(&lines, text + at, 1);
        } else if (text[at] == '\r' || at == 0 || text[at - 1] != '\r') {
            fuzz_text_add(&lines, "\ndata: ", 7);
        }
    }
    fuzz_text_add(&lines, "\n\n", 2);
    return lines;
}

/* Into a block that has just the room that it takes. */
static void check_lines(const char *text, size_t len,
                        const struct fuzz_text *want)
{
    char *const to = fuzz_copy(want->bytes, want->len);
    memset(to, '+', want->len);
    FUZZ_REQUIRE(sse_priv_copy(to, text, len) == want->len);
    FUZZ_REQUIRE(memcmp(to, want->bytes, want->len) == 0);
    free(to);
}

static void check_index(const char *text, size_t len)
{
    static uint16_t want[WINDOW], got[SSE_PRIV_ENDS_CAP];
    const size_t count = index_slowly(text, len, want);
    struct fuzz_text lines = lines_slowly(text, len);
    FUZZ_REQUIRE(sse_priv_copy_size(text, len) == lines.len);
    for (int level = 1; level < SSE_PRIV_LEVELS; level++) {
        if (sse_priv_scan_force((sse_priv_level)level)) {
            size_t used = len;
            const size_t found = sse_priv_index(text, &used, got);
            FUZZ_REQUIRE(memcmp(got, want, found * sizeof *got) == 0);
            FUZZ_REQUIRE(used == len ? found == count
                                     : found > SSE_PRIV_ENDS_CAP -
                                                   SSE_PRIV_ENDS_STEP);
            FUZZ_REQUIRE(found == count || want[found] >= used);
            FUZZ_REQUIRE((sse_priv_has_end(text, len) != 0) == (count > 0));
            check_copy(text, len, count > 0 ? want[0] : len);
            check_lines(text, len, &lines);
        }
    }
    FUZZ_REQUIRE(sse_priv_scan_force(SSE_PRIV_LEVEL_UNKNOWN));
    fuzz_text_free(&lines);
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
