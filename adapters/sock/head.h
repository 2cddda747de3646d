/*
 * head.h - HTTP message heads: bytes in, a checked head out; no I/O, no heap.
 *
 * SPDX-License-Identifier: MIT
 *
 * What is malformed or could be read in two ways is refused on the byte that
 * shows it.  The head is kept packed, `method NUL target NUL` and then
 * `name NUL value NUL` for each field, which is never longer than it was on
 * the wire.
 */
#ifndef SSE_SOCK_HEAD_H
#define SSE_SOCK_HEAD_H

#include <stddef.h>
#include <stdint.h>

#include <sse/status.h>

#include "chars.h"

/** Fields beyond this many are answered 431, however short they are. */
#define SSE_PRIV_HEAD_FIELDS 128u

#define SSE_PRIV_HEAD_HTTP10 0x01u    /* HTTP/1.0, otherwise 1.1 */
#define SSE_PRIV_HEAD_HOST 0x02u      /* a Host field was there */
#define SSE_PRIV_HEAD_LENGTH 0x04u    /* content_length is set */
#define SSE_PRIV_HEAD_CHUNKED 0x08u   /* the body is chunked */
#define SSE_PRIV_HEAD_CLOSE 0x10u     /* Connection: close */
#define SSE_PRIV_HEAD_CONTINUE 0x20u  /* Expect: 100-continue */

typedef struct sse_priv_head {
    char *store;             /* the caller's */
    size_t cap, used;        /* bytes of store */
    size_t max, seen;        /* bytes on the wire */
    uint64_t content_length; /* saturates */
    size_t target;           /* places in store */
    size_t path;             /* 0: the root, of an absolute target without */
    size_t query;            /* 0: none */
    size_t fields;           /* first field; 0 until the first line is there */
    size_t name, value;      /* of the field being read */
    uint32_t flags;
    uint16_t count;          /* fields */
    uint16_t error;          /* what to answer, once refused */
    uint8_t state;
    uint8_t matched;         /* bytes of the version */
} sse_priv_head;

/** Prepares for a request.  @param max  Longest head on the wire, in bytes. */
void sse_priv_head_init_request(sse_priv_head *head, char *store, size_t cap,
                                size_t max);

/** Gives a larger store; the content has been copied by the caller. */
void sse_priv_head_set_store(sse_priv_head *head, char *store, size_t cap);

/**
 * Feeds bytes.
 *
 * @return SSE_OK            the head is complete; @p consumed says where.
 *         SSE_INCOMPLETE    all bytes used, more are needed.
 *         SSE_NEED_SPACE    the store is full; a store as large as `max`
 *                           always suffices.
 *         SSE_ERR_PROTOCOL  refused; head->error is the status to answer.
 */
sse_status sse_priv_head_feed(sse_priv_head *head, const char *bytes,
                              size_t len, size_t *consumed);

/* Of a complete head.  NUL-terminated, in its store. */

const char *sse_priv_head_method(const sse_priv_head *head);
const char *sse_priv_head_path(const sse_priv_head *head);
/** NULL if there is none. */
const char *sse_priv_head_query(const sse_priv_head *head);
/** The first field of that name, or NULL. */
const char *sse_priv_head_field(const sse_priv_head *head, const char *name);

/* Shared by the files of the head parser. */

/** A complete first line is in store.  Returns 0, or what to answer. */
int sse_priv_head_check_target(sse_priv_head *head);
/** A complete field is in store.  Returns 0, or what to answer. */
int sse_priv_head_check_field(sse_priv_head *head);
/** The blank line was there.  Returns 0, or what to answer. */
int sse_priv_head_check_end(const sse_priv_head *head);

/** uri-host [":" port], maybe empty (RFC 9112, "Host and :authority"). */
int sse_priv_is_authority(const char *text, size_t len);
/** Case-insensitive; ASCII alone, whatever the locale. */
int sse_priv_same_text(const char *a, const char *b);

/**
 * One parameter of a query, decoded.
 *
 * @return SSE_OK, SSE_INCOMPLETE (none of that name), SSE_ERR_NO_SPACE.
 */
sse_status sse_priv_query_find(const char *query, const char *name, char *dst,
                               size_t cap, size_t *len);

#endif /* SSE_SOCK_HEAD_H */
