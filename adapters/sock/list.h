/*
 * list.h - circular lists of links inside their owners.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SSE_SOCK_LIST_H
#define SSE_SOCK_LIST_H

#include <stddef.h>

/** A link, or the head of a list.  A link in no list has a NULL `next`. */
typedef struct sse_priv_link {
    struct sse_priv_link *next, *prev;
} sse_priv_link;

/** The struct that holds this link as that member. */
#define SSE_PRIV_OWNER(link, type, member)                                     \
    ((type *)(void *)((char *)(link) - offsetof(type, member)))

/** Makes the head of an empty list. */
static inline void sse_priv_list_init(sse_priv_link *head)
{
    head->next = head;
    head->prev = head;
}

static inline int sse_priv_list_is_empty(const sse_priv_link *head)
{
    return head->next == head;
}

/** Puts a link that is in no list at the end. */
static inline void sse_priv_list_append(sse_priv_link *head,
                                        sse_priv_link *link)
{
    link->prev = head->prev;
    link->next = head;
    head->prev->next = link;
    head->prev = link;
}

/** Takes a link out of its list, if it is in one. */
static inline void sse_priv_list_remove(sse_priv_link *link)
{
    if (link->next != NULL) {
        link->prev->next = link->next;
        link->next->prev = link->prev;
        link->next = NULL;
        link->prev = NULL;
    }
}

/** Moves all links to an uninitialised head. */
static inline void sse_priv_list_take(sse_priv_link *from, sse_priv_link *to)
{
    sse_priv_list_init(to);
    if (!sse_priv_list_is_empty(from)) {
        *to = *from;
        to->next->prev = to;
        to->prev->next = to;
        sse_priv_list_init(from);
    }
}

#endif /* SSE_SOCK_LIST_H */
