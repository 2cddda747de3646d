/*
 * print_plain.c - events for people.
 *
 * In a pipe: type, id and data separated by tabs, one line for each line of
 * the data, so that grep, cut and awk work on it.  On a terminal: the same in
 * columns, in colour, with the id only where the event brought one, and with
 * control characters made visible, since a peer's bytes must not steer the
 * reader's terminal.
 *
 * SPDX-License-Identifier: MIT
 */
#include "print.h"

#include "say.h"

#include <string.h>

/* Columns grow up to this; what is longer pushes its own line only. */
#define TYPE_WIDTH_MAX 20
#define ID_WIDTH_MAX 16

static const char style_type[] = "\033[1;36m";
static const char style_error[] = "\033[1;31m";
static const char style_dim[] = "\033[2m";
static const char style_off[] = "\033[0m";

static void style(const struct print_plain *plain, struct out *out,
                  const char *code)
{
    if (plain->colour) {
        out_text(out, code);
    }
}

/* Characters of UTF-8, every other byte counted as one. */
static size_t width_of(const char *text, size_t len)
{
    size_t width = 0;
    for (size_t i = 0; i < len; i++) {
        width += ((unsigned char)text[i] & 0xC0) != 0x80;
    }
    return width;
}

static void spaces(struct out *out, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        out_put(out, " ", 1);
    }
}

/* Text with its control characters as \xNN.  The columns it takes. */
static size_t visible(const struct print_plain *plain, struct out *out,
                      const char *text, size_t len, int keep_tabs)
{
    size_t width = 0;
    size_t from = 0;
    for (size_t at = 0; at < len;) {
        const size_t control = say_control(text + at, len - at);
        if (control == 0 || (keep_tabs && text[at] == '\t')) {
            at++;
            continue;
        }
        char shown[16];
        const size_t n = say_visible(text + at, control, shown, sizeof shown);
        out_put(out, text + from, at - from);
        style(plain, out, style_dim);
        out_put(out, shown, n);
        style(plain, out, style_off);
        width += width_of(text + from, at - from) + n;
        at += control;
        from = at;
    }
    out_put(out, text + from, len - from);
    return width + width_of(text + from, len - from);
}

/* Widens a column for a text of this width, within reason. */
static void widen(size_t *column, size_t width, size_t most)
{
    if (width > *column) {
        *column = width < most ? width : most;
    }
}

static void pad(struct out *out, size_t shown, size_t column)
{
    spaces(out, (shown < column ? column - shown : 0) + 2);
}

static int is_type(const sse_event *event, const char *type)
{
    return event->type_len == strlen(type) &&
           memcmp(event->type, type, event->type_len) == 0;
}

/* The columns in front of the data. */
static void head(struct print_plain *plain, struct out *out,
                 const sse_event *event)
{
    const int new_id = (event->fields & SSE_FIELD_ID) != 0;
    widen(&plain->type_width, width_of(event->type, event->type_len),
          TYPE_WIDTH_MAX);
    if (is_type(event, "message")) {
        style(plain, out, style_dim);
    } else {
        style(plain, out, is_type(event, "error") ? style_error : style_type);
    }
    const size_t shown = visible(plain, out, event->type, event->type_len, 0);
    style(plain, out, style_off);
    pad(out, shown, plain->type_width);
    if (new_id) {
        widen(&plain->id_width, width_of(event->id, event->id_len),
              ID_WIDTH_MAX);
    }
    if (plain->id_width == 0) {
        return;
    }
    size_t id_shown = 0;
    if (new_id) {
        style(plain, out, style_dim);
        id_shown = visible(plain, out, event->id, event->id_len, 0);
        style(plain, out, style_off);
    }
    pad(out, id_shown, plain->id_width);
}

static void on_terminal(struct print_plain *plain, struct out *out,
                        const sse_event *event)
{
    const char *line = event->data;
    size_t left = event->data_len;
    head(plain, out, event);
    for (;;) {
        const char *const end =
            left > 0 ? (const char *)memchr(line, '\n', left) : NULL;
        const size_t len = end != NULL ? (size_t)(end - line) : left;
        (void)visible(plain, out, line, len, 1);
        out_put(out, "\n", 1);
        if (end == NULL) {
            return;
        }
        line = end + 1;
        left -= len + 1;
        spaces(out, plain->type_width + 2 +
                        (plain->id_width > 0 ? plain->id_width + 2 : 0));
    }
}

static void in_pipe(const struct print_plain *plain, struct out *out,
                    const sse_event *event)
{
    const char *line = event->data;
    size_t left = event->data_len;
    (void)visible(plain, out, event->type, event->type_len, 0);
    out_put(out, "\t", 1);
    (void)visible(plain, out, event->id, event->id_len, 0);
    for (;;) {
        const char *const end =
            left > 0 ? (const char *)memchr(line, '\n', left) : NULL;
        const size_t len = end != NULL ? (size_t)(end - line) : left;
        out_put(out, "\t", 1);
        out_put(out, line, len);
        out_put(out, "\n", 1);
        if (end == NULL) {
            return;
        }
        line = end + 1;
        left -= len + 1;
        out_put(out, "\t", 1);
    }
}

void print_plain_event(struct print_plain *plain, struct out *out,
                       const sse_event *event)
{
    if (plain->terminal) {
        on_terminal(plain, out, event);
    } else {
        in_pipe(plain, out, event);
    }
}
