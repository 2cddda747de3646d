/*
 * group.c - the streams of one CURLM: whose turn it is, and since when.
 *
 * SPDX-License-Identifier: MIT
 */
#include "stream.h"

#include <stdlib.h>

static void place(sse_curl_group *group, size_t slot, sse_priv_entry entry)
{
    group->heap[slot] = entry;
    entry.stream->slot = slot;
}

/* Moves the entry at `slot` to where its time belongs. */
static void settle(sse_curl_group *group, size_t slot)
{
    const sse_priv_entry entry = group->heap[slot];
    while (slot > 0) {
        const size_t above = (slot - 1) / 2;
        if (group->heap[above].due_ms <= entry.due_ms) {
            break;
        }
        place(group, slot, group->heap[above]);
        slot = above;
    }
    for (;;) {
        size_t below = 2 * slot + 1;
        if (below >= group->count) {
            break;
        }
        if (below + 1 < group->count &&
            group->heap[below + 1].due_ms < group->heap[below].due_ms) {
            below++;
        }
        if (entry.due_ms <= group->heap[below].due_ms) {
            break;
        }
        place(group, slot, group->heap[below]);
        slot = below;
    }
    place(group, slot, entry);
}

void sse_priv_group_due(sse_curl *stream, uint64_t due_ms)
{
    if (stream->group != NULL && !stream->ended) {
        stream->group->heap[stream->slot].due_ms = due_ms;
        settle(stream->group, stream->slot);
    }
}

void sse_priv_group_active(sse_curl *stream, CURL *active)
{
    stream->group->heap[stream->slot].active = active;
}

void sse_priv_group_leave(sse_curl *stream)
{
    sse_curl_group *group = stream->group;
    const size_t slot = stream->slot;
    group->count--;
    if (slot != group->count) {
        place(group, slot, group->heap[group->count]);
        settle(group, slot);
    }
}

/* Any thread may push; only the group's own takes, and takes all. */
static void push_raised(sse_curl_group *group, sse_curl *stream)
{
    sse_curl *first = __atomic_load_n(&group->raised, __ATOMIC_RELAXED);
    do {
        stream->next_raised = first;
    } while (!__atomic_compare_exchange_n(&group->raised, &first, stream, 0,
                                          __ATOMIC_SEQ_CST,
                                          __ATOMIC_RELAXED));
}

static void announce(sse_curl_group *group, sse_curl *stream)
{
    if ((__atomic_fetch_or(&stream->raised, SSE_PRIV_QUEUED,
                           __ATOMIC_SEQ_CST) & SSE_PRIV_QUEUED) == 0) {
        push_raised(group, stream);
        group->wake(group->wake_user);
    }
}

void sse_priv_group_raise(sse_curl *stream, uint32_t bit)
{
    (void)__atomic_fetch_or(&stream->raised, bit, __ATOMIC_SEQ_CST);
    sse_curl_group *group = __atomic_load_n(&stream->group, __ATOMIC_SEQ_CST);
    if (group != NULL) {
        announce(group, stream);
    }
}

void sse_priv_group_forget(sse_curl *stream)
{
    sse_curl_group *group = stream->group;
    sse_curl *list =
        __atomic_exchange_n(&group->raised, NULL, __ATOMIC_SEQ_CST);
    while (list != NULL) {
        sse_curl *next = list->next_raised;
        if (list != stream) {
            push_raised(group, list);
        }
        list = next;
    }
}

static void take_raised(sse_curl_group *group)
{
    sse_curl *list =
        __atomic_exchange_n(&group->raised, NULL, __ATOMIC_SEQ_CST);
    while (list != NULL) {
        sse_curl *stream = list;
        list = stream->next_raised; /* before another thread may push it */
        const uint32_t bits =
            __atomic_exchange_n(&stream->raised, 0, __ATOMIC_SEQ_CST);
        stream->cancelled |= (bits & SSE_PRIV_CANCEL) != 0;
        stream->resumed |= (bits & SSE_PRIV_RESUME) != 0;
        sse_priv_group_due(stream, 0);
    }
}

