/*
 * table.c - subscribers: a table by descriptor, and the lists they are in.
 *
 * SPDX-License-Identifier: MIT
 *
 * Descriptors are dense, so the table needs no index of its own; its pages come
 * and go with their entries.
 */
#include "hub.h"

#include <stdlib.h>
#include <string.h>

sse_priv_sub *sse_priv_sub_at(const sse_hub *hub, uint32_t fd)
{
    return &hub->pages[fd / SSE_PRIV_PAGE]->subs[fd % SSE_PRIV_PAGE];
}

static int reserve_page(sse_hub *hub, size_t number)
{
    if (number >= hub->page_count) {
        const size_t count = (number + 64) / 64 * 64;
        sse_priv_page **const pages = (sse_priv_page **)realloc(
            hub->pages, count * sizeof(sse_priv_page *));
        if (pages == NULL) {
            return 0;
        }
        for (size_t i = hub->page_count; i < count; i++) {
            pages[i] = NULL;
        }
        hub->pages = pages;
        hub->page_count = count;
    }
    if (hub->pages[number] == NULL) {
        hub->pages[number] =
            (sse_priv_page *)calloc(1, sizeof *hub->pages[number]);
    }
    return hub->pages[number] != NULL;
}

sse_priv_sub *sse_priv_sub_add(sse_hub *hub, uint32_t fd)
{
    const size_t number = fd / SSE_PRIV_PAGE;
    if (!reserve_page(hub, number)) {
        return NULL;
    }
    hub->pages[number]->used++;
    sse_priv_sub *const sub = sse_priv_sub_at(hub, fd);
    memset(sub, 0, sizeof *sub);
    sub->flags = SSE_PRIV_SUB_OPEN;
    sub->next = SSE_PRIV_NONE;
    sub->prev = SSE_PRIV_NONE;
    hub->stats.subscribers++;
    return sub;
}

void sse_priv_sub_drop(sse_hub *hub, uint32_t fd)
{
    const size_t number = fd / SSE_PRIV_PAGE;
    sse_priv_sub *const sub = sse_priv_sub_at(hub, fd);
    sse_priv_sub_move(hub, fd, SSE_PRIV_NOWHERE);
    sse_priv_sub_spare_extra(sub);
    sub->flags = 0;
    hub->stats.subscribers--;
    if (--hub->pages[number]->used == 0) {
        free(hub->pages[number]);
        hub->pages[number] = NULL;
    }
}

/* ---- Lists ------------------------------------------------------------- */

static sse_priv_subs *list_of(sse_hub *hub, const sse_priv_sub *sub)
{
    switch ((sse_priv_place)sub->place) {
    case SSE_PRIV_ACTIVE:
        return &hub->topics[sub->topic]->active;
    case SSE_PRIV_WAITING:
        return &hub->topics[sub->topic]->blocked;
    case SSE_PRIV_PENDING:
        return &hub->pending;
    case SSE_PRIV_NOWHERE:
        break;
    }
    return NULL;
}

static void unlink_sub(sse_hub *hub, sse_priv_subs *list, sse_priv_sub *sub)
{
    if (sub->prev == SSE_PRIV_NONE) {
        list->first = sub->next;
    } else {
        sse_priv_sub_at(hub, sub->prev)->next = sub->next;
    }
    if (sub->next == SSE_PRIV_NONE) {
        list->last = sub->prev;
    } else {
        sse_priv_sub_at(hub, sub->next)->prev = sub->prev;
    }
    list->count--;
}

static void append(sse_hub *hub, sse_priv_subs *list, uint32_t fd,
                   sse_priv_sub *sub)
{
    sub->prev = list->last;
    sub->next = SSE_PRIV_NONE;
    if (list->last == SSE_PRIV_NONE) {
        list->first = fd;
    } else {
        sse_priv_sub_at(hub, list->last)->next = fd;
    }
    list->last = fd;
    list->count++;
}

void sse_priv_sub_to_end(sse_hub *hub, sse_priv_subs *list, uint32_t fd)
{
    if (list->last != fd) {
        sse_priv_sub *const sub = sse_priv_sub_at(hub, fd);
        unlink_sub(hub, list, sub);
        append(hub, list, fd, sub);
    }
}

void sse_priv_sub_move(sse_hub *hub, uint32_t fd, sse_priv_place place)
{
    sse_priv_sub *const sub = sse_priv_sub_at(hub, fd);
    sse_priv_subs *const from = list_of(hub, sub);
    if (sub->place == place) {
        return;
    }
    if (from != NULL) {
        unlink_sub(hub, from, sub);
    }
    hub->stats.stalled -= sub->place == SSE_PRIV_WAITING;
    hub->stats.stalled += place == SSE_PRIV_WAITING;
    sub->place = (uint8_t)place;
    sse_priv_subs *const to = list_of(hub, sub);
    if (to != NULL) {
        append(hub, to, fd, sub);
    }
    if (place == SSE_PRIV_PENDING) {
        sse_priv_topic *const topic = hub->topics[sub->topic];
        if (sub->cursor.at < topic->pending_low) {
            topic->pending_low = sub->cursor.at;
        }
        sse_priv_hub_wake(hub);
    }
}

/* ---- What few of them need --------------------------------------------- */

sse_priv_extra *sse_priv_sub_extra(sse_priv_sub *sub)
{
    if (sub->extra == NULL) {
        sub->extra = (sse_priv_extra *)calloc(1, sizeof *sub->extra);
    }
    return sub->extra;
}

void sse_priv_sub_spare_extra(sse_priv_sub *sub)
{
    if (sub->extra != NULL) {
        free(sub->extra->out);
        free(sub->extra->lost);
        free(sub->extra);
        sub->extra = NULL;
    }
}

int sse_priv_sub_queue(sse_priv_sub *sub, const char *bytes, size_t len,
                       int framed)
{
    sse_priv_extra *const extra = sse_priv_sub_extra(sub);
    if (extra == NULL || len == 0) {
        return extra != NULL;
    }
    char head[SSE_PRIV_CHUNK_HEAD];
    const size_t head_len =
        framed || sub->cursor.raw ? 0 : sse_priv_chunk_head(head, len);
    const size_t tail_len = head_len > 0 ? 2 : 0;
    const size_t left = extra->len - extra->at;
    char *const out = (char *)malloc(left + head_len + len + tail_len);
    if (out == NULL) {
        return 0;
    }
    if (left > 0) {
        memcpy(out, extra->out + extra->at, left);
    }
    memcpy(out + left, head, head_len);
    memcpy(out + left + head_len, bytes, len);
    memcpy(out + left + head_len + len, "\r\n", tail_len);
    free(extra->out);
    extra->out = out;
    extra->at = 0;
    extra->len = left + head_len + len + tail_len;
    return 1;
}
