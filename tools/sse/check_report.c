/*
 * check_report.c - findings, for people and as JSON.
 *
 * SPDX-License-Identifier: MIT
 */
#define _POSIX_C_SOURCE 200809L

#include "check.h"

#include "say.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct {
    const char *name;
    int is_error;
} kinds[CHECK_CODES] = {
    {"status", 1}, {"media-type", 1}, {"unknown-field", 0},
    {"near-field", 1}, {"no-colon", 0}, {"text", 1}, {"json", 1},
    {"html", 1}, {"id-nul", 1}, {"id-long", 1}, {"type-long", 1},
    {"retry", 1}, {"retry-value", 0}, {"utf-8", 1}, {"nul", 0}, {"bom", 0},
    {"line-end", 0}, {"empty-data", 0}, {"no-data", 0}, {"line-long", 0},
    {"id-large", 0}, {"unfinished", 1}, {"last-line", 0}, {"empty", 0},
    {"coding", 0}, {"cache", 0}, {"buffering", 0}, {"length", 0}};

void check_report_init(struct check_report *report, const char *name,
                       int json, int all)
{
    const char *const no = getenv("NO_COLOR");
    const char *const term = getenv("TERM");
    out_init(&report->out, STDOUT_FILENO);
    report->name = name;
    report->json = json;
    report->all = all;
    report->colour = isatty(STDOUT_FILENO) && (no == NULL || *no == '\0') &&
                     term != NULL && strcmp(term, "dumb") != 0;
}

static void put_json(struct check_report *report, enum check_code code,
                     uint64_t line, uint64_t offset, const char *text)
{
    struct out *const out = &report->out;
    out_text(out, kinds[code].is_error ? "{\"level\":\"error\""
                                       : "{\"level\":\"note\"");
    out_text(out, ",\"code\":\"");
    out_text(out, kinds[code].name);
    out_text(out, "\"");
    if (line > 0) {
        out_text(out, ",\"line\":");
        out_number(out, line);
        out_text(out, ",\"offset\":");
        out_number(out, offset);
    }
    out_text(out, ",\"text\":");
    out_json(out, text, strlen(text));
    out_text(out, "}\n");
}

static void put_plain(struct check_report *report, enum check_code code,
                      uint64_t line, uint64_t offset, const char *text)
{
    struct out *const out = &report->out;
    char shown[2048];
    const size_t n = say_visible(text, strlen(text), shown, sizeof shown);
    out_text(out, report->name);
    if (line > 0) {
        out_text(out, ", line ");
        out_number(out, line);
        out_text(out, ", byte ");
        out_number(out, offset);
    }
    out_text(out, ": ");
    if (report->colour) {
        out_text(out, kinds[code].is_error ? "\033[1;31m" : "\033[1;36m");
    }
    out_text(out, kinds[code].is_error ? "error" : "note");
    out_text(out, report->colour ? "\033[0m: " : ": ");
    out_put(out, shown, n);
    out_text(out, " [");
    out_text(out, kinds[code].name);
    out_text(out, "]\n");
}

void check_find(struct check_report *report, enum check_code code,
                uint64_t line, uint64_t offset, const char *format, ...)
{
    char text[512];
    va_list args;
    report->count[code]++;
    *(kinds[code].is_error ? &report->errors : &report->notes) += 1;
    if (!report->all && report->count[code] > CHECK_SHOWN) {
        return;
    }
    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (report->json) {
        put_json(report, code, line, offset, text);
    } else {
        put_plain(report, code, line, offset, text);
        if (!report->all && report->count[code] == CHECK_SHOWN) {
            out_text(&report->out, "(more like this is only counted; --all "
                                   "shows it)\n");
        }
    }
    (void)out_flush(&report->out);
}
