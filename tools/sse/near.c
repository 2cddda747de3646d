/*
 * near.c - is one word a slip of the pen for another?
 *
 * SPDX-License-Identifier: MIT
 */
#include "near.h"

#include <string.h>

int near_word(const char *a, size_t a_len, const char *b, size_t b_len)
{
    size_t same = 0;
    while (same < a_len && same < b_len && a[same] == b[same]) {
        same++;
    }
    const char *const x = a + same;
    const char *const y = b + same;
    const size_t x_len = a_len - same;
    const size_t y_len = b_len - same;
    if (x_len == y_len) {
        return x_len > 0 &&
               (memcmp(x + 1, y + 1, x_len - 1) == 0 ||
                (x_len > 1 && x[0] == y[1] && x[1] == y[0] &&
                 memcmp(x + 2, y + 2, x_len - 2) == 0));
    }
    return (x_len == y_len + 1 && memcmp(x + 1, y, y_len) == 0) ||
           (y_len == x_len + 1 && memcmp(x, y + 1, x_len) == 0);
}
