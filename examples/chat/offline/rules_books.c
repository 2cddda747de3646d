/*
 * rules_books.c - which books the course is read with.
 *
 * SPDX-License-Identifier: MIT
 */
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "offline/rules.h"

#define BOOK_MIN 12
#define BOOK_MAX 300 /* bytes; a longer one is a paragraph */

static int has_year(struct span text)
{
    for (size_t at = 0; at + 4 <= text.len; at++) {
        long year = 0;
        if ((at == 0 || !span_is_letter(text.at[at - 1])) &&
            span_number(span_from(text, at), &year) == 4 && year >= 1800 &&
            year < 2100) {
            return 1;
        }
    }
    return 0;
}

static int has_isbn(struct span text)
{
    const size_t at = span_find_word(text, "isbn");
    size_t digits = 0;
    for (size_t i = at; i < text.len; i++) {
        digits += span_is_digit(text.at[i]) ? 1 : 0;
    }
    return digits >= 9;
}

/* Not 0 if a line has what only a citation has. */
static int is_citation(struct span text)
{
    if (text.len < BOOK_MIN || text.len > BOOK_MAX) {
        return 0;
    }
    if (has_isbn(text)) {
        return 1;
    }
    const int parted = memchr(text.at, ',', text.len) != NULL ||
                       memchr(text.at, '(', text.len) != NULL ||
                       memchr(text.at, '.', text.len) != NULL ||
                       span_has_word(text, "by");
    return parted &&
           (has_year(text) ||
            span_has_word(text, "edition|ed.|ed|press|publisher|o'reilly|"
                                "springer|pearson|wiley|addison-wesley"));
}

/* Not 0 if it holds nothing but an ISBN. */
static int is_isbn_alone(struct span text)
{
    return has_isbn(text) && span_find_word(text, "isbn") < 12 &&
           text.len < 48;
}

/* Not 0 for a sentence about books. */
static int is_sentence(struct span text)
{
    return span_has_word(text, "you|we|was|were|will|available|library|"
                               "students|please") &&
           !has_isbn(text);
}

/* Not 0 if "name: value" is about one book.  Some names are so common that the
 * value must look like a citation. */
static int is_book_pair(struct span name, struct span value)
{
    if (value.len < BOOK_MIN || value.len > BOOK_MAX || is_sentence(value)) {
        return 0;
    }
    if (span_is_word(name, "text|book|books|required|recommended|optional|"
                           "further reading|required reading|"
                           "recommended reading")) {
        return is_citation(value);
    }
    return span_is_word(
               name, "required text|required texts|required textbook|"
                     "textbook|textbooks|course text|course textbook|"
                     "required book|required books|recommended text|"
                     "recommended textbook|recommended book|main text|"
                     "recommended books|optional text|supplementary text") &&
           (is_citation(value) || memchr(value.at, ',', value.len) != NULL ||
            span_has_word(value, "by"));
}

static int is_known(const json_t *books, struct span text)
{
    size_t i;
    json_t *book;
    json_array_foreach(books, i, book) {
        if (rules_same(span_of(json_string_value(book),
                               json_string_length(book)), text)) {
            return 1;
        }
    }
    return 0;
}

static void add(json_t *books, struct span text)
{
    struct span book = span_trim(text);
    while (book.len > 0 && strchr(".;,", book.at[book.len - 1]) != NULL) {
        book.len--;
    }
    if (book.len > 0 && !is_known(books, book)) {
        rules_text_add(books, book);
    }
}

/* Takes a line of the part about books: a citation, or the begin or the end of
 * one that goes over several lines. */
static void take_line(json_t *books, struct buf *pending, struct span text)
{
    struct buf both;
    memset(&both, 0, sizeof both);
    (void)buf_add_text(&both, buf_text(pending));
    (void)buf_add_text(&both, pending->len > 0 ? " " : "");
    (void)buf_add(&both, text.at, text.len);
    const struct span whole = span_of(both.at, both.len);
    buf_clear(pending);
    if (is_citation(whole) && !is_sentence(whole)) {
        add(books, whole);
    } else if (is_citation(text) && !is_sentence(text)) {
        add(books, text);
    } else {
        (void)buf_add(pending, whole.at, whole.len);
    }
    buf_free(&both);
}

/* Takes an ISBN that stands below its book. */
static void take_isbn(json_t *books, struct buf *pending, struct span isbn)
{
    const size_t count = json_array_size(books);
    const json_t *const last = json_array_get(books, count - 1);
    struct buf both;
    memset(&both, 0, sizeof both);
    if (pending->len > 0) {
        (void)buf_add(&both, pending->at, pending->len);
    } else if (count > 0) {
        (void)buf_add_text(&both, json_string_value(last));
    }
    if (both.len > 0) {
        (void)buf_add_text(&both, ", ");
        (void)buf_add(&both, isbn.at, isbn.len);
        if (pending->len == 0) {
            (void)json_array_remove(books, count - 1);
        }
        add(books, span_of(both.at, both.len));
    }
    buf_free(&both);
    buf_clear(pending);
}

/* Takes one row; @p pending holds the begin of a citation. */
static void take_row(const struct row *row, json_t *books, struct buf *pending)
{
    struct span name;
    struct span value;
    if (row->kind == ROW_BLANK || row->kind == ROW_HEADING) {
        buf_clear(pending);
        return;
    }
    if (rules_pair(row, &name, &value) && is_book_pair(name, value)) {
        buf_clear(pending);
        add(books, value);
        return;
    }
    if (is_isbn_alone(row->text)) {
        take_isbn(books, pending, row->text);
        return;
    }
    if (row->area != AREA_BOOKS) {
        buf_clear(pending);
        if (has_isbn(row->text) && row->text.len <= BOOK_MAX) {
            add(books, row->text);
        } else if (row->kind == ROW_TEXT) {
            (void)buf_add(pending, row->text.at, row->text.len);
        }
        return;
    }
    if (row->kind == ROW_ITEM) {
        buf_clear(pending);
        if (is_citation(row->text)) {
            add(books, row->text);
        }
    } else if (row->kind == ROW_TEXT) {
        take_line(books, pending, row->text);
    }
}

/* Adds the rows of a table with authors and titles, cell by cell. */
static void add_table(const struct outline *outline, size_t at, json_t *books)
{
    const struct row *const header = &outline->rows[at];
    const size_t none = header->cell_count;
    if (rules_column(header, "author|authors", none) == none ||
        rules_column(header, "title|book", none) == none) {
        return;
    }
    for (size_t i = at + 1; i < outline->count &&
                            outline->rows[i].kind == ROW_CELLS; i++) {
        const struct row *const row = &outline->rows[i];
        struct buf book;
        memset(&book, 0, sizeof book);
        for (size_t k = 0; k < row->cell_count; k++) {
            const struct span cell = row->cells[k];
            (void)buf_add_text(&book, book.len > 0 && cell.len > 0 ? ", " : "");
            (void)buf_add(&book, cell.at, cell.len);
        }
        add(books, span_text(buf_text(&book)));
        buf_free(&book);
    }
}

void rules_books(const struct outline *outline, json_t *books)
{
    struct buf pending;
    memset(&pending, 0, sizeof pending);
    for (size_t i = 0; i < outline->count; i++) {
        const struct row *const row = &outline->rows[i];
        if (row->kind == ROW_CELLS && row->first) {
            add_table(outline, i, books);
        }
        take_row(row, books, &pending);
    }
    buf_free(&pending);
}
