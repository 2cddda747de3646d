/*
 * standalone.c - runs a fuzz target on files, with any compiler.
 *
 * SPDX-License-Identifier: MIT
 *
 *   replay_NAME [--prefix HEX | FILE]...
 *
 * A prefix is put before each of the files that follow it: the bytes with
 * which a target chooses how to run, for files that are plain streams.  Each
 * input stands in a block of exactly its size.  The last line says how many
 * inputs were run; a target that finds a broken property ends the program.
 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PREFIX_MAX 16
#define FILE_MAX ((size_t)1 << 26)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct prefix {
    uint8_t bytes[PREFIX_MAX];
    size_t len;
};

static int read_prefix(struct prefix *prefix, const char *hex)
{
    const size_t digits = strlen(hex);

    if (digits % 2 != 0 || digits > 2 * (size_t)PREFIX_MAX ||
        strspn(hex, "0123456789abcdef") != digits) {
        fprintf(stderr, "not a prefix: %s\n", hex);
        return 0;
    }
    prefix->len = digits / 2;
    for (size_t i = 0; i < prefix->len; i++) {
        const char byte[3] = {hex[2 * i], hex[2 * i + 1], '\0'};
        prefix->bytes[i] = (uint8_t)strtoul(byte, NULL, 16);
    }
    return 1;
}

static int failed(const char *path)
{
    fprintf(stderr, "%s: %s\n", path,
            errno != 0 ? strerror(errno) : "cannot be run");
    return 0;
}

static int run_file(const struct prefix *prefix, const char *path)
{
    FILE *const file = fopen(path, "rb");
    int good = 0;

    if (file == NULL) {
        return failed(path);
    }
    if (fseek(file, 0, SEEK_END) == 0) {
        const long end = ftell(file);
        if (end >= 0 && (size_t)end <= FILE_MAX) {
            const size_t size = prefix->len + (size_t)end;
            uint8_t *const input = (uint8_t *)malloc(size > 0 ? size : 1);
            rewind(file);
            if (input != NULL) {
                memcpy(input, prefix->bytes, prefix->len);
                good = fread(input + prefix->len, 1, (size_t)end, file) ==
                       (size_t)end;
            }
            if (good) {
                (void)LLVMFuzzerTestOneInput(input, size);
            }
            free(input);
        }
    }
    fclose(file);
    return good ? 1 : failed(path);
}

int main(int argc, char **argv)
{
    struct prefix prefix = {{0}, 0};
    unsigned long inputs = 0;

    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--prefix") == 0 && i + 1 < argc) {
            if (!read_prefix(&prefix, argv[++i])) {
                return 2;
            }
        } else {
            if (!run_file(&prefix, argv[i])) {
                return 2;
            }
            inputs++;
        }
    }
    printf("%lu inputs\n", inputs);
    return 0;
}
