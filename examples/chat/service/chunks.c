/*
 * chunks.c - cuts a document into the chunks of an extraction.
 *
 * SPDX-License-Identifier: MIT
 */
#include "service/chunks.h"

#include <string.h>

#include "base/mem.h"
#include "service/lines.h"

/* The best end of a chunk: before the last heading in reach, else behind the
 * last paragraph, else behind a sentence. */
static size_t chunk_end(const char *text, size_t len, size_t start,
                        int *at_heading)
{
    *at_heading = 0;
    if (len - start <= CHUNK_MAX) {
        return len;
    }
    size_t least = start + CHUNK_MIN;
    size_t most = start + CHUNK_MAX;
    size_t heading = 0;
    size_t paragraph = 0;
    struct line line;
    memset(&line, 0, sizeof line);
    line.next = start;
    while (line_next(text, most, &line)) {
        if (line.start < least || line.next >= most) {
            continue;
        }
        if (line_heading(text, &line)) {
            heading = line.start;
        } else if (line_blank(text, &line)) {
            paragraph = line.next;
        }
    }
    *at_heading = heading > 0;
    return heading > 0     ? heading
           : paragraph > 0 ? paragraph
                           : sentence_cut(text, least, most);
}

struct chunk *chunks_cut(const char *text, size_t len, size_t *count)
{
    struct chunk *list = NULL;
    size_t used = 0;
    size_t room = 0;
    size_t start = 0;
    int64_t line = 1;
    while (len > 0 && strchr(" \t\r\n", text[len - 1]) != NULL) {
        len--;
    }
    while (start < len) {
        int at_heading;
        size_t end = chunk_end(text, len, start, &at_heading);
        if (used == room) {
            room = room > 0 ? room * 2 : 16;
            list = (struct chunk *)mem_resize(list, room, sizeof *list);
        }
        struct chunk *chunk = &list[used++];
        chunk->start = start;
        chunk->len = end - start;
        chunk->first_line = line;
        chunk->last_line = line + line_count(text + start, end - start - 1);
        size_t next =
            end == len || at_heading
                ? end
                : sentence_start(text, end - CHUNK_OVERLAP, end);
        line += line_count(text + start, next - start);
        start = next;
    }
    *count = used;
    return list;
}
