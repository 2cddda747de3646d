/*
 * quiet.h - whether the processor is ours alone.
 *
 * On a shared machine another guest may run on the other half of a core, for
 * seconds or for minutes: all that keeps many instructions in flight then takes
 * up to twice as long, and what waits for memory or for itself does not, so
 * that ratios are wrong as well.  A probe of known work tells.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef BENCH_QUIET_H
#define BENCH_QUIET_H

/** Goes to the processor on which the probe takes least time now, where the
 *  system lets it choose. */
void quiet_settle(void);

/** Learns, once, within a second, what the probe takes at best: unless somebody
 *  is there all the time. */
void quiet_learn(void);

/** Not 0 if the probe takes about as long as it did at best in this program. */
int quiet_now(void);

#endif /* BENCH_QUIET_H */
