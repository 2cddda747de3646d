/*
 * uring.c - many sends by one system call (Linux, io_uring).
 *
 * SPDX-License-Identifier: MIT
 *
 * What a group of subscribers gets goes to the system together.  The sends
 * never wait, so each is done when the call returns, in order, just as if
 * send() had been called for one after the other; what is saved is the way
 * into the kernel and back for each.  Where there is no io_uring, or it is
 * not allowed, send() it is.
 *
 * So it is, from then on, once the ring fails.  What it took and tells no
 * result of may have been sent or not, whole or in part: sent again it might
 * come twice, gone on behind it something might be missing.  That connection
 * breaks off, and its reader comes back with the id of what it has.
 */
#if defined(__linux__)

#define _GNU_SOURCE

#include "hub.h"

#if defined(__has_include)
#if __has_include(<linux/io_uring.h>)
#include <linux/io_uring.h>
#endif
#endif
#include <sys/prctl.h>
#include <sys/syscall.h>

#endif

#if defined(IORING_FEAT_FAST_POLL) && defined(SYS_io_uring_setup) && \
    defined(__GNUC__)

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

/* The indexes are shared with the kernel. */
#define LOAD(at) __atomic_load_n(at, __ATOMIC_ACQUIRE)
#define STORE(at, value) __atomic_store_n(at, value, __ATOMIC_RELEASE)

static long enter(int fd, unsigned take, unsigned wait, unsigned flags)
{
    return syscall(SYS_io_uring_enter, fd, take, wait, flags, NULL, (size_t)0);
}

static void *map(int fd, size_t len, unsigned long long at)
{
    return mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE,
                fd, (off_t)at);
}

static unsigned *index_at(const sse_priv_uring *uring, unsigned offset)
{
    return (unsigned *)(void *)(uring->rings + offset);
}

static int map_all(sse_priv_uring *uring, const struct io_uring_params *params)
{
    const struct io_sqring_offsets *const queue = &params->sq_off;
    const struct io_cqring_offsets *const done = &params->cq_off;
    const size_t queue_len =
        queue->array + params->sq_entries * sizeof(unsigned);
    const size_t done_len =
        done->cqes + params->cq_entries * sizeof *uring->results;
    uring->rings_len = queue_len > done_len ? queue_len : done_len;
    uring->entries_len = params->sq_entries * sizeof *uring->entries;
    void *const rings = map(uring->fd, uring->rings_len, IORING_OFF_SQ_RING);
    if (rings == MAP_FAILED) {
        return 0;
    }
    uring->rings = (char *)rings;
    void *const entries = map(uring->fd, uring->entries_len, IORING_OFF_SQES);
    if (entries == MAP_FAILED) {
        return 0;
    }
    uring->entries = (struct io_uring_sqe *)entries;
    uring->sent = index_at(uring, queue->head);
    uring->queued = index_at(uring, queue->tail);
    uring->order = index_at(uring, queue->array);
    uring->queue_mask = *index_at(uring, queue->ring_mask);
    uring->seen = index_at(uring, done->head);
    uring->done = index_at(uring, done->tail);
    uring->done_mask = *index_at(uring, done->ring_mask);
    uring->results =
        (const struct io_uring_cqe *)(void *)(uring->rings + done->cqes);
    return 1;
}

void sse_priv_uring_close(sse_priv_uring *uring)
{
    if (uring == NULL) {
        return;
    }
    if (uring->entries != NULL) {
        (void)munmap(uring->entries, uring->entries_len);
    }
    if (uring->rings != NULL) {
        (void)munmap(uring->rings, uring->rings_len);
    }
    (void)close(uring->fd);
    free(uring);
}

sse_priv_uring *sse_priv_uring_open(void)
{
    struct io_uring_params params;
    const unsigned needed = IORING_FEAT_SINGLE_MMAP | IORING_FEAT_FAST_POLL;
    const int saved = errno;
    sse_priv_uring *uring = NULL;
    /* A filter of system calls may kill for one that it does not know. */
    if (prctl(PR_GET_SECCOMP, 0, 0, 0, 0) == 0) {
        uring = (sse_priv_uring *)calloc(1, sizeof *uring);
    }
    if (uring != NULL) {
        memset(&params, 0, sizeof params);
        uring->enter = enter;
        uring->fd = (int)syscall(SYS_io_uring_setup, SSE_PRIV_GROUP, &params);
        if (uring->fd < 0) {
            free(uring);
            uring = NULL;
        } else if ((params.features & needed) != needed ||
                   !map_all(uring, &params)) {
            sse_priv_uring_close(uring);
            uring = NULL;
        }
    }
    errno = saved;
    return uring;
}

