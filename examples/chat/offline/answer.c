/*
 * answer.c - what is answered to a request.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/utf8.h"
#include "offline/parts.h"
#include "offline/quotes.h"
#include "offline/syllabus.h"

#define TASK "Task: syllabus-extraction"

/* The number of an attribute in the tag of a chunk; -1 if there is none. */
static long number_of(struct span tag, const char *name)
{
    const size_t at = span_find_word(tag, name);
    const struct span rest = span_from(tag, at + strlen(name));
    long number = -1;
    if (at < tag.len && span_starts(rest, "=\"")) {
        (void)span_number(span_from(rest, 2), &number);
    }
    return number;
}

/* Puts "</" together again, which the prompt parts. */
static void unpart(struct buf *text, struct span from)
{
    while (from.len > 0) {
        const size_t len = span_find(from, "< /");
        (void)buf_add(text, from.at, len);
        (void)buf_add_text(text, len < from.len ? "</" : "");
        from = span_from(from, len + 3);
    }
}

/* Finds the facts of a chunk; of the whole message if there is no tag. */
static void extract(struct answer *answer, const struct ask *ask)
{
    const struct span user = span_of(buf_text(&ask->user), ask->user.len);
    const struct span open = span_from(user, span_find(user, "<chunk "));
    const size_t tag_len = span_find(open, ">");
    struct span chunk = user;
    int top = 1;
    if (tag_len < open.len) {
        top = number_of(span_first(open, tag_len), "first_line") <= 1;
        chunk = span_from(open, tag_len + 1);
        chunk = span_first(chunk, span_find(chunk, "</chunk>"));
    }
    struct buf text;
    memset(&text, 0, sizeof text);
    unpart(&text, chunk);
    char *const facts =
        json_text(syllabus_read(span_of(buf_text(&text), text.len), top));
    (void)buf_add_text(&answer->text, facts);
    free(facts);
    buf_free(&text);
}

static void quote(struct answer *answer, const struct ask *ask)
{
    struct quote quotes[QUOTES_MAX];
    const size_t count = quotes_read(
        span_of(buf_text(&ask->system), ask->system.len), quotes);
    quotes_answer(span_of(buf_text(&ask->user), ask->user.len), quotes, count,
                  &answer->text);
}

void answer_make(struct answer *answer, const struct ask *ask,
                 enum mishap mishap)
{
    memset(answer, 0, sizeof *answer);
    answer->kind = PIECE_WORD;
    answer->finish = mishap == MISHAP_LENGTH   ? "length"
                     : mishap == MISHAP_FILTER ? "content_filter"
                                               : "stop";
    if (mishap == MISHAP_EMPTY) {
        return;
    }
    const char *const system = buf_text(&ask->system);
    const size_t task = strlen(TASK);
    if (strncmp(system, TASK, task) == 0 &&
        (system[task] == '\0' || strchr("\r\n", system[task]) != NULL)) {
        answer->kind = PIECE_RUN;
        extract(answer, ask);
    } else {
        quote(answer, ask);
    }
    /* The answer ends where the limit does. */
    const char *const text = buf_text(&answer->text);
    while (answer->len < answer->text.len) {
        if (answer->tokens == ask->max_tokens) {
            answer->finish = "length";
            break;
        }
        answer->len += piece_len(text, answer->text.len, answer->len,
                                 answer->kind);
        answer->tokens++;
    }
}
