/*
 * load_text.c - the text that all readers of a topic get: read once.
 *
 * SPDX-License-Identifier: MIT
 *
 * The client must not be what limits a server.  So what a reader is the first
 * to get is kept, and read by the library's parser; of the others it is asked
 * that they get the same bytes.  One that gets others, which a comment in
 * between may be, goes on with a parser of its own.
 */
#define _GNU_SOURCE

#include "load.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_TEXT ((size_t)1 << 20)

/* The next event of the text, whoever is told of it first. */
static int on_event(const sse_event *event, void *user)
{
    struct load *const load = (struct load *)user;
    struct load_text *const text = &load->text;
    const uint64_t number = load_number(event);
    if (number >= load->published ||
        event->data_len != load->options.size ||
        (text->events < load->ordered &&
         load->order[text->events] != number)) {
        load->errors.order++;
        return SSE_GO;
    }
    if (text->events == load->ordered) {
        load->order[load->ordered++] = (uint32_t)number;
    }
    text->ends[text->events++] = event->offset;
    return SSE_GO;
}

void load_text_open(struct load *load, uint64_t most_events)
{
    struct load_text *const text = &load->text;
    const size_t cap = SSE_SCRATCH_MIN + 2 * (size_t)load->options.size + 1024;
    text->ends = (uint64_t *)load_alloc(most_events, sizeof *text->ends);
    (void)sse_parser_init(&text->parser, (char *)load_alloc(1, cap), cap,
                          on_event, load);
}

static void append(struct load *load, const char *bytes, size_t len)
{
    struct load_text *const text = &load->text;
    size_t consumed = 0;
    if (len > text->cap - text->len) {
        text->cap = 2 * (text->cap + len) + FIRST_TEXT;
        char *const larger = (char *)realloc(text->bytes, text->cap);
        if (larger == NULL) {
            load_die("memory");
        }
        text->bytes = larger;
    }
    memcpy(text->bytes + text->len, bytes, len);
    text->len += len;
    (void)sse_parser_feed(&text->parser, bytes, len, &consumed);
}

/* From the end of the last event that it got, with a parser of its own. */
static void part(struct load_conn *conn, const char *bytes, size_t len)
{
    const struct load_text *const text = &conn->load->text;
    const size_t from = conn->at > 0 ? (size_t)text->ends[conn->at - 1] : 0;
    size_t consumed = 0;
    conn->apart = 1;
    (void)sse_parser_feed(&conn->parser, text->bytes + from, conn->got - from,
                          &consumed);
    (void)sse_parser_feed(&conn->parser, bytes, len, &consumed);
}

void load_text_feed(struct load_conn *conn, const char *bytes, size_t len)
{
    struct load *const load = conn->load;
    const struct load_text *const text = &load->text;
    size_t consumed = 0;
    if (load->published == 0) {
        return; /* what a stream begins with */
    }
    if (conn->apart) {
        (void)sse_parser_feed(&conn->parser, bytes, len, &consumed);
        return;
    }
    const size_t known = text->len - conn->got;
    const size_t old = len < known ? len : known;
    if (old > 0 && memcmp(text->bytes + conn->got, bytes, old) != 0) {
        part(conn, bytes, len);
        return;
    }
    if (old < len) {
        append(load, bytes + old, len - old);
    }
    conn->got += len;
    while (conn->at < text->events && text->ends[conn->at] <= conn->got) {
        load_fan_got(conn, load->order[conn->at]);
    }
}