static sse_curl *find(const sse_curl_group *group, const CURL *easy)
{
    for (size_t i = 0; i < group->count; i++) {
        if (group->heap[i].active == easy) {
            return group->heap[i].stream;
        }
    }
    return NULL;
}

static void take_messages(sse_curl_group *group)
{
    int left;
    CURLMsg *message;
    while ((message = curl_multi_info_read(group->multi, &left)) != NULL) {
        sse_curl *stream = find(group, message->easy_handle);
        if (stream != NULL && message->msg == CURLMSG_DONE) {
            sse_priv_curl_done(stream, message->data.result);
        } else if (group->on_message != NULL) {
            group->on_message(message, group->message_user);
        }
    }
}

static void wake_multi(void *user)
{
    (void)curl_multi_wakeup((CURLM *)user);
}

sse_status sse_curl_group_open(CURLM *multi, sse_curl_group **group)
{
    if (multi == NULL || group == NULL) {
        return SSE_ERR_INVALID;
    }
    *group = (sse_curl_group *)calloc(1, sizeof(**group));
    if (*group == NULL) {
        return SSE_ERR_NO_MEMORY;
    }
    (*group)->multi = multi;
    (*group)->wake = wake_multi;
    (*group)->wake_user = multi;
    return SSE_OK;
}

void sse_curl_group_close(sse_curl_group *group)
{
    if (group != NULL) {
        free(group->heap);
        free(group);
    }
}

void sse_curl_group_on_wake(sse_curl_group *group, void (*wake)(void *user),
                            void *user)
{
    group->wake = wake != NULL ? wake : wake_multi;
    group->wake_user = wake != NULL ? user : group->multi;
}

void sse_curl_group_on_message(sse_curl_group *group,
                               void (*fn)(CURLMsg *message, void *user),
                               void *user)
{
    group->on_message = fn;
    group->message_user = user;
}

sse_status sse_curl_attach(sse_curl *stream, sse_curl_group *group)
{
    if (stream == NULL || group == NULL || stream->group != NULL) {
        return SSE_ERR_INVALID;
    }
    if (group->count == group->cap) {
        const size_t cap = group->cap == 0 ? 8 : group->cap * 2;
        sse_priv_entry *heap = (sse_priv_entry *)realloc(
            group->heap, cap * sizeof(*group->heap));
        if (heap == NULL) {
            return SSE_ERR_NO_MEMORY;
        }
        group->heap = heap;
        group->cap = cap;
    }
    const sse_priv_entry entry = {NULL, stream, 0};
    place(group, group->count, entry);
    group->count++;
    settle(group, stream->slot);
    __atomic_store_n(&stream->group, group, __ATOMIC_SEQ_CST);
    if (__atomic_load_n(&stream->raised, __ATOMIC_SEQ_CST) != 0) {
        announce(group, stream);
    }
    return SSE_OK;
}

sse_status sse_curl_group_step(sse_curl_group *group, uint64_t *next_ms)
{
    if (group == NULL || next_ms == NULL) {
        return SSE_ERR_INVALID;
    }
    if (group->stepping) {
        return SSE_ERR_REENTRY;
    }
    group->stepping = 1;
    take_raised(group);
    take_messages(group);
    const uint64_t now_ms = sse_priv_curl_now_ms();
    /* Bounded, as hooks may start further streams in here. */
    for (size_t n = group->count; n > 0 && group->count > 0 &&
                                  group->heap[0].due_ms <= now_ms; n--) {
        sse_priv_curl_step(group->heap[0].stream, now_ms);
    }
    group->stepping = 0;
    *next_ms = SSE_NEVER;
    if (group->count == 0) {
        return SSE_STOPPED;
    }
    const uint64_t due_ms = group->heap[0].due_ms;
    if (due_ms != SSE_NEVER) {
        *next_ms = due_ms > now_ms ? due_ms - now_ms : 0;
    }
    return SSE_OK;
}
