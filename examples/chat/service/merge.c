/*
 * merge.c - the facts of all chunks become one result.
 *
 * SPDX-License-Identifier: MIT
 */
#include "service/merge.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "service/facts.h"
#include "service/lines.h"
#include "service/spelling.h"

#define RESULT_MAX ((size_t)128 << 10) /* bytes of its texts, or about that */
#define ENTRY_COST 160 /* bytes an entry takes beside its texts */
#define POINTER_MAX 64
#define NAME_MAX_BYTES 48

/* The chunk whose facts are being merged. */
struct merge {
    json_t *result;
    json_t *sources;
    json_t *known;  /* where the entries stand, by number and by text */
    const char *document;
    const char *text;
    const struct chunk *chunk;
    size_t index;
    size_t size;  /* of the result, about */
};

static const char *key_of(const json_t *value, char key[SPELLING_MAX])
{
    const char *text = json_string_value(value);
    return spelling_key(text != NULL ? text : "", key);
}

static int same_text(const json_t *a, const json_t *b)
{
    char key_a[SPELLING_MAX];
    char key_b[SPELLING_MAX];
    return strcmp(key_of(a, key_a), key_of(b, key_b)) == 0;
}

/* Where in the chunk a text stands; the whole chunk if it is worded otherwise
 * there. */
static void place_of(const struct merge *merge, const json_t *value,
                     int64_t *first, int64_t *last)
{
    const struct chunk *chunk = merge->chunk;
    const char *text = merge->text + chunk->start;
    char key[SPELLING_MAX];
    size_t at;
    size_t len = spelling_find(text, chunk->len, key_of(value, key), &at);
    *first = chunk->first_line;
    *last = chunk->last_line;
    if (len > 0) {
        *first = chunk->first_line + line_count(text, at);
        *last = *first + line_count(text + at, len);
    }
}

/* A document of any size gives a result that fits one event: what comes after
 * RESULT_MAX is left out. */
static int has_room(struct merge *merge, const json_t *value)
{
    size_t cost = ENTRY_COST + json_string_length(value);
    if (merge->size + cost > RESULT_MAX) {
        return 0;
    }
    merge->size += cost;
    return 1;
}

static void add_source(struct merge *merge, const char *pointer,
                       const json_t *value)
{
    if (!has_room(merge, NULL)) {
        return;
    }
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

static void merge_topics(struct merge *merge, json_t *have,
                         const json_t *from)
{
    json_t *topics = json_object_get(have, "topics");
    size_t i;
    json_t *topic;
    json_array_foreach(json_object_get(from, "topics"), i, topic) {
        size_t j = 0;
        if (merge->size + ENTRY_COST > RESULT_MAX) {
            return;
        }
        while (j < json_array_size(topics) &&
               !same_text(json_array_get(topics, j), topic)) {
            j++;
        }
        if (j == json_array_size(topics) && has_room(merge, topic)) {
            (void)json_array_append(topics, topic);
        }
    }
}

/* A new entry; its topics are merged like those of a known one. */
static void add_entry(json_t *list, const json_t *entry)
{
    json_t *copy = json_deep_copy(entry);
    if (json_object_get(copy, "topics") != NULL) {
        json_put(copy, "topics", json_array());
    }
    (void)json_array_append_new(list, copy);
}

/* Under which names an entry is known: by its number, if it has one, and by
 * its text. */
static void names_of(const char *list, const json_t *entry, const json_t *text,
                     char by_number[NAME_MAX_BYTES],
                     char by_text[NAME_MAX_BYTES])
{
    const json_t *number = json_object_get(entry, "number");
    char key[SPELLING_MAX];
    by_number[0] = '\0';
    if (json_is_number(number)) {
        (void)snprintf(by_number, NAME_MAX_BYTES, "%s#%.10g", list,
                       json_number_value(number));
    }
    uint64_t hash = UINT64_C(0xcbf29ce484222325); /* FNV-1a: names are ASCII */
    for (const char *at = key_of(text, key); *at != '\0'; at++) {
        hash = (hash ^ (unsigned char)*at) * UINT64_C(0x100000001b3);
    }
    (void)snprintf(by_text, NAME_MAX_BYTES, "%s:%016llx", list,
                   (unsigned long long)hash);
}

/* Where the result has an entry already.  @return -1 if it has not.  Two
 * entries with numbers are the same by these alone. */
static json_int_t find(const struct merge *merge, const json_t *have,
                       const char *by_number, const char *by_text)
{
    const json_t *at = json_object_get(merge->known, by_number);
    if (at == NULL) {
        at = json_object_get(merge->known, by_text);
        const json_t *entry = json_array_get(
            have, at != NULL ? (size_t)json_integer_value(at) : SIZE_MAX);
        if (by_number[0] != '\0' &&
            json_is_number(json_object_get(entry, "number"))) {
            at = NULL;
        }
    }
    return at != NULL ? json_integer_value(at) : -1;
}

static void learn(struct merge *merge, const char *name, json_int_t at)
{
    if (name[0] != '\0' && json_object_get(merge->known, name) == NULL) {
        json_put(merge->known, name, json_integer(at));
    }
}

static void merge_entry(struct merge *merge, const char *list,
                        const json_t *entry, const json_t *text)
{
    json_t *have = json_object_get(merge->result, list);
    char by_number[NAME_MAX_BYTES];
    char by_text[NAME_MAX_BYTES];
    names_of(list, entry, text, by_number, by_text);
    json_int_t at = find(merge, have, by_number, by_text);
    if (at < 0) {
        if (!has_room(merge, text)) {
            return;
        }
        at = (json_int_t)json_array_size(have);
        add_entry(have, entry);
    }
    learn(merge, by_number, at);
    learn(merge, by_text, at);
    if (json_is_object(entry)) {
        json_t *known = json_array_get(have, (size_t)at);
        (void)fill(known, entry, "number");
        (void)fill(known, entry, "weight_percent");
        (void)fill(known, entry, "due");
        merge_topics(merge, known, entry);
    }
    char pointer[POINTER_MAX];
    (void)snprintf(pointer, sizeof pointer, "/%s/%lld", list, (long long)at);
    add_source(merge, pointer, text);
}

/* Merges one list of the facts into that of the result.  @param head  The
 * member that names an entry; NULL if the entry is a text. */
static void merge_list(struct merge *merge, const json_t *facts,
                       const char *list, const char *head)
{
    size_t i;
    json_t *entry;
    json_array_foreach(json_object_get(facts, list), i, entry) {
        merge_entry(merge, list, entry,
                    head != NULL ? json_object_get(entry, head) : entry);
    }
}

json_t *merge_facts(json_t *const *facts, const struct chunk *chunks,
                    size_t count, const char *text, const char *document)
{
    struct merge merge = {facts_none(), json_array(), json_object(), document,
                          text,         NULL,         0,             0};
    for (size_t i = 0; i < count; i++) {
        if (facts[i] == NULL) {
            continue;
        }
        merge.chunk = &chunks[i];
        merge.index = i;
        merge_course(&merge, facts[i]);
        merge_list(&merge, facts[i], "units", "title");
        merge_list(&merge, facts[i], "assessments", "name");
        merge_list(&merge, facts[i], "books", NULL);
    }
    json_decref(merge.known);
    json_put(merge.result, "sources", merge.sources);
    return merge.result;
}
