/*
 * embed.c - packs files into a C source, so that they travel in a program.
 *
 * SPDX-License-Identifier: MIT
 *
 *   embed ROOT SOURCE.c HEADER.h FILE...
 *
 * Runs on the machine that builds.  The header declares `page_files`, an array
 * of `page_file_count` entries sorted as the files were named.  Paths are what
 * follows ROOT/.  The entity tag is a hash of the content, so that it changes
 * when the content does and not when only the build was repeated.
 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

struct media_type {
    const char *suffix;
    const char *name;
};

static const struct media_type media_types[] = {
    {".html", "text/html; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".mjs", "text/javascript; charset=utf-8"},
    {".json", "application/json"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".ico", "image/x-icon"},
    {".webmanifest", "application/manifest+json"},
    {".woff2", "font/woff2"},
    {".txt", "text/plain; charset=utf-8"},
    {".md", "text/markdown; charset=utf-8"},
};

static const char *media_type_of(const char *path)
{
    const size_t count = sizeof media_types / sizeof media_types[0];
    const size_t len = strlen(path);

    for (size_t i = 0; i < count; i++) {
        const size_t suffix_len = strlen(media_types[i].suffix);

        if (len > suffix_len &&
            strcmp(path + len - suffix_len, media_types[i].suffix) == 0) {
            return media_types[i].name;
        }
    }
    return "application/octet-stream";
}

/* A path goes into a string literal, so it may hold nothing that ends one. */
static int is_plain(const char *path)
{
    for (const char *at = path; *at != '\0'; at++) {
        if ((unsigned char)*at < 0x20 || (unsigned char)*at > 0x7e ||
            *at == '"' || *at == '\\' || *at == '?') {
            return 0;
        }
    }
    return 1;
}

static int failed(const char *what, const char *path)
{
    fprintf(stderr, "embed: %s %s: %s\n", what, path,
            errno != 0 ? strerror(errno) : "failed");
    return 1;
}

static int write_header(FILE *out)
{
    return fputs("/* Made from the files of the page; not to be edited. */\n"
                 "#ifndef PAGE_FILES_H\n"
                 "#define PAGE_FILES_H\n"
                 "\n"
                 "#include <stddef.h>\n"
                 "\n"
                 "struct page_file {\n"
                 "    const char *path;           /* \"index.html\" */\n"
                 "    const char *media_type;\n"
                 "    const char *etag;           /* with its quotes */\n"
                 "    const unsigned char *bytes;\n"
                 "    size_t len;\n"
                 "};\n"
                 "\n"
                 "extern const struct page_file page_files[];\n"
                 "extern const size_t page_file_count;\n"
                 "\n"
                 "#endif /* PAGE_FILES_H */\n",
                 out) < 0;
}

/* Writes the bytes of one file as an array and answers their hash (FNV-1a)
 * and count. */
static int write_bytes(FILE *out, const char *path, size_t index,
                       uint64_t *hash, size_t *len)
{
    FILE *const in = fopen(path, "rb");
    int byte;

    if (in == NULL) {
        return failed("cannot open", path);
    }
    *hash = UINT64_C(0xcbf29ce484222325);
    *len = 0;
    fprintf(out, "static const unsigned char file_%zu[] = {", index);
    while ((byte = getc(in)) != EOF) {
        fprintf(out, "%s%d,", *len % 18 == 0 ? "\n    " : "", byte);
        *hash = (*hash ^ (uint64_t)byte) * UINT64_C(0x100000001b3);
        *len += 1;
    }
    /* An array cannot be empty; the length says that this byte is none. */
    fprintf(out, "%s\n};\n\n", *len == 0 ? "\n    0" : "");
    if (ferror(in)) {
        fclose(in);
        return failed("cannot read", path);
    }
    return fclose(in) != 0;
}

/* The array of entries is written to a file of its own while the contents go
 * out, and joined to them at the end. */
static int write_source(FILE *out, FILE *entries, const char *root,
                        size_t count, char **paths)
{
    const size_t root_len = strlen(root);

    fputs("/* Made from the files of the page; not to be edited. */\n"
          "#include \"page_files.h\"\n\n",
          out);
    for (size_t i = 0; i < count; i++) {
        uint64_t hash = 0;
        size_t len = 0;

        if (strncmp(paths[i], root, root_len) != 0 ||
            paths[i][root_len] != '/' || !is_plain(paths[i])) {
            fprintf(stderr, "embed: not a path for the page: %s\n", paths[i]);
            return 1;
        }
        if (write_bytes(out, paths[i], i, &hash, &len) != 0) {
            return 1;
        }
        fprintf(entries,
                "    {\"%s\", \"%s\",\n     \"\\\"%08lx%08lx\\\"\", "
                "file_%zu, %zuu},\n",
                paths[i] + root_len + 1, media_type_of(paths[i]),
                (unsigned long)(hash >> 32),
                (unsigned long)(hash & UINT32_MAX), i, len);
    }
    rewind(entries);
    fputs("const struct page_file page_files[] = {\n", out);
    for (int byte = getc(entries); byte != EOF; byte = getc(entries)) {
        putc(byte, out);
    }
    fprintf(out, "%s};\nconst size_t page_file_count = %zu;\n",
            count == 0 ? "    {0, 0, 0, 0, 0},\n" : "", count);
    return ferror(entries) || ferror(out);
}

int main(int argc, char **argv)
{
    if (argc < 4) {
        fputs("usage: embed ROOT SOURCE.c HEADER.h FILE...\n", stderr);
        return 2;
    }
    FILE *const header = fopen(argv[3], "w");

    if (header == NULL || write_header(header) || fclose(header) != 0) {
        return failed("cannot write", argv[3]);
    }
    FILE *const source = fopen(argv[2], "w");
    FILE *const entries = tmpfile();

    if (source == NULL || entries == NULL) {
        return failed("cannot write", argv[2]);
    }
    if (write_source(source, entries, argv[1], (size_t)(argc - 4),
                     argv + 4) != 0 ||
        fclose(source) != 0) {
        remove(argv[2]);
        return failed("cannot write", argv[2]);
    }
    fclose(entries);
    return 0;
}
