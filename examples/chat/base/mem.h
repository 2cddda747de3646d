/*
 * mem.h - memory that is there, or the process ends.
 *
 * SPDX-License-Identifier: MIT
 *
 * Everything large in this program is bounded by a limit that is checked
 * before memory is asked for.  What is left is small, and a process that
 * cannot get it cannot even say so to its clients.  It prints one line and
 * aborts; the store is made for that (whatever was committed is kept, an
 * answer under way is closed as truncated by the next start).
 */
#ifndef CHAT_MEM_H
#define CHAT_MEM_H

#include <stddef.h>

/** Zeroed memory for @p count items; never NULL.  free() it. */
void *mem_zero(size_t count, size_t size);

/** Resizes to @p count items, the new ones not cleared; never NULL. */
void *mem_resize(void *old, size_t count, size_t size);

/** A NUL-terminated copy of @p len bytes; never NULL.  free() it. */
char *mem_copy(const char *bytes, size_t len);

/** A copy of a string; NULL stays NULL. */
char *mem_string(const char *text);

#endif /* CHAT_MEM_H */
