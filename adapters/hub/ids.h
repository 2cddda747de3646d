/*
 * ids.h - ids of the hub's own: a prefix and the number of the event.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SSE_HUB_IDS_H
#define SSE_HUB_IDS_H

#include <stddef.h>
#include <stdint.h>

/** An id of the hub's own, with its NUL: prefix, hyphen, twenty digits. */
#define SSE_PRIV_OWN_ID 54u

typedef struct sse_priv_ids {
    char prefix[34]; /* with its hyphen */
    size_t prefix_len;
    uint64_t last; /* number given last */
} sse_priv_ids;

/** A number that nobody can tell before. */
uint64_t sse_priv_chance(void);
/** @return 0 if the prefix cannot be one. */
int sse_priv_ids_init(sse_priv_ids *ids, const char *prefix);
/** Writes the id of a number.  @return Bytes, without the NUL. */
size_t sse_priv_ids_write(const sse_priv_ids *ids, uint64_t number,
                          char dst[SSE_PRIV_OWN_ID]);
/** @return Not 0 if it is an id of this hub that was given out. */
int sse_priv_ids_read(const sse_priv_ids *ids, const char *id, size_t len,
                      uint64_t *number);

#endif /* SSE_HUB_IDS_H */
