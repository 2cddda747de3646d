/*
 * seed.h - what the random delays of a source begin with.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SSE_ADAPTERS_SEED_H
#define SSE_ADAPTERS_SEED_H

#include <stdint.h>

/** A seed that differs from process to process and from call to call: of the
 *  clocks, the process and an address.  It protects nothing, so guessing it
 *  gains nothing. */
uint64_t sse_priv_seed(const void *salt);

#endif /* SSE_ADAPTERS_SEED_H */
