/*
 * random.h - numbers that look random and are the same on every machine.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TESTS_RANDOM_H
#define TESTS_RANDOM_H

#include <stddef.h>
#include <stdint.h>

/** A source of numbers; the state is the seed. */
typedef struct random_source {
    uint64_t state;
} random_source;

/** The next 64 bits (the SplitMix64 sequence). */
static inline uint64_t random_next(random_source *source)
{
    source->state += UINT64_C(0x9E3779B97F4A7C15);
    uint64_t z = source->state;
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

/** A number below @p bound, which is not 0.  The small bias does no harm. */
static inline size_t random_below(random_source *source, size_t bound)
{
    return (size_t)(random_next(source) % bound);
}

/** Not 0 once in @p n times. */
static inline int random_once_in(random_source *source, size_t n)
{
    return random_below(source, n) == 0;
}

#endif /* TESTS_RANDOM_H */
