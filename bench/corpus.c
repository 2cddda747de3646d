/*
 * corpus.c - streams to measure with: one table row and one function for each.
 *
 * SPDX-License-Identifier: MIT
 */
#include "corpus.h"

#include "tests/support/random.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* More than any block takes, in the stream or of payload. */
#define BLOCK_MAX ((size_t)128 * 1024)

#define OPENAI_HEAD \
    "{\"id\":\"chatcmpl-9xAbCdEfGhIjKlMnOpQrStUvWxYz01\"," \
    "\"object\":\"chat.completion.chunk\",\"created\":1763800000," \
    "\"model\":\"gpt-4o-mini-2024-07-18\",\"service_tier\":\"default\"," \
    "\"system_fingerprint\":\"fp_0123456789\"," \
    "\"choices\":[{\"index\":0,\"delta\":{\"content\":\""
#define OPENAI_TAIL "\"},\"logprobs\":null,\"finish_reason\":null}]}"
#define ANTHROPIC_TYPE "content_block_delta"
#define ANTHROPIC_HEAD \
    "{\"type\":\"content_block_delta\",\"index\":0," \
    "\"delta\":{\"type\":\"text_delta\",\"text\":\""

static void put(corpus *c, const char *text, size_t len)
{
    memcpy(c->payload + c->payload_len, text, len);
    c->payload_len += len;
}

static void put_text(corpus *c, const char *text)
{
    put(c, text, strlen(text));
}

/* Letters and blanks: `least` and up to `more` more. */
static void put_words(corpus *c, random_source *random, size_t least,
                      size_t more)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz      etaoin";
    const size_t len = least + random_below(random, more + 1);
    for (size_t i = 0; i < len; i++) {
        put(c, &letters[random_below(random, sizeof letters - 1)], 1);
    }
}

static void fill_openai(corpus *c, random_source *random, sse_event *event)
{
    (void)event;
    put_text(c, OPENAI_HEAD);
    put_words(c, random, 2, 8);
    put_text(c, OPENAI_TAIL);
}

static void fill_anthropic(corpus *c, random_source *random, sse_event *event)
{
    event->type = ANTHROPIC_TYPE;
    event->type_len = sizeof ANTHROPIC_TYPE - 1;
    event->fields |= SSE_FIELD_TYPE;
    put_text(c, ANTHROPIC_HEAD);
    put_words(c, random, 2, 8);
    put_text(c, "\"}}");
}

static void fill_tiny(corpus *c, random_source *random, sse_event *event)
{
    (void)event;
    put_words(c, random, 3, 3);
}

static void fill_multiline(corpus *c, random_source *random, sse_event *event)
{
    (void)event;
    for (int i = 0; i < 10; i++) {
        if (i > 0) {
            put(c, "\n", 1);
        }
        put_words(c, random, 40, 39);
    }
}

static void fill_big(corpus *c, random_source *random, sse_event *event)
{
    (void)event;
    put_words(c, random, 65536, 0);
}

static void fill_full(corpus *c, random_source *random, sse_event *event)
{
    char id[24];
    const int id_len = snprintf(id, sizeof id, "%lu",
                                1000000 + (unsigned long)c->blocks);
    event->id = c->payload + c->payload_len;
    event->id_len = (size_t)id_len;
    event->type = "update";
    event->type_len = 6;
    event->fields |= SSE_FIELD_ID | SSE_FIELD_TYPE;
    put(c, id, (size_t)id_len);
    put_words(c, random, 70, 29);
}

/* `fill` puts the data into the payload, behind an id if there is one. */
static const struct shape {
    const char *name, *brief;
    const char *line_end;
    void (*fill)(corpus *c, random_source *random, sse_event *event);
} shapes[CORPUS_KINDS] = {
    {"openai", "chat completion chunks, one data line", "\n", fill_openai},
    {"anthropic", "event and data", "\n", fill_anthropic},
    {"tiny", "data of 3 to 6 bytes", "\n", fill_tiny},
    {"multiline", "ten data lines", "\n", fill_multiline},
    {"big", "64 KiB in one data line", "\n", fill_big},
    {"heartbeat", "empty comments, no event", "\n", NULL},
    {"crlf", "openai with CRLF", "\r\n", fill_openai},
    {"full", "id, event and data", "\n", fill_full},
};

