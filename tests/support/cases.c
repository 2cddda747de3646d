/*
 * cases.c - reads the vectors of tests/cases.
 *
 * SPDX-License-Identifier: MIT
 */
#define _POSIX_C_SOURCE 200809L

#include "cases.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PATH_CAP = 4096 };

static const char stream_ending[] = ".sse";
static const char events_ending[] = ".events";

static int ends_with(const char *name, const char *ending)
{
    size_t len = strlen(name);
    size_t ending_len = strlen(ending);
    return len > ending_len && strcmp(name + len - ending_len, ending) == 0;
}

static int make_path(char path[PATH_CAP], const char *name, const char *ending)
{
    const char *top = getenv("TOP");
    if (top == NULL || top[0] == '\0') {
        top = ".";
    }
    int len = snprintf(path, PATH_CAP, "%s/tests/cases%s%s%s", top,
                       name[0] != '\0' ? "/" : "", name, ending);
    return len > 0 && len < PATH_CAP ? 0 : -1;
}

static char *read_stream(FILE *file, size_t *len)
{
    size_t cap = 4096;
    char *bytes = (char *)malloc(cap);
    *len = 0;
    while (bytes != NULL) {
        *len += fread(bytes + *len, 1, cap - *len, file);
        if (*len < cap) {
            break;
        }
        cap *= 2;
        char *grown = (char *)realloc(bytes, cap);
        if (grown == NULL) {
            free(bytes);
        }
        bytes = grown;
    }
    if (bytes != NULL && ferror(file)) {
        free(bytes);
        bytes = NULL;
    }
    return bytes;
}

static char *read_file(const char *name, const char *ending, size_t *len)
{
    char path[PATH_CAP];
    FILE *file = NULL;
    char *bytes = NULL;
    if (make_path(path, name, ending) == 0) {
        file = fopen(path, "rb");
    }
    if (file != NULL) {
        bytes = read_stream(file, len);
        fclose(file);
    }
    if (bytes == NULL) {
        fprintf(stderr, "tests/cases: cannot read %s%s\n", name, ending);
    }
    return bytes;
}

/* Takes the lines that explain the vector out, in place. */
static size_t strip_remarks(char *text, size_t len)
{
    size_t kept = 0;
    size_t at = 0;
    while (at < len) {
        const char *end = (const char *)memchr(text + at, '\n', len - at);
        size_t next = end == NULL ? len : (size_t)(end - text) + 1;
        if (text[at] != '#') {
            memmove(text + kept, text + at, next - at);
            kept += next - at;
        }
        at = next;
    }
    return kept;
}

static int load_case(test_case *one, const char *file_name)
{
    size_t len = strlen(file_name) - strlen(stream_ending);
    one->name = (char *)malloc(len + 1);
    if (one->name == NULL) {
        return -1;
    }
    memcpy(one->name, file_name, len);
    one->name[len] = '\0';
    one->stream = read_file(one->name, stream_ending, &one->stream_len);
    one->events = read_file(one->name, events_ending, &one->events_len);
    if (one->stream == NULL || one->events == NULL) {
        return -1;
    }
    one->events_len = strip_remarks(one->events, one->events_len);
    return 0;
}

static int add_case(test_cases *cases, const char *file_name)
{
    size_t size = (cases->count + 1) * sizeof cases->list[0];
    test_case *list = (test_case *)realloc(cases->list, size);
    if (list == NULL) {
        return -1;
    }
    cases->list = list;
    test_case *one = &list[cases->count];
    memset(one, 0, sizeof *one);
    cases->count++;
    if (load_case(one, file_name) != 0) {
        return -1;
    }
    if (one->stream_len > cases->longest) {
        cases->longest = one->stream_len;
    }
    return 0;
}

static int by_name(const void *a, const void *b)
{
    const test_case *left = (const test_case *)a;
    const test_case *right = (const test_case *)b;
    return strcmp(left->name, right->name);
}

int test_cases_load(test_cases *cases)
{
    char path[PATH_CAP];
    memset(cases, 0, sizeof *cases);
    DIR *directory = make_path(path, "", "") == 0 ? opendir(path) : NULL;
    if (directory == NULL) {
        fputs("tests/cases: no such directory; set TOP\n", stderr);
        return -1;
    }
    int result = 0;
    size_t logs = 0;
    const struct dirent *entry = readdir(directory);
    while (entry != NULL && result == 0) {
        logs += ends_with(entry->d_name, events_ending) ? 1u : 0u;
        if (ends_with(entry->d_name, stream_ending)) {
            result = add_case(cases, entry->d_name);
        }
        entry = readdir(directory);
    }
    closedir(directory);
    if (result == 0 && (cases->count == 0 || cases->count != logs)) {
        fputs("tests/cases: files missing\n", stderr);
        result = -1;
    }
    if (result != 0) {
        test_cases_free(cases);
        return result;
    }
    qsort(cases->list, cases->count, sizeof cases->list[0], by_name);
    return 0;
}

void test_cases_free(test_cases *cases)
{
    for (size_t at = 0; at < cases->count; at++) {
        free(cases->list[at].name);
        free(cases->list[at].stream);
        free(cases->list[at].events);
    }
    free(cases->list);
    cases->list = NULL;
    cases->count = 0;
}