static void queue_one(sse_priv_uring *uring, unsigned at, uint32_t fd,
                      const char *bytes, size_t len, size_t item)
{
    const unsigned place = at & uring->queue_mask;
    struct io_uring_sqe *const entry = &uring->entries[place];
    memset(entry, 0, sizeof *entry);
    entry->opcode = IORING_OP_SEND;
    entry->fd = (int)fd;
    entry->addr = (uint64_t)(uintptr_t)bytes;
    entry->len = (uint32_t)len;
    entry->msg_flags = MSG_NOSIGNAL | MSG_DONTWAIT;
    entry->user_data = item;
    uring->order[place] = place;
}

/* Has the kernel take what is queued.  Returns how many it took. */
static size_t submit(sse_priv_uring *uring, size_t count)
{
    size_t taken = 0;
    while (taken < count) {
        const long got =
            uring->enter(uring->fd, (unsigned)(count - taken), 0, 0);
        if (got > 0) {
            taken += (size_t)got;
        } else if (got == 0 || errno != EINTR) {
            /* Short of memory, it takes more another time. */
            uring->broken = got == 0 || (errno != EAGAIN && errno != EBUSY);
            break;
        }
    }
    /* What it did not take stays ours. */
    STORE(uring->queued, LOAD(uring->sent));
    return taken;
}

static unsigned results_of(const sse_priv_uring *uring)
{
    return LOAD(uring->done) - *uring->seen;
}

/* Sees to it that the results of all that it took are there, as they are once
 * it took them: no send waits, and there is room for all. */
static void collect(sse_priv_uring *uring, unsigned taken)
{
    while (results_of(uring) < taken &&
           uring->enter(uring->fd, 0, taken - results_of(uring),
                        (unsigned)IORING_ENTER_GETEVENTS) < 0 &&
           errno == EINTR) {
    }
    if (results_of(uring) != taken) {
        uring->broken = 1;
    }
}

/* As hub->send says it. */
static ptrdiff_t outcome(int result)
{
    if (result == -EAGAIN || result == -EWOULDBLOCK || result == -EINTR) {
        return 0;
    }
    return result < 0 ? -1 : result;
}

size_t sse_priv_uring_send(sse_priv_uring **ring, sse_priv_parcel *parcels,
                           size_t count)
{
    sse_priv_uring *const uring = *ring;
    const unsigned first = *uring->queued;
    for (size_t i = 0; i < count; i++) {
        queue_one(uring, first + (unsigned)i, parcels[i].fd, parcels[i].bytes,
                  parcels[i].len, i);
    }
    STORE(uring->queued, first + (unsigned)count);
    const size_t taken = submit(uring, count);
    collect(uring, (unsigned)taken);
    for (size_t i = 0; i < taken; i++) {
        parcels[i].sent = -1;
    }
    const unsigned end = LOAD(uring->done);
    for (unsigned at = *uring->seen; at != end; at++) {
        const struct io_uring_cqe *const result =
            &uring->results[at & uring->done_mask];
        if (result->user_data < taken) {
            parcels[result->user_data].sent = outcome(result->res);
        }
    }
    STORE(uring->seen, end);
    if (uring->broken) {
        sse_priv_uring_close(uring);
        *ring = NULL;
    }
    return taken;
}

#else

#include "hub.h"

sse_priv_uring *sse_priv_uring_open(void)
{
    return NULL;
}

void sse_priv_uring_close(sse_priv_uring *uring)
{
    (void)uring;
}

size_t sse_priv_uring_send(sse_priv_uring **ring, sse_priv_parcel *parcels,
                           size_t count)
{
    (void)ring;
    (void)parcels;
    (void)count;
    return 0;
}

#endif
