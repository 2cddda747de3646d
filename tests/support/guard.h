/*
 * guard.h - input between two unreadable pages.
 *
 * A parser that reads one byte too far, in either direction, crashes even
 * without a sanitizer.  Where there is no mmap() the bytes stand in a block of
 * exactly their size, for a sanitizer or a checking allocator to watch.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TESTS_GUARD_H
#define TESTS_GUARD_H

#include <stddef.h>

/** A guarded place.  Zeroed, it is closed. */
typedef struct guard {
    char *map;    /**< the whole mapping, or the block */
    size_t whole; /**< bytes mapped; 0 with the fallback */
    char *room;   /**< first byte between the unreadable pages */
    size_t cap;   /**< bytes between them */
} guard;

/** Opens a place for up to @p cap bytes.  Ends the program if there is none:
 *  a test without it would test less than it says. */
void guard_open(guard *place, size_t cap);

/** Not 0 if the pages around are really unreadable. */
int guard_is_hard(const guard *place);

/** Copies @p len bytes so that the last one stands right before an unreadable
 *  page.  What was placed before is gone. */
char *guard_at_end(guard *place, const char *bytes, size_t len);

/** Copies @p len bytes so that the first one stands right behind an unreadable
 *  page.  What was placed before is gone. */
char *guard_at_begin(guard *place, const char *bytes, size_t len);

/** Gives the memory back. */
void guard_close(guard *place);

#endif /* TESTS_GUARD_H */
