/*
 * quotes.c - the passages of a prompt, and which of them answer a question.
 *
 * SPDX-License-Identifier: MIT
 */
#include "offline/quotes.h"

#include <string.h>

#include "offline/markup.h"
#include "offline/words.h"

#define BEST_MAX 3     /* passages in one answer */
#define EXCERPT_MAX 700 /* bytes quoted of each */
#define LINES_MAX 256
#define GOOD 0.55      /* of the best match, to be quoted beside it */

static const char intro[] =
    "I am the offline assistant: no language model is configured, so I can "
    "only quote your documents.";

/* The value of an attribute in a tag such as <passage n="1" place="line 3">. */
static struct span attribute(struct span tag, const char *name)
{
    const size_t at = span_find_word(tag, name);
    const struct span rest = span_from(tag, at + strlen(name));
    if (at == tag.len || !span_starts(rest, "=\"")) {
        return span_text("");
    }
    const struct span value = span_from(rest, 2);
    return span_first(value, span_find(value, "\""));
}

size_t quotes_read(struct span prompt, struct quote quotes[QUOTES_MAX])
{
    const char open[] = "<passage ";
    const char close[] = "</passage>";
    struct span rest = span_from(prompt, span_find(prompt, "<passages>"));
    size_t count = 0;
    rest = span_first(rest, span_find(rest, "</passages>"));
    while (count < QUOTES_MAX) {
        rest = span_from(rest, span_find(rest, open));
        const size_t tag_len = span_find(rest, ">");
        const struct span tag = span_first(rest, tag_len);
        const struct span body = span_from(rest, tag_len + 1);
        const size_t len = span_find(body, close);
        if (tag_len == rest.len || len == body.len) {
            return count;
        }
        struct quote *const quote = &quotes[count++];
        quote->document = attribute(tag, "document");
        quote->place = attribute(tag, "place");
        quote->text = span_first(body, len);
        struct span *const text = &quote->text;
        while (text->len > 0 && strchr("\r\n", text->at[0]) != NULL) {
            *text = span_from(*text, 1);
        }
        while (text->len > 0 && span_is_space(text->at[text->len - 1])) {
            text->len--;
        }
        rest = span_from(body, len);
    }
    return count;
}

/* The lines of a passage. */
struct lines {
    struct span list[LINES_MAX];
    size_t count;
};

static int is_blank(const struct lines *lines, size_t at)
{
    return span_trim(lines->list[at]).len == 0;
}

/* Widens an excerpt line by line, down to @p low and up to @p high, as long as
 * it fits. */
static void widen(const struct lines *lines, size_t low, size_t high,
                  size_t *first, size_t *last)
{
    size_t bytes = 0;
    for (size_t i = *first; i <= *last; i++) {
        bytes += lines->list[i].len + 1;
    }
    for (int more = 1; more;) {
        more = 0;
        if (*first > low && bytes + lines->list[*first - 1].len < EXCERPT_MAX) {
            bytes += lines->list[--*first].len + 1;
            more = 1;
        }
        if (*last < high && bytes + lines->list[*last + 1].len < EXCERPT_MAX) {
            bytes += lines->list[++*last].len + 1;
            more = 1;
        }
    }
}

static size_t block_start(const struct lines *lines, size_t at)
{
    while (at > 0 && !is_blank(lines, at - 1)) {
        at--;
    }
    return at;
}

static size_t block_end(const struct lines *lines, size_t at)
{
    while (at + 1 < lines->count && !is_blank(lines, at + 1)) {
        at++;
    }
    return at;
}

static int is_heading(const struct lines *lines, size_t at)
{
    struct span text;
    return markup_heading(span_trim(lines->list[at]), &text) > 0;
}

/* Not 0 for a line that says nothing without the next: a heading, or
 * "Required:". */
static int leads_on(const struct lines *lines, size_t at)
{
    const struct span line = span_trim(lines->list[at]);
    return is_heading(lines, at) ||
           (line.len > 0 && line.at[line.len - 1] == ':');
}

/* Adds what an excerpt needs to be understood: the heading above it, or what
 * stands below one. */
static void add_context(const struct lines *lines, size_t *first, size_t *last)
{
    for (int i = 0; i < 2 && leads_on(lines, *last); i++) {
        size_t below = *last + 1;
        while (below < lines->count && is_blank(lines, below)) {
            below++;
        }
        if (below < lines->count) {
            widen(lines, *first, block_end(lines, below), first, last);
        }
    }
    size_t above = *first;
    while (above > 0 && is_blank(lines, above - 1)) {
        above--;
    }
    if (above > 0 && is_heading(lines, above - 1) &&
        !is_heading(lines, *first)) {
        widen(lines, above - 1, *last, first, last);
    }
    while (*first < *last && is_blank(lines, *first)) {
        ++*first;
    }
    while (*last > *first && is_blank(lines, *last)) {
        --*last;
    }
}

