/*
 * call.c - call objects and the memory that lives and dies with them.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "store/store.h"

struct store_block {
    struct store_block *next;
    uint64_t bytes[]; /* aligned for whatever is put there */
};

void *store_call_new(size_t size, void (*done)(struct store_call *call),
                     void *user)
{
    struct store_call *call = (struct store_call *)mem_zero(1, size);
    call->done = done;
    call->user = user;
    return call;
}

void *store_call_alloc(struct store_call *call, size_t size)
{
    struct store_block *block = (struct store_block *)mem_zero(
        1, sizeof(struct store_block) + size);
    block->next = call->blocks_;
    call->blocks_ = block;
    return block->bytes;
}

char *store_call_copy(struct store_call *call, const char *bytes, size_t len)
{
    char *copy = (char *)store_call_alloc(call, len + 1);
    if (len > 0) {
        memcpy(copy, bytes, len);
    }
    return copy;
}

void store_call_free(struct store_call *call)
{
    if (call == NULL) {
        return;
    }
    while (call->blocks_ != NULL) {
        struct store_block *block = call->blocks_;
        call->blocks_ = block->next;
        free(block);
    }
    free(call);
}
