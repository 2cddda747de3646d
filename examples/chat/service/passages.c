/*
 * passages.c - cuts a document into passages to be found again.
 *
 * SPDX-License-Identifier: MIT
 */
#include "service/passages.h"

#include <string.h>

#include "base/mem.h"
#include "service/lines.h"

#define SECTION_MIN 200 /* bytes before a heading begins a new passage */
#define PASSAGE_GOOD 400 /* bytes before a blank line ends one */
#define PASSAGE_MAX 1200 /* bytes of the longest */

struct cutter {
    const char *text;
    struct passage *list;
    size_t count, room;
    size_t start;       /* offset of the passage under way */
    size_t end;         /* behind its last line that is not blank */
    int64_t first_line; /* 0: none is under way */
    int64_t last_line;
};

static void add(struct cutter *cutter, size_t start, size_t end)
{
    if (cutter->count == cutter->room) {
        cutter->room = cutter->room > 0 ? cutter->room * 2 : 32;
        cutter->list = (struct passage *)mem_resize(
            cutter->list, cutter->room, sizeof *cutter->list);
    }
    struct passage *passage = &cutter->list[cutter->count++];
    passage->text = cutter->text + start;
    passage->len = end - start;
    passage->first_line = cutter->first_line;
    passage->last_line = cutter->last_line;
}

static void flush(struct cutter *cutter)
{
    if (cutter->first_line > 0) {
        add(cutter, cutter->start, cutter->end);
        cutter->first_line = 0;
    }
}

/* A line too long for one passage becomes several of the same line. */
static void add_long_line(struct cutter *cutter, const struct line *line)
{
    size_t at = line->start;
    size_t end = line->start + line->len;
    cutter->first_line = line->number;
    cutter->last_line = line->number;
    while (end - at > PASSAGE_MAX) {
        size_t cut = sentence_cut(cutter->text, at + PASSAGE_GOOD,
                                  at + PASSAGE_MAX);
        add(cutter, at, cut);
        at = cut;
    }
    if (end > at) {
        add(cutter, at, end);
    }
    cutter->first_line = 0;
}

struct passage *passages_cut(const char *text, size_t len, size_t *count)
{
    struct cutter cutter;
    struct line line;
    memset(&cutter, 0, sizeof cutter);
    memset(&line, 0, sizeof line);
    cutter.text = text;
    while (line_next(text, len, &line)) {
        size_t size = cutter.first_line > 0 ? cutter.end - cutter.start : 0;
        if (line_blank(text, &line)) {
            if (size >= PASSAGE_GOOD) {
                flush(&cutter);
            }
            continue;
        }
        if ((size >= SECTION_MIN && line_heading(text, &line)) ||
            (size > 0 && line.start + line.len - cutter.start > PASSAGE_MAX)) {
            flush(&cutter);
        }
        if (line.len > PASSAGE_MAX) {
            add_long_line(&cutter, &line);
            continue;
        }
        if (cutter.first_line == 0) {
            cutter.start = line.start;
            cutter.first_line = line.number;
        }
        cutter.end = line.start + line.len;
        cutter.last_line = line.number;
    }
    flush(&cutter);
    *count = cutter.count;
    return cutter.list;
}