/* Chooses what to quote of a passage: the paragraph, list or table around the
 * line that matches best. */
static void choose(const struct words *words, const struct lines *lines,
                   size_t *first, size_t *last)
{
    double most = -1;
    for (size_t i = 0; i < lines->count; i++) {
        const double match = words_match(words, lines->list[i]);
        if (match > most) {
            most = match;
            *first = i;
        }
    }
    *last = *first;
    widen(lines, block_start(lines, *first), block_end(lines, *first), first,
          last);
    add_context(lines, first, last);
}

/* Adds the place, exact where it is told in lines: "lines 44-47". */
static void add_place(struct buf *answer, struct span place, size_t total,
                      size_t first, size_t last)
{
    const int many = span_starts(place, "lines ");
    const struct span told = span_from(place, many ? 6 : 5);
    long from = 0;
    long to = 0;
    const size_t len = span_number(told, &from);
    const size_t more =
        many && len > 0 ? span_number(span_from(told, len + 1), &to) : 0;
    if (!many || len == 0 || more == 0 || len + 1 + more != told.len ||
        to - from + 1 != (long)total) {
        (void)buf_add(answer, place.at, place.len);
    } else if (first == last) {
        (void)buf_add_format(answer, "line %ld", from + (long)first);
    } else {
        (void)buf_add_format(answer, "lines %ld-%ld", from + (long)first,
                             from + (long)last);
    }
}

/* Adds a line as it stands in the document: the prompt parts "</" so that no
 * document can close a tag. */
static void add_line(struct buf *answer, struct span line)
{
    struct span rest = line;
    (void)buf_add_text(answer, rest.len > 0 ? "> " : ">");
    while (rest.len > 0) {
        const size_t len = span_find(rest, "< /");
        (void)buf_add(answer, rest.at, len);
        (void)buf_add_text(answer, len < rest.len ? "</" : "");
        rest = span_from(rest, len + 3);
    }
    (void)buf_add_text(answer, "\n");
}

static void add_quote(struct buf *answer, const struct words *words,
                      const struct quote *quote)
{
    struct lines lines;
    struct span rest = quote->text;
    size_t first = 0;
    size_t last = 0;
    lines.count = 0;
    while (lines.count < LINES_MAX &&
           span_line(&rest, &lines.list[lines.count])) {
        lines.count++;
    }
    if (lines.count == 0) {
        return;
    }
    choose(words, &lines, &first, &last);
    (void)buf_add_text(answer, "\n**");
    (void)buf_add(answer, quote->document.at, quote->document.len);
    (void)buf_add_text(answer, "**, ");
    add_place(answer, quote->place, lines.count, first, last);
    (void)buf_add_text(answer, ":\n\n");
    for (size_t i = first; i <= last; i++) {
        add_line(answer, lines.list[i]);
    }
}

void quotes_answer(struct span question, const struct quote *quotes,
                   size_t count, struct buf *answer)
{
    struct words words;
    struct span texts[QUOTES_MAX];
    double matches[QUOTES_MAX];
    double most = 0;
    words_pick(&words, question);
    for (size_t i = 0; i < count; i++) {
        texts[i] = quotes[i].text;
    }
    words_weigh(&words, texts, count);
    for (size_t i = 0; i < count; i++) {
        matches[i] = words_match(&words, texts[i]);
        most = matches[i] > most ? matches[i] : most;
    }
    (void)buf_add_text(answer, intro);
    if (most <= 0) {
        (void)buf_add_text(answer,
                           " I found no passage that matches your question. "
                           "Add a document that covers it, or ask with words "
                           "that stand in one.");
        return;
    }
    (void)buf_add_text(answer, " This is what matches your question best."
                               "\n");
    for (size_t told = 0; told < BEST_MAX; told++) {
        size_t best = count;
        for (size_t i = 0; i < count; i++) {
            if (matches[i] > 0 && matches[i] >= GOOD * most &&
                (best == count || matches[i] > matches[best])) {
                best = i;
            }
        }
        if (best == count) {
            break;
        }
        add_quote(answer, &words, &quotes[best]);
        matches[best] = 0;
    }
}
