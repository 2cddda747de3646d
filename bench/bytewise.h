/*
 * bytewise.h - a parser as most in C are: one byte at a time, all of it copied.
 *
 * To measure against.  It keeps to the standard within its fixed buffers.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef BENCH_BYTEWISE_H
#define BENCH_BYTEWISE_H

#include <sse/event.h>

#include <stddef.h>

#define BYTEWISE_DATA_MAX ((size_t)256 * 1024)
#define BYTEWISE_TEXT_MAX 1024

typedef void (*bytewise_fn)(const sse_event *event, void *user);

/** Its state; about a quarter of a MiB. */
typedef struct bytewise {
    bytewise_fn on_event;
    void *user;
    int state;
    int field;
    int after_cr;   /* a LF that follows belongs to the CR */
    int bad_value;  /* NUL in an id, anything but digits in a retry */
    int too_long;   /* the event does not fit and is dropped */
    int has_data, has_id, has_retry;
    unsigned mark;  /* bytes of the byte order mark seen */
    size_t name_len, data_len, type_len, id_len, next_id_len, value_len;
    uint64_t retry_ms;
    char name[8];
    char type[BYTEWISE_TEXT_MAX];
    char id[BYTEWISE_TEXT_MAX], next_id[BYTEWISE_TEXT_MAX];
    char value[BYTEWISE_TEXT_MAX];
    char data[BYTEWISE_DATA_MAX];
} bytewise;

void bytewise_init(bytewise *b, bytewise_fn on_event, void *user);

void bytewise_feed(bytewise *b, const char *bytes, size_t len);

#endif /* BENCH_BYTEWISE_H */
