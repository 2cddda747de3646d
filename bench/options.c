/*
 * options.c - the command line of sse-bench.
 *
 * SPDX-License-Identifier: MIT
 */
#include "options.h"

#include "corpus.h"
#include "measure.h"

#include <stdio.h>
#include <string.h>

#define SIZE_MOST ((size_t)1 << 30)

int options_wrong(const char *what, const char *word)
{
    fprintf(stderr, "sse-bench: %s%s%s; `sse-bench --help` lists what there "
            "is\n", what, word[0] != '\0' ? ": " : "", word);
    return -1;
}

/* A number from 1 to `most`.  0 if it is none. */
static size_t number(const char *text, size_t most)
{
    size_t value = 0;
    for (const char *at = text; *at != '\0'; at++) {
        if (*at < '0' || *at > '9') {
            return 0;
        }
        value = value * 10 + (size_t)(*at - '0');
        if (value > most) {
            return 0;
        }
    }
    return value;
}

static int read_corpus(options *o, const char *name)
{
    if (strcmp(name, "all") == 0) {
        o->first = 0;
        o->last = CORPUS_KINDS;
        return 0;
    }
    for (size_t kind = 0; kind < CORPUS_KINDS; kind++) {
        if (strcmp(name, corpus_name(kind)) == 0) {
            o->first = kind;
            o->last = kind + 1;
            return 0;
        }
    }
    return options_wrong("no such corpus", name);
}

static int read_value(options *o, const char *flag, const char *value)
{
    if (strcmp(flag, "--corpus") == 0) {
        return read_corpus(o, value);
    }
    if (strcmp(flag, "--chunk") == 0) {
        if (o->chunk == 0) {
            return options_wrong("--chunk is for `parse`, `count` and `growth`",
                                 "");
        }
        o->chunk = number(value, SIZE_MOST);
        return o->chunk > 0 || (strcmp(value, "event") == 0 &&
                                strcmp(o->mode, "growth") != 0)
                   ? 0
                   : options_wrong("--chunk wants bytes or `event`", value);
    }
    if (strcmp(flag, "--size") == 0) {
        o->size = number(value, SIZE_MOST);
        return o->size > 0
                   ? 0
                   : options_wrong("--size wants 1 to 1073741824 bytes", value);
    }
    o->runs = (unsigned)number(value, MEASURE_RUNS_MAX);
    return o->runs > 0 ? 0 : options_wrong("--runs wants 1 to 101", value);
}

int options_read(options *o, int argc, char *const *argv)
{
    const int alone = strcmp(o->mode, "growth") == 0 ||
                      strcmp(o->mode, "limits") == 0;
    static const char *const with_value[] = {"--corpus", "--chunk", "--size",
                                             "--runs"};
    for (int i = 0; i < argc; i++) {
        if (strcmp(argv[i], "--json") == 0) {
            o->json = 1;
            continue;
        }
        size_t k = 0;
        while (k < 4 && strcmp(argv[i], with_value[k]) != 0) {
            k++;
        }
        if (k == 4) {
            return options_wrong(argv[i][0] == '-' ? "no such flag"
                                                   : "one word too many",
                                 argv[i]);
        }
        if (alone && (k == 0 || k == 2)) {
            return options_wrong("this mode has inputs of its own", argv[i]);
        }
        if (i + 1 == argc) {
            return options_wrong("a value is missing behind", argv[i]);
        }
        if (read_value(o, argv[i], argv[i + 1]) != 0) {
            return -1;
        }
        i++;
    }
    return 0;
}
