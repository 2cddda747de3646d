/*
 * view.c - several topics as one.
 *
 * SPDX-License-Identifier: MIT
 */
#include "hub.h"

#include <stdlib.h>
#include <string.h>

/* Names cannot hold a NUL, so no topic has the name of a view. */
static size_t view_name(const sse_hub_name *names, size_t count, char *dst)
{
    size_t at = 0;
    for (size_t i = 0; i < count; i++) {
        memcpy(dst + at, names[i].text, names[i].len);
        at += names[i].len;
        dst[at++] = '\0';
    }
    return at;
}

static int join(sse_priv_topic *member, uint32_t view)
{
    if (member->view_count == member->view_cap) {
        const uint32_t cap = member->view_cap == 0 ? 4 : member->view_cap * 2;
        uint32_t *const views = (uint32_t *)realloc(
            member->views, cap * sizeof *views);
        if (views == NULL) {
            return 0;
        }
        member->views = views;
        member->view_cap = cap;
    }
    member->views[member->view_count++] = view;
    return 1;
}

static void part(sse_priv_topic *member, uint32_t view)
{
    for (uint32_t i = 0; i < member->view_count; i++) {
        if (member->views[i] == view) {
            member->views[i] = member->views[--member->view_count];
            break;
        }
    }
    sse_priv_topic_left(member);
}

void sse_priv_view_part(sse_priv_topic *member)
{
    const sse_hub *const hub = member->hub;
    for (uint32_t i = 0; i < member->view_count; i++) {
        sse_priv_topic *const view = hub->topics[member->views[i]];
        for (uint32_t k = 0; k < view->member_count; k++) {
            if (view->members[k] == member->index) {
                view->members[k] = SSE_PRIV_NONE;
            }
        }
        sse_priv_topic_unname(view);
    }
    member->view_count = 0;
}

void sse_priv_view_free(sse_priv_topic *view)
{
    sse_hub *const hub = view->hub;
    for (uint32_t i = 0; i < view->member_count; i++) {
        if (view->members[i] != SSE_PRIV_NONE) {
            part(hub->topics[view->members[i]], view->index);
        }
    }
    sse_priv_topic_free(view);
}

/* An event of a member; its number stays. */
static sse_status copy(sse_priv_topic *view, const sse_priv_topic *member,
                       uint64_t seq)
{
    uint64_t at = 0;
    uint64_t number = 0;
    size_t len = 0;
    sse_status status =
        sse_replay_locate(&member->ring, seq, &at, &len, &number);
    if (status == SSE_OK) {
        status = sse_priv_topic_make_room(view, len);
    }
    if (status == SSE_OK) {
        status = sse_replay_copy(&view->ring, &member->ring, seq);
    }
    if (status == SSE_OK) {
        view->newest = number;
        view->used = 1;
    }
    return status;
}

void sse_priv_view_feed(sse_priv_topic *member)
{
    sse_hub *const hub = member->hub;
    const uint64_t seq = sse_replay_next_seq(&member->ring) - 1;
    /* From behind, since views may be given up meanwhile, and the last one
     * then takes the place. */
    for (uint32_t i = member->view_count; i-- > 0;) {
        if (i >= member->view_count) {
            continue;
        }
        sse_priv_topic *const view = hub->topics[member->views[i]];
        if (view->newest == member->newest) {
            continue;
        }
        view->holds++;
        if (copy(view, member, seq) != SSE_OK) {
            /* Without memory for it the streams break off here and come back
             * to a view that knows of the loss. */
            sse_priv_lag_break(view);
            sse_priv_topic_note_lost(view, member->newest, NULL, 0);
        } else {
            sse_priv_topic_touch(view);
        }
        view->holds--;
        sse_priv_topic_left(view);
    }
}

/* Merges what the members retain by number. */
static sse_status fill(sse_priv_topic *view)
{
    const sse_hub *const hub = view->hub;
    uint64_t seqs[SSE_HUB_MAX_TOPICS];
    for (uint32_t i = 0; i < view->member_count; i++) {
        sse_priv_topic *const member = hub->topics[view->members[i]];
        sse_priv_age_expire(member);
        seqs[i] = sse_replay_first_seq(&member->ring);
        if (member->lost >= view->lost) {
            char id[SSE_HUB_MAX_ID];
            const size_t len = sse_priv_topic_lost_id(member, id);
            sse_priv_topic_note_lost(view, member->lost, id, len);
        }
    }
    for (;;) {
        uint64_t least = UINT64_MAX;
        uint32_t which = 0;
        for (uint32_t i = 0; i < view->member_count; i++) {
            uint64_t at = 0;
            uint64_t number = 0;
            size_t len = 0;
            if (sse_replay_locate(&hub->topics[view->members[i]]->ring,
                                  seqs[i], &at, &len, &number) == SSE_OK &&
                number < least) {
                least = number;
                which = i;
            }
        }
        if (least == UINT64_MAX) {
            return SSE_OK;
        }
        const sse_status status =
            copy(view, hub->topics[view->members[which]], seqs[which]++);
        if (status != SSE_OK) {
            return status;
        }
    }
}

static size_t sum(size_t a, size_t b)
{
    return a > SIZE_MAX - b ? SIZE_MAX : a + b;
}

/* The members, made where they are not there, and what they retain together.
 * Each is held until the view is, for the next could take its place. */
static sse_status add_members(sse_priv_topic *view, const sse_hub_name *names,
                              size_t count)
{
    sse_hub *const hub = view->hub;
    view->members = (uint32_t *)malloc(count * sizeof *view->members);
    if (view->members == NULL) {
        return SSE_ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        sse_priv_topic *member = NULL;
        const sse_status status = sse_priv_topic_get(
            hub, names[i].text, names[i].len, NULL, &member);
        if (status != SSE_OK) {
            return status;
        }
        if (!join(member, view->index)) {
            sse_priv_topic_left(member);
            return SSE_ERR_NO_MEMORY;
        }
        view->members[view->member_count++] = member->index;
        const sse_topic_config *const config = &member->config;
        if (i == 0) {
            view->config = *config;
        } else {
            view->config.retain_events =
                sum(view->config.retain_events, config->retain_events);
            view->config.retain_bytes =
                sum(view->config.retain_bytes, config->retain_bytes);
        }
    }
    return SSE_OK;
}

sse_status sse_priv_view_get(sse_hub *hub, const sse_hub_name *names,
                             size_t count, sse_priv_topic **view)
{
    char name[SSE_HUB_MAX_TOPICS * (SSE_HUB_MAX_NAME + 1)];
    const size_t len = view_name(names, count, name);
    *view = sse_priv_topic_find(hub, name, len);
    if (*view != NULL) {
        return SSE_OK;
    }
    sse_status status = sse_priv_topic_get(hub, name, len, NULL, view);
    if (status != SSE_OK) {
        return status;
    }
    /* Until it has a subscriber, nothing may give it up. */
    (*view)->holds++;
    status = add_members(*view, names, count);
    if (status == SSE_OK) {
        (*view)->lost = 0;
        status = fill(*view);
    }
    (*view)->holds--;
    if (status != SSE_OK) {
        sse_priv_view_free(*view);
        *view = NULL;
    }
    return status;
}