const char *corpus_name(size_t kind)
{
    return shapes[kind].name;
}

const char *corpus_brief(size_t kind)
{
    return shapes[kind].brief;
}

int corpus_is_written(size_t kind)
{
    return shapes[kind].fill != NULL &&
           strcmp(shapes[kind].line_end, "\n") == 0;
}

static void put_line(corpus *c, const char *name, const char *value,
                     size_t len, const char *line_end)
{
    char *const at = c->text + c->len;
    const size_t name_len = strlen(name);
    const size_t end_len = strlen(line_end);
    memcpy(at, name, name_len);
    memcpy(at + name_len, value, len);
    memcpy(at + name_len + len, line_end, end_len);
    c->len += name_len + len + end_len;
}

static void put_event(corpus *c, const sse_event *event, const char *line_end)
{
    if ((event->fields & SSE_FIELD_ID) != 0) {
        put_line(c, "id: ", event->id, event->id_len, line_end);
    }
    if ((event->fields & SSE_FIELD_TYPE) != 0) {
        put_line(c, "event: ", event->type, event->type_len, line_end);
    }
    const char *line = event->data;
    size_t left = event->data_len;
    for (;;) {
        const char *const end = (const char *)memchr(line, '\n', left);
        if (end == NULL) {
            break;
        }
        const size_t len = (size_t)(end - line);
        put_line(c, "data: ", line, len, line_end);
        line = end + 1;
        left -= len + 1;
    }
    put_line(c, "data: ", line, left, line_end);
}

static int grow(corpus *c)
{
    if (c->blocks < c->room) {
        return 0;
    }
    const size_t room = c->room * 2 + 64;
    size_t *const ends = (size_t *)realloc(c->ends, room * sizeof *ends);
    if (ends == NULL) {
        return -1;
    }
    c->ends = ends;
    sse_event *const list = (sse_event *)realloc(c->list,
                                                 room * sizeof *list);
    if (list == NULL) {
        return -1;
    }
    c->list = list;
    c->room = room;
    return 0;
}

static void put_block(corpus *c, const struct shape *shape,
                      random_source *random)
{
    if (shape->fill == NULL) {
        put_line(c, ":", "", 0, shape->line_end);
    } else {
        sse_event event = sse_event_of_data(NULL, 0);
        const char *const begin = c->payload + c->payload_len;
        shape->fill(c, random, &event);
        event.data = begin + event.id_len;
        event.data_len = (size_t)(c->payload + c->payload_len - event.data);
        put_event(c, &event, shape->line_end);
        c->list[c->events] = event;
        c->events++;
        c->data_bytes += event.data_len;
    }
    put_line(c, "", "", 0, shape->line_end);
    c->ends[c->blocks] = c->len;
    c->blocks++;
}

int corpus_open(corpus *c, size_t kind, size_t size)
{
    const corpus empty = {0};
    *c = empty;
    c->name = shapes[kind].name;
    c->kind = kind;
    c->text = (char *)malloc(size + BLOCK_MAX);
    c->payload = (char *)malloc(size + BLOCK_MAX);
    random_source random = {20261122};
    while (c->text != NULL && c->payload != NULL && c->len < size) {
        if (grow(c) != 0) {
            break;
        }
        put_block(c, &shapes[kind], &random);
    }
    if (c->len < size) {
        corpus_close(c);
        return -1;
    }
    return 0;
}

void corpus_close(corpus *c)
{
    free(c->text);
    free(c->payload);
    free(c->ends);
    free(c->list);
    c->text = c->payload = NULL;
    c->ends = NULL;
    c->list = NULL;
}
