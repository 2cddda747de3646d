/*
 * variant.c - which variant of the scan is measured: SSE_SCAN=name.
 *
 * SPDX-License-Identifier: MIT
 */
#include "variant.h"

#include "libsse/scan.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int is_end(char c)
{
    return c == '\n' || c == '\r';
}

#ifndef SSE_NO_SIMD

int variant_choose(void)
{
    const char *const name = getenv("SSE_SCAN");
    if (name == NULL || name[0] == '\0') {
        return 0;
    }
    for (int i = SSE_PRIV_LEVEL_SWAR; i < SSE_PRIV_LEVELS; i++) {
        const sse_priv_level level = (sse_priv_level)i;
        if (strcmp(name, sse_priv_scan_name(level)) == 0) {
            if (sse_priv_scan_force(level)) {
                return 0;
            }
            fprintf(stderr, "sse-bench: SSE_SCAN=%s: this processor does not "
                    "have it\n", name);
            return -1;
        }
    }
    fprintf(stderr, "sse-bench: SSE_SCAN=%s: no such variant; there are swar, "
            "sse2, avx2, avx512 and neon\n", name);
    return -1;
}

const char *variant_name(void)
{
    return sse_priv_scan_name(sse_priv_scan_level());
}

void variant_print_all(void)
{
    for (int i = SSE_PRIV_LEVEL_SWAR; i < SSE_PRIV_LEVELS; i++) {
        if (sse_priv_scan_has((sse_priv_level)i)) {
            puts(sse_priv_scan_name((sse_priv_level)i));
        }
    }
}

#define WINDOW ((size_t)SSE_PRIV_WINDOW)

size_t variant_index(const char *text, size_t len)
{
    uint16_t ends[SSE_PRIV_ENDS_CAP];
    size_t count = 0;
    for (size_t at = 0; at < len;) {
        size_t used = len - at < WINDOW ? len - at : WINDOW;
        count += sse_priv_index(text + at, &used, ends);
        at += used;
        /* A run that a window cuts counts once. */
        while (at < len && is_end(text[at - 1]) && is_end(text[at])) {
            at++;
        }
    }
    return count;
}

#else

int variant_choose(void)
{
    const char *const name = getenv("SSE_SCAN");
    if (name == NULL || name[0] == '\0') {
        return 0;
    }
    fprintf(stderr, "sse-bench: SSE_SCAN=%s: built with SSE_NO_SIMD, there "
            "are no variants\n", name);
    return -1;
}

const char *variant_name(void)
{
    return "none";
}

void variant_print_all(void)
{
}

/* Without an index each end is looked for when it is needed. */
size_t variant_index(const char *text, size_t len)
{
    size_t count = 0;
    size_t at = 0;
    while (at < len) {
        at += sse_priv_scan(text + at, len - at);
        if (at < len) {
            count++;
        }
        while (at < len && is_end(text[at])) {
            at++;
        }
    }
    return count;
}

#endif

size_t variant_index_expected(const char *text, size_t len)
{
    size_t count = 0;
    int within = 0;
    for (size_t i = 0; i < len; i++) {
        count += is_end(text[i]) && !within;
        within = is_end(text[i]);
    }
    return count;
}
