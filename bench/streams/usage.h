/*
 * usage.h - what this process holds and has used.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef BENCH_STREAMS_USAGE_H
#define BENCH_STREAMS_USAGE_H

#include <stddef.h>

/** Bytes of the heap in use; 0 where the C library does not tell. */
size_t usage_heap(void);

/** Bytes in memory, code included; 0 where the system does not tell. */
size_t usage_resident(void);

/** Open descriptors; 0 where the system does not tell. */
size_t usage_descriptors(void);

/** Seconds of processor time, the system's for us included. */
double usage_cpu(void);

/** Raises the limit on descriptors as far as it may.  @return The limit. */
size_t usage_allow_descriptors(size_t wanted);

#endif /* BENCH_STREAMS_USAGE_H */
