/*
 * merge.c - the facts of all chunks become one result.
 *
 * SPDX-License-Identifier: MIT
 */
#include "service/merge.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "service/facts.h"
#include "service/lines.h"

#define KEY_MAX 256
#define POINTER_MAX 64

/* The chunk whose facts are being merged. */
struct merge {
    json_t *result;
    json_t *sources;
    const char *document;
    const char *text;
    const struct chunk *chunk;
    size_t index;
};

/* What two spellings of the same name have in common: letters and digits, the
 * ASCII ones in lower case. */
static const char *key_of(const json_t *value, char key[KEY_MAX])
{
    const char *text = json_string_value(value);
    size_t used = 0;
    for (; text != NULL && *text != '\0' && used + 1 < KEY_MAX; text++) {
        unsigned char byte = (unsigned char)*text;
        if (byte >= 'A' && byte <= 'Z') {
            byte = (unsigned char)(byte - 'A' + 'a');
        }
        if ((byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') ||
            byte >= 0x80) {
            key[used++] = (char)byte;
        }
    }
    key[used] = '\0';
    return key;
}

static int same_text(const json_t *a, const json_t *b)
{
    char key_a[KEY_MAX];
    char key_b[KEY_MAX];
    return strcmp(key_of(a, key_a), key_of(b, key_b)) == 0;
}

/* Where in the chunk a text stands; the whole chunk if it is worded otherwise
 * there. */
static void place_of(const struct merge *merge, const json_t *value,
                     int64_t *first, int64_t *last)
{
    const struct chunk *chunk = merge->chunk;
    const char *text = merge->text + chunk->start;
    const char *want = json_string_value(value);
    size_t len = want != NULL ? json_string_length(value) : 0;
    *first = chunk->first_line;
    *last = chunk->last_line;
    for (size_t at = 0; len > 0 && at + len <= chunk->len; at++) {
        if (memcmp(text + at, want, len) == 0) {
            *first = chunk->first_line + line_count(text, at);
            *last = *first + line_count(text + at, len);
            return;
        }
    }
}

static void add_source(struct merge *merge, const char *pointer,
                       const json_t *value)
{
    int64_t first;
    int64_t last;
    place_of(merge, value, &first, &last);
    json_t *source = json_object();
    json_put(source, "fact", json_string(pointer));
    json_put(source, "document", json_text_or_null(merge->document));
    json_put(source, "chunk", json_integer((json_int_t)merge->index));
    json_put(source, "first_line", json_integer((json_int_t)first));
    json_put(source, "last_line", json_integer((json_int_t)last));
    (void)json_array_append_new(merge->sources, source);
}

/* Fills in what is still open.  @return not 0 if that told something new. */
static int fill(json_t *have, const json_t *from, const char *name)
{
    json_t *value = json_object_get(from, name);
    if (!json_is_null(json_object_get(have, name)) || json_is_null(value)) {
        return 0;
    }
    (void)json_object_set(have, name, value);
    return 1;
}

static void merge_course(struct merge *merge, const json_t *facts)
{
    json_t *have = json_object_get(merge->result, "course");
    const json_t *from = json_object_get(facts, "course");
    for (size_t i = 0; i < 4; i++) {
        if (fill(have, from, facts_course[i])) {
            char pointer[POINTER_MAX];
            (void)snprintf(pointer, sizeof pointer, "/course/%s",
                           facts_course[i]);
            add_source(merge, pointer, json_object_get(from, facts_course[i]));
        }
    }
}

static void merge_topics(json_t *have, const json_t *from)
{
    json_t *topics = json_object_get(have, "topics");
    size_t i;
    json_t *topic;
    json_array_foreach(json_object_get(from, "topics"), i, topic) {
        size_t j = 0;
        while (j < json_array_size(topics) &&
               !same_text(json_array_get(topics, j), topic)) {
            j++;
        }
        if (j == json_array_size(topics)) {
            (void)json_array_append(topics, topic);
        }
    }
}

static int same_unit(const json_t *a, const json_t *b)
{
    const json_t *number_a = json_object_get(a, "number");
    const json_t *number_b = json_object_get(b, "number");
    if (json_is_number(number_a) && json_is_number(number_b)) {
        return json_equal(number_a, number_b);
    }
    return same_text(json_object_get(a, "title"), json_object_get(b, "title"));
}

static int same_assessment(const json_t *a, const json_t *b)
{
    return same_text(json_object_get(a, "name"), json_object_get(b, "name"));
}

/* Merges one list of the facts into that of the result. */
static void merge_list(struct merge *merge, const json_t *facts,
                       const char *name, const char *head,
                       int (*same)(const json_t *a, const json_t *b))
{
    json_t *have = json_object_get(merge->result, name);
    size_t i;
    json_t *entry;
    json_array_foreach(json_object_get(facts, name), i, entry) {
        size_t at = 0;
        while (at < json_array_size(have) &&
               !same(json_array_get(have, at), entry)) {
            at++;
        }
        if (at == json_array_size(have)) {
            (void)json_array_append_new(have, json_deep_copy(entry));
        } else if (json_is_object(entry)) {
            json_t *known = json_array_get(have, at);
            (void)fill(known, entry, "number");
            (void)fill(known, entry, "weight_percent");
            (void)fill(known, entry, "due");
            merge_topics(known, entry);
        }
        char pointer[POINTER_MAX];
        (void)snprintf(pointer, sizeof pointer, "/%s/%zu", name, at);
        add_source(merge, pointer,
                   head != NULL ? json_object_get(entry, head) : entry);
    }
}

json_t *merge_facts(json_t *const *facts, const struct chunk *chunks,
                    size_t count, const char *text, const char *document)
{
    struct merge merge = {facts_none(), json_array(), document, text, NULL, 0};
    for (size_t i = 0; i < count; i++) {
        if (facts[i] == NULL) {
            continue;
        }
        merge.chunk = &chunks[i];
        merge.index = i;
        merge_course(&merge, facts[i]);
        merge_list(&merge, facts[i], "units", "title", same_unit);
        merge_list(&merge, facts[i], "assessments", "name", same_assessment);
        merge_list(&merge, facts[i], "books", NULL, same_text);
    }
    json_put(merge.result, "sources", merge.sources);
    return merge.result;
}
