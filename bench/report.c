/*
 * report.c - figures as a table or as lines of JSON.
 *
 * SPDX-License-Identifier: MIT
 */
#include "report.h"

#include "machine.h"
#include "variant.h"

#include <sse/version.h>

#include <stdio.h>
#include <string.h>

static const char *place(size_t bytes)
{
    return bytes <= machine_cache() ? "in cache" : "larger than the caches";
}

static void print_head(const options *o, const report_row *row)
{
    printf("%s: libsse %s, %s, %s, %s\n", o->mode, sse_version(),
           variant_name(), machine_compiler(), machine_cpu());
    printf("%lu bytes, %s, ", (unsigned long)o->size, place(o->size));
    if (strcmp(o->mode, "parse") == 0 && o->chunk == 0) {
        printf("one event a feed, ");
    } else if (strcmp(o->mode, "parse") == 0) {
        printf("chunks of %lu byte%s, ", (unsigned long)o->chunk,
               o->chunk == 1 ? "" : "s");
    }
    printf("one core, medians of %u runs\n", o->runs);
    printf("ratio: times as fast, of medians; best: of the fastest runs\n");
    printf("%-10s %8s %6s %8s %9s %9s", "", "bytes/ev", "GB/s", "Mevent/s",
           "ns/event", "best");
    for (size_t i = 1; i < row->count; i++) {
        printf(" | %8s ratio  best", row->list[i].title);
    }
    putchar('\n');
}

/* Units in a second and so on; a corpus has at least one of them. */
static double rate(size_t units, double seconds)
{
    return (double)units / (seconds > 0 ? seconds : 1e-9);
}

/* How many times as fast we are. */
static double ratio(double theirs, double ours)
{
    return theirs / (ours > 0 ? ours : 1e-9);
}

static void print_ratio(double value)
{
    printf(" %5.*f", value < 0.095 ? 3 : value < 99.5 ? 2 : 0, value);
}

void report_end(unsigned disturbed)
{
    if (disturbed > 0) {
        printf("  * %u disturbed", disturbed);
    }
    putchar('\n');
}

static void print_text(const report_row *row)
{
    const double ours = row->list[0].seconds;
    const double units = (double)row->units;
    printf("%-10s %8.1f %6.2f %8.2f %9.2f %9.2f", row->input->name,
           (double)row->bytes / units, rate(row->bytes, ours) / 1e9,
           rate(row->units, ours) / 1e6, ours * 1e9 / units,
           row->list[0].best * 1e9 / units);
    for (size_t i = 1; i < row->count; i++) {
        const contender *const other = &row->list[i];
        printf(" | %8.2f", rate(row->bytes, other->seconds) / 1e9);
        print_ratio(ratio(other->seconds, ours));
        print_ratio(ratio(other->best, row->list[0].best));
    }
    report_end(row->disturbed);
}

static void print_json(const options *o, const report_row *row)
{
    const double ours = row->list[0].seconds;
    printf("{\"mode\":\"%s\",\"corpus\":\"%s\",\"variant\":\"%s\","
           "\"version\":\"%s\",\"compiler\":\"%s\",\"cpu\":\"%s\",",
           o->mode, row->input->name, variant_name(), sse_version(),
           machine_compiler(), machine_cpu());
    if (strcmp(o->mode, "parse") == 0) {
        printf("\"chunk\":%lu,", (unsigned long)o->chunk);
    }
    printf("\"place\":\"%s\",\"runs\":%u,\"disturbed\":%u,"
           "\"bytes\":%lu,\"unit\":\"%s\","
           "\"units\":%lu,\"events\":%lu,\"gb_per_s\":%.4f,"
           "\"units_per_s\":%.0f,\"ns_per_unit\":%.4f,"
           "\"best_ns_per_unit\":%.4f",
           place(row->bytes), o->runs, row->disturbed,
           (unsigned long)row->bytes, row->unit,
           (unsigned long)row->units, (unsigned long)row->input->events,
           rate(row->bytes, ours) / 1e9, rate(row->units, ours),
           ours * 1e9 / (double)row->units,
           row->list[0].best * 1e9 / (double)row->units);
    for (size_t i = 1; i < row->count; i++) {
        const contender *const other = &row->list[i];
        printf(",\"%s_gb_per_s\":%.4f,\"%s_ratio\":%.4f,"
               "\"%s_best_ratio\":%.4f", other->name,
               rate(row->bytes, other->seconds) / 1e9, other->name,
               ratio(other->seconds, ours), other->name,
               ratio(other->best, row->list[0].best));
    }
    puts("}");
}

void report(const options *o, const report_row *row)
{
    static int begun;
    if (o->json) {
        print_json(o, row);
    } else {
        if (!begun) {
            print_head(o, row);
        }
        print_text(row);
    }
    begun = 1;
    fflush(stdout);
}
