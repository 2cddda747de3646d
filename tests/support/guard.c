/*
 * guard.c - input between two unreadable pages.
 *
 * SPDX-License-Identifier: MIT
 */
#if defined(__unix__) || defined(__APPLE__)
#define GUARD_PAGES 1
#define _DEFAULT_SOURCE 1 /* MAP_ANONYMOUS in glibc and musl */
#define _DARWIN_C_SOURCE 1
#else
#define GUARD_PAGES 0
#endif

#include "guard.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if GUARD_PAGES
#include <sys/mman.h>
#include <unistd.h>
#endif

static void give_up(const char *what)
{
    fprintf(stderr, "guard: %s\n", what);
    abort();
}

int guard_is_hard(const guard *place)
{
    return place->whole > 0;
}

#if GUARD_PAGES

void guard_open(guard *place, size_t cap)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    size_t room = (cap / page + 1) * page;
    size_t whole = room + 2 * page;
    void *map = mmap(NULL, whole, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (map == MAP_FAILED) {
        give_up("mmap failed");
    }
    place->map = (char *)map;
    place->whole = whole;
    place->room = place->map + page;
    place->cap = room;
    if (mprotect(place->map, page, PROT_NONE) != 0 ||
        mprotect(place->room + room, page, PROT_NONE) != 0) {
        give_up("mprotect failed");
    }
}

char *guard_at_end(guard *place, const char *bytes, size_t len)
{
    if (len > place->cap) {
        give_up("the place is too small");
    }
    char *at = place->room + (place->cap - len);
    if (len > 0) {
        memcpy(at, bytes, len);
    }
    return at;
}

char *guard_at_begin(guard *place, const char *bytes, size_t len)
{
    if (len > place->cap) {
        give_up("the place is too small");
    }
    if (len > 0) {
        memcpy(place->room, bytes, len);
    }
    return place->room;
}

void guard_close(guard *place)
{
    if (place->map != NULL) {
        munmap(place->map, place->whole);
        place->map = NULL;
        place->room = NULL;
    }
}

#else

void guard_open(guard *place, size_t cap)
{
    place->map = NULL;
    place->whole = 0;
    place->room = NULL;
    place->cap = cap;
}

char *guard_at_end(guard *place, const char *bytes, size_t len)
{
    if (len > place->cap) {
        give_up("the place is too small");
    }
    free(place->map);
    place->map = (char *)malloc(len > 0 ? len : 1);
    if (place->map == NULL) {
        give_up("out of memory");
    }
    if (len > 0) {
        memcpy(place->map, bytes, len);
    }
    place->room = place->map;
    return place->room;
}

char *guard_at_begin(guard *place, const char *bytes, size_t len)
{
    return guard_at_end(place, bytes, len);
}

void guard_close(guard *place)
{
    free(place->map);
    place->map = NULL;
    place->room = NULL;
}

#endif
