/*
 * corpus.h - streams to measure with, the same on every machine.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef BENCH_CORPUS_H
#define BENCH_CORPUS_H

#include <sse/event.h>

#include <stddef.h>

/** Kinds of corpus. */
#define CORPUS_KINDS 8

/** A stream, and what its generator knows of it.  Filled by corpus_open(). */
typedef struct corpus {
    const char *name;
    size_t kind;
    char *text;        /* the stream */
    size_t len;        /* bytes */
    size_t blocks;     /* blocks: events, or comments where there are none */
    size_t events;     /* events that a reader must find */
    size_t data_bytes; /* bytes of the data of all events */
    size_t *ends;      /* place behind each block */
    sse_event *list;   /* the events; they point into `payload` */
    char *payload;
    size_t payload_len;
    size_t room;       /* entries of `ends` and `list` */
} corpus;

/** Name of a kind, below CORPUS_KINDS. */
const char *corpus_name(size_t kind);

/** What a kind is like, in a few words. */
const char *corpus_brief(size_t kind);

/** Not 0 if its blocks are events that the writer would write in this way. */
int corpus_is_written(size_t kind);

/** Makes a stream of at least @p size bytes, up to the end of a block.
 *  @return 0, or -1 if there is no memory. */
int corpus_open(corpus *c, size_t kind, size_t size);

void corpus_close(corpus *c);

#endif /* BENCH_CORPUS_H */
