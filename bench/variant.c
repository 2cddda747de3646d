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
    for (size_t at = 0; at < len; at += WINDOW) {
        const size_t left = len - at;
        count += sse_priv_index(text + at, left < WINDOW ? left : WINDOW,
                                ends);
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

#define WINDOW SIZE_MAX

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
        while (at < len && (text[at] == '\n' || text[at] == '\r')) {
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
        const int is_end = text[i] == '\n' || text[i] == '\r';
        count += is_end && !(within && i % WINDOW != 0);
        within = is_end;
    }
    return count;
}
