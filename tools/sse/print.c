/*
 * print.c - events as JSON lines, and the choice between the forms.
 *
 * SPDX-License-Identifier: MIT
 */
#define _POSIX_C_SOURCE 200809L

#include "print.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int wants_colour(void)
{
    const char *const no = getenv("NO_COLOR");
    const char *const term = getenv("TERM");
    return (no == NULL || *no == '\0') && term != NULL &&
           strcmp(term, "dumb") != 0;
}

void print_init(struct print *print, int fd, enum print_form form, int trace)
{
    out_init(&print->out, fd);
    print->form = form;
    print->trace = trace;
    print->plain.terminal = isatty(fd);
    print->plain.colour = print->plain.terminal && wants_colour();
    print->plain.type_width = sizeof "message" - 1;
    print->plain.id_width = 0;
}

/* `"name":"text"` or `"name_b64":"dGV4dA=="`. */
static void member(struct print *print, const char *name, const char *text,
                   size_t len)
{
    out_text(&print->out, "\"");
    out_text(&print->out, name);
    if (print->form == PRINT_BASE64) {
        out_text(&print->out, "_b64\":");
        out_base64(&print->out, text, len);
    } else {
        out_text(&print->out, "\":");
        out_json(&print->out, text, len);
    }
}

static int line_end(struct print *print)
{
    out_text(&print->out, "}\n");
    return out_flush(&print->out);
}

int print_event(struct print *print, const sse_event *event)
{
    struct out *const out = &print->out;
    if (print->form == PRINT_PLAIN) {
        print_plain_event(&print->plain, out, event);
        return out_flush(out);
    }
    out_text(out, "{");
    member(print, "type", event->type, event->type_len);
    out_text(out, ",");
    member(print, "data", event->data, event->data_len);
    out_text(out, ",");
    member(print, "id", event->id, event->id_len);
    return line_end(print);
}

int print_comment(struct print *print, const char *text, size_t len)
{
    out_text(&print->out, "{");
    member(print, "comment", text, len);
    return line_end(print);
}

int print_field(struct print *print, const char *name, size_t name_len,
                const char *value, size_t value_len)
{
    out_text(&print->out, "{");
    member(print, "field", name, name_len);
    out_text(&print->out, ",");
    member(print, "value", value, value_len);
    return line_end(print);
}

int print_retry(struct print *print, uint64_t retry_ms)
{
    out_text(&print->out, "{\"retry\":");
    out_number(&print->out, retry_ms);
    return line_end(print);
}

int print_state(struct print *print, const char *state,
                const struct print_member *members, size_t count)
{
    struct out *const out = &print->out;
    out_text(out, "{\"state\":");
    out_json(out, state, strlen(state));
    for (size_t i = 0; i < count; i++) {
        out_text(out, ",");
        if (members[i].exact) {
            member(print, members[i].name, members[i].text,
                   members[i].text_len);
            continue;
        }
        out_text(out, "\"");
        out_text(out, members[i].name);
        out_text(out, "\":");
        if (members[i].text != NULL) {
            out_json(out, members[i].text, members[i].text_len);
        } else {
            out_number(out, members[i].number);
        }
    }
    return line_end(print);
}

int print_final_id(struct print *print, const char *id, size_t len)
{
    out_text(&print->out, "{");
    member(print, "final_id", id, len);
    return line_end(print);
}
