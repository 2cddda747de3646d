/*
 * test_copy.c - every variant of the writer's copying writes what a loop over
 * bytes writes, and not a byte around it.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/support/check.h"
#include "tests/support/guard.h"
#include "tests/support/random.h"

#include "libsse/scan.h"
#include "libsse/scan_copy.h"

#include <sse/sse.h>

#include <string.h>

#define TEXT_MAX 6000
#define LINES_MAX SSE_PRIV_COPY_MOST((size_t)TEXT_MAX)

static random_source source = {20261122};

static size_t put(char *to, const char *text)
{
    memcpy(to, text, strlen(text));
    return strlen(text);
}

/* The event that the variants are to write. */
static size_t lines_slowly(const char *text, size_t len, char *to)
{
    size_t n = put(to, "data: ");
    for (size_t i = 0; i < len; i++) {
        if (text[i] == '\n' && i > 0 && text[i - 1] == '\r') {
            continue;
        }
        if (text[i] == '\n' || text[i] == '\r') {
            n += put(to + n, "\ndata: ");
        } else {
            to[n++] = text[i];
        }
    }
    return n + put(to + n, "\n\n");
}

/* How dense line ends are: once in so many bytes; 0 for never. */
static const size_t densities[] = {0, 1, 2, 5, 17, 40, 64, 65, 200, 1500};
#define DENSITIES (sizeof densities / sizeof densities[0])

static void fill(char *text, size_t len, size_t once_in)
{
    static const char *const line_ends[] = {"\n", "\n", "\r", "\r\n", "\n\r"};
    size_t i = 0;
    while (i < len) {
        if (once_in > 0 && random_once_in(&source, once_in)) {
            const char *end = line_ends[random_below(&source, 5)];
            while (*end != '\0' && i < len) {
                text[i++] = *end++;
            }
        } else {
            const char c = (char)random_below(&source, 256);
            text[i++] = c == '\n' || c == '\r' ? 'x' : c;
        }
    }
}

static guard text_place;
static guard dst_place;

/* Both texts right before and right behind an unreadable page. */
static int copies(const char *text, size_t len)
{
    static char want[LINES_MAX];
    static char nothing[LINES_MAX];
    const size_t size = lines_slowly(text, len, want);
    int good = 1;
    for (unsigned where = 0; where < 4 && good; where++) {
        const char *const from =
            (where & 1) != 0 ? guard_at_end(&text_place, text, len)
                             : guard_at_begin(&text_place, text, len);
        char *const dst = (where & 2) != 0
                              ? guard_at_end(&dst_place, nothing, size)
                              : guard_at_begin(&dst_place, nothing, size);
        good = sse_priv_copy_size(from, len) == size &&
               sse_priv_copy(dst, from, len) == size &&
               memcmp(dst, want, size) == 0;
    }
    return good;
}

static void test_lengths(const char *level)
{
    static char text[TEXT_MAX];
    int good = 1;
    for (size_t len = 0; len <= 420 && good; len++) {
        for (size_t i = 0; i < DENSITIES && good; i++) {
            fill(text, len, densities[i]);
            good = copies(text, len);
        }
    }
    for (size_t round = 0; round < 300 && good; round++) {
        const size_t len = random_below(&source, TEXT_MAX + 1);
        fill(text, len, densities[round % DENSITIES]);
        good = copies(text, len);
    }
    (void)check_that(good, "%s: texts of any length and density", level);
}

/* One line end at every place, which is what the steps of a variant differ
 * in. */
static void test_places(const char *level)
{
    static const char *const ends[] = {"\n", "\r", "\r\n"};
    static const size_t lens[] = {15, 16, 40, 64, 129, 200, 2100};
    static char text[TEXT_MAX];
    int good = 1;
    for (size_t k = 0; k < sizeof lens / sizeof lens[0]; k++) {
        for (size_t at = 0; at < lens[k] && good; at++) {
            const char *const end = ends[at % 3];
            fill(text, lens[k], 0);
            memcpy(text + at, end,
                   lens[k] - at < 2 ? lens[k] - at : strlen(end));
            good = copies(text, lens[k]);
        }
    }
    (void)check_that(good, "%s: a line end at any place", level);
}

