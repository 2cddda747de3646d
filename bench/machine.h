/*
 * machine.h - what a figure was measured on.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef BENCH_MACHINE_H
#define BENCH_MACHINE_H

#include <stddef.h>

/** The compiler of this program and its version, "gcc 12.2.0". */
const char *machine_compiler(void);

/** Short, for a table of figures that depend on it: "gcc-12". */
const char *machine_compiler_key(void);

/** The model of the processor, as far as the system tells.  Not the caller's
 *  to free; without quotation marks, backslashes and control characters. */
const char *machine_cpu(void);

/** Bytes of the largest cache; 2 MiB if the system tells of none that is
 *  larger. */
size_t machine_cache(void);

#endif /* BENCH_MACHINE_H */
