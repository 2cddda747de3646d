/*
 * streams.h - random streams from a grammar that loves corners.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TESTS_STREAMS_H
#define TESTS_STREAMS_H

#include "random.h"

#include <stddef.h>

enum { STREAM_CAP = 8192 };

/** One stream. */
typedef struct random_stream {
    char bytes[STREAM_CAP];
    size_t len;
} random_stream;

/** Lengths worth hitting exactly, missing by one and passing by one. */
typedef struct stream_limits {
    size_t data_len;
    size_t id_len;
    size_t type_len;
    size_t line_len;
} stream_limits;

/** Makes a stream: byte order marks, fields and near misses of them, every
 *  line end, comments, NUL bytes, cut ends, and now and then plain noise. */
void random_stream_make(random_stream *stream, random_source *source,
                        const stream_limits *limits);

/** Makes a text of @p len bytes out of what a value may hold, line ends
 *  excluded. */
void random_value(random_source *source, char *text, size_t len);

#endif /* TESTS_STREAMS_H */
