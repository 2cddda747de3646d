/*
 * rules_prose.c - what is assessed, said in sentences.
 *
 * SPDX-License-Identifier: MIT
 */
#include <string.h>

#include "base/buf.h"
#include "offline/dates.h"
#include "offline/rules.h"
#include "offline/weights.h"

#define NAME_MAX_LEN 60

/* Not 0 for a sentence whose percentages are no weights. */
static int is_other(struct span sentence)
{
    return span_has_word(
        sentence, "pass|passes|passing|at least|minimum|fail|fails|late|lose|"
                  "loses|lost|penalty|penalties|deducted|deduct|reduced|below|"
                  "above|more than|less than|at most|add up|adds up|total|"
                  "missing|absent|absence|absences|must|curve|extra|bonus|"
                  "discount|similarity|threshold|if you|of lectures|"
                  "of classes|of students|last year");
}

static const char *const verbs[] = {
    "is worth",      "are worth",     "will be worth",  "counts for",
    "count for",     "counts as",     "counts",         "count",
    "accounts for",  "account for",   "makes up",       "make up",
    "contributes",   "contribute",    "constitutes",    "constitute",
    "represents",    "carries",       "carry",          "is weighted",
    "are weighted",  "will count for", "will count",    "worth"};

/* Where the verb before a weight begins, close before it; text.len if there
 * is none. */
static size_t verb_before(struct span text)
{
    size_t best = text.len;
    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++) {
        const size_t len = strlen(verbs[i]);
        for (size_t from = 0; from < text.len;) {
            const size_t at =
                from + span_find_word(span_from(text, from), verbs[i]);
            if (at >= text.len) {
                break;
            }
            if (text.len - (at + len) <= 20 &&
                (best == text.len || at < best)) {
                best = at;
            }
            from = at + 1;
        }
    }
    return best;
}

/* The last part of a text, behind the marks and words that begin a new one. */
static struct span last_part(struct span text)
{
    static const char *const marks[] = {",", ";", ":", " and ", " while ",
                                        " whereas ", " plus ", " on ", " of ",
                                        " are ", " but ", " the "};
    struct span part = text;
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        for (;;) {
            const size_t at = span_find(part, marks[i]);
            if (at >= part.len) {
                break;
            }
            part = span_from(part, at + strlen(marks[i]));
        }
    }
    return rules_name_trim(part);
}

/* The first part of a text, up to what ends a name. */
static struct span first_part(struct span text)
{
    static const char *const marks[] = {",", ";", ".", "(", " and ", " while ",
                                        " due ", " on "};
    struct span part = text;
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        part = span_first(part, span_find(part, marks[i]));
    }
    return rules_name_trim(part);
}

/* The name behind "25% of the grade comes from ", or "25% for ". */
static struct span name_behind(struct span text)
{
    static const char *const leads[] = {
        "of the grade comes from", "of your grade comes from",
        "of the final grade comes from", "of the grade is for",
        "of the grade is based on", "of your grade is based on",
        "of the final grade is", "of the grade is", "of your grade is",
        "for", "from", "on"};
    const struct span rest = span_trim(text);
    for (size_t i = 0; i < sizeof leads / sizeof leads[0]; i++) {
        const size_t len = strlen(leads[i]);
        if (span_starts(rest, leads[i]) && rest.len > len &&
            rest.at[len] == ' ') {
            return first_part(span_from(rest, len));
        }
    }
    return span_text("");
}

/* Finds the name a weight belongs to.
 * @param before  The sentence up to it, from behind the weight before. */
static struct span name_of(struct span before, struct span behind)
{
    const struct span bare = span_trim(before);
    if (bare.len > 0 && bare.at[bare.len - 1] == '(' && behind.len > 0) {
        return last_part(span_first(bare, bare.len - 1));
    }
    const size_t verb = verb_before(before);
    if (verb < before.len) {
        return last_part(span_first(before, verb));
    }
    return name_behind(behind);
}

static void take_sentence(json_t *assessments, struct span sentence)
{
    struct weight weight;
    struct weight other;
    size_t from = 0;
    if (is_other(sentence) ||
        !weight_find(sentence, WEIGHT_PERCENT, 0, &weight)) {
        return;
    }
    const int alone =
        !weight_find(sentence, WEIGHT_PERCENT, weight.end, &other);
    do {
        const struct span before =
            span_of(sentence.at + from, weight.at - from);
        const struct span name =
            name_of(before, span_from(sentence, weight.end));
        struct span due = span_text("");
        if (alone) {
            (void)date_find(sentence, &due);
        }
        if (name.len > 0 && name.len <= NAME_MAX_LEN &&
            rules_is_assessed(name)) {
            rules_assessment_add(
                assessments, name,
                rules_weight_of_all(name, span_from(sentence, weight.end),
                                    weight.value),
                due);
        }
        from = weight.end;
    } while (weight_find(sentence, WEIGHT_PERCENT, from, &weight));
}

/* Not 0 if a sentence ends at @p at: a mark, then a space and no small
 * letter, or the end. */
static int ends_sentence(struct span text, size_t at)
{
    if (strchr(".!?", text.at[at]) == NULL) {
        return 0;
    }
    if (at + 1 == text.len) {
        return 1;
    }
    const char next = at + 2 < text.len ? text.at[at + 2] : 'A';
    return text.at[at + 1] == ' ' && !(next >= 'a' && next <= 'z');
}

static void take_paragraph(json_t *assessments, struct span text)
{
    size_t start = 0;
    for (size_t at = 0; at < text.len; at++) {
        if (ends_sentence(text, at) || at + 1 == text.len) {
            take_sentence(assessments,
                          span_of(text.at + start, at + 1 - start));
            start = at + 1;
        }
    }
}

void rules_assessments_prose(const struct outline *outline,
                             json_t *assessments)
{
    struct buf paragraph;
    memset(&paragraph, 0, sizeof paragraph);
    for (size_t i = 0; i <= outline->count; i++) {
        const struct row *const row =
            i < outline->count ? &outline->rows[i] : NULL;
        const int goes_on = row != NULL && row->kind == ROW_TEXT &&
                            row->area != AREA_SCALE;
        if (goes_on) {
            (void)buf_add_text(&paragraph, paragraph.len > 0 ? " " : "");
            (void)buf_add(&paragraph, row->text.at, row->text.len);
            continue;
        }
        take_paragraph(assessments, span_text(buf_text(&paragraph)));
        buf_clear(&paragraph);
        if (row != NULL && row->kind == ROW_ITEM) {
            take_paragraph(assessments, row->text);
        }
    }
    buf_free(&paragraph);
}