static void test_masks(void)
{
    char text[64];
    int good = 1;
    for (size_t round = 0; round < 1000; round++) {
        const size_t len = round % 65;
        fill(text, len, densities[round % DENSITIES]);
        uint64_t want = 0;
        for (size_t i = 0; i < len; i++) {
            want |= (uint64_t)(text[i] == '\n' || text[i] == '\r') << i;
        }
        good = good && sse_priv_copy_mask(guard_at_end(&text_place, text, len),
                                          len) == want;
    }
    (void)check_that(good, "the mask of up to 64 bytes");
}

/* Types and ids of any length, with a byte that is refused at any place. */
static void test_values(void)
{
    static const char bad[] = {'\n', '\r', '\0'};
    char value[72];
    int good = 1;
    for (size_t len = 0; len < sizeof value && good; len++) {
        memset(value, 'v', len);
        const char *const v = guard_at_end(&text_place, value, len);
        char want[128];
        size_t n = put(want, "event: ");
        memcpy(want + n, v, len);
        n += len;
        n += put(want + n, "\nretry: 1234567890123\ndata: \n\n");
        sse_event event = sse_event_of_type(v, len, "", 0);
        event = sse_event_with_retry(event, UINT64_C(1234567890123));
        size_t written = 0;
        char *const dst = guard_at_end(&dst_place, want, n);
        memset(dst, '#', n);
        good = sse_event_write(&event, dst, n, &written) == SSE_OK &&
               written == n && memcmp(dst, want, n) == 0;
        for (size_t at = 0; at < len && good; at++) {
            value[at] = bad[at % 3];
            event = sse_event_with_id(
                sse_event_of_data("x", 1),
                guard_at_end(&text_place, value, len), len);
            good = sse_event_write(&event, dst, n, &written) ==
                       SSE_ERR_CHARACTER &&
                   memcmp(dst, want, n) == 0;
            value[at] = 'v';
        }
    }
    (void)check_that(good, "types and ids of any length");
}

/* Whether an event of several lines fits is known before anything is written:
 * with room for the worst, with exactly enough, and with a byte less. */
static void test_room(const char *level)
{
    static char text[TEXT_MAX];
    static char roomy[LINES_MAX + 64];
    int good = 1;
    for (size_t round = 0; round < 200 && good; round++) {
        const size_t len = random_below(&source, 3000);
        fill(text, len, densities[round % DENSITIES]);
        sse_event event = sse_event_of_type("t", 1, text, len);
        if (round % 2 == 0) {
            event = sse_event_with_id(event, "an id of more than 32 bytes, so "
                                      "that it is copied by a call", 59);
        }
        size_t size = 0;
        size_t a = 0;
        size_t b = 0;
        good = sse_event_size(&event, &size) == SSE_OK;
        memset(roomy, '#', sizeof roomy);
        char *const exact = guard_at_end(&dst_place, roomy, size);
        good = good &&
               sse_event_write(&event, exact, size - 1, &a) ==
                   SSE_ERR_NO_SPACE &&
               a == 0 && memcmp(exact, roomy, size) == 0 &&
               sse_event_write(&event, exact, size, &a) == SSE_OK &&
               sse_event_write(&event, roomy, sizeof roomy, &b) == SSE_OK &&
               a == size && b == size && memcmp(exact, roomy, size) == 0 &&
               roomy[size] == '#';
    }
    (void)check_that(good, "%s: all or nothing", level);
}

int main(void)
{
    unsigned tested = 0;
    guard_open(&text_place, TEXT_MAX);
    guard_open(&dst_place, LINES_MAX);
    for (unsigned i = 1; i < SSE_PRIV_LEVELS; i++) {
        const sse_priv_level level = (sse_priv_level)i;
        const char *const name = sse_priv_scan_name(level);
        if (!sse_priv_scan_force(level)) {
            continue;
        }
        test_lengths(name);
        test_places(name);
        test_room(name);
        tested++;
    }
    (void)sse_priv_scan_force(SSE_PRIV_LEVEL_UNKNOWN);
    test_masks();
    test_values();
    (void)check_that(tested > 0, "the portable variant is everywhere");
    guard_close(&text_place);
    guard_close(&dst_place);
    return check_end();
}
