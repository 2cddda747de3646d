/*
 * main.c - sse-bench: how fast the core reads and writes on this machine.
 *
 * SPDX-License-Identifier: MIT
 */
#include "bench.h"
#include "corpus.h"
#include "options.h"
#include "variant.h"

#include <stdio.h>
#include <string.h>

static const struct mode {
    const char *name, *brief;
    bench_fn *run;
    bench_alone_fn *run_alone;
    size_t chunk;
} modes[] = {
    {"parse", "the parser, beside memchr, getline, byte by byte",
     bench_parse, NULL, 16384},
    {"write", "the writer, beside copying without a check", bench_write, NULL,
     0},
    {"scan", "the index of line ends alone, beside memchr", bench_scan, NULL,
     0},
    {"growth", "one line of up to 16 MiB in small pieces", NULL, bench_growth,
     64},
    {"limits", "reading, comparing and copying memory, and nothing else", NULL,
     bench_limits, 0},
    {"count", "each corpus once in each way, for a profiler", bench_count,
     NULL, 16384},
    {"corpus", "prints the stream of a corpus", bench_corpus, NULL, 0},
};

#define MODES (sizeof modes / sizeof modes[0])

static void print_help(void)
{
    puts("usage: sse-bench MODE [FLAGS]\n");
    for (size_t i = 0; i < MODES; i++) {
        printf("  %-9s %s\n", modes[i].name, modes[i].brief);
    }
    puts("  variants  names of the variants of the scan this processor has\n"
         "\n"
         "  --corpus NAME  one of those below, or all (the default)\n"
         "  --chunk N      bytes of a feed, or `event`: one event a feed "
         "(16384;\n"
         "                 growth: 64)\n"
         "  --size BYTES   of a corpus (1048576)\n"
         "  --runs N       medians are taken of (11)\n"
         "  --json         one object a line\n"
         "  -h, --help     this text\n");
    for (size_t kind = 0; kind < CORPUS_KINDS; kind++) {
        printf("  %-9s %s\n", corpus_name(kind), corpus_brief(kind));
    }
    puts("\nSSE_SCAN=swar|sse2|avx2|avx512|neon in the environment forces a "
         "variant.\n"
         "Exit status: 0; 1 if a result was wrong; 2 for a wrong command "
         "line.");
}

/* What has no writer's form is left out of `all`. */
static int is_meant(const options *o, size_t kind)
{
    return strcmp(o->mode, "write") != 0 || corpus_is_written(kind);
}

int bench_corpus(const options *o, const corpus *c)
{
    (void)o;
    return fwrite(c->text, 1, c->len, stdout) == c->len && fflush(stdout) == 0
               ? 0
               : -1;
}

static int run(const options *o, bench_fn *bench)
{
    for (size_t kind = o->first; kind < o->last; kind++) {
        if (!is_meant(o, kind)) {
            continue;
        }
        corpus c;
        if (corpus_open(&c, kind, o->size) != 0) {
            fputs("sse-bench: no memory\n", stderr);
            return 1;
        }
        const int result = bench(o, &c);
        corpus_close(&c);
        if (result != 0) {
            return 1;
        }
    }
    return 0;
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        options_wrong("name what to measure", "");
        return 2;
    }
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
            print_help();
            return 0;
        }
    }
    if (strcmp(argv[1], "variants") == 0 && argc == 2) {
        variant_print_all();
        return 0;
    }
    size_t i = 0;
    while (i < MODES && strcmp(argv[1], modes[i].name) != 0) {
        i++;
    }
    if (i == MODES) {
        options_wrong("no such mode", argv[1]);
        return 2;
    }
    options o = {modes[i].name, 0, CORPUS_KINDS, modes[i].chunk, 1 << 20, 11,
                 0};
    if (options_read(&o, argc - 2, argv + 2) != 0 || variant_choose() != 0) {
        return 2;
    }
    if (o.last == o.first + 1 && !is_meant(&o, o.first)) {
        options_wrong("nothing to write in corpus", corpus_name(o.first));
        return 2;
    }
    if (modes[i].run_alone != NULL) {
        return modes[i].run_alone(&o) == 0 ? 0 : 1;
    }
    return run(&o, modes[i].run);
}
