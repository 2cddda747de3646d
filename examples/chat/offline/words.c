/*
 * words.c - what a question is about, and how well a text matches it.
 *
 * SPDX-License-Identifier: MIT
 */
#include "offline/words.h"

#include <string.h>

#define STEM_MIN 4   /* bytes that two forms of a word have in common */
#define ENDING_MAX 7 /* bytes in which they may differ */

static const char common[] =
    "a|about|all|also|am|an|and|any|are|as|at|be|because|been|but|by|can|"
    "could|count|counts|did|do|does|doing|each|every|for|from|get|give|had|"
    "has|have|he|her|here|him|his|how|i|if|in|into|is|it|its|just|know|list|"
    "many|may|me|much|my|need|no|not|now|of|on|one|only|or|our|out|please|say|"
    "says|she|should|show|so|some|such|tell|than|that|the|their|them|then|"
    "there|these|they|this|those|to|us|very|want|was|we|were|what|when|where|"
    "which|who|whom|why|will|with|would|you|your|document|documents|"
    "syllabus|course";

/* Takes the next word off.  @return not 0 unless there is none. */
static int next_word(struct span *rest, struct span *word)
{
    size_t start = 0;
    while (start < rest->len && span_letter(*rest, start) == 0) {
        start++;
    }
    size_t end = start;
    for (size_t len; (len = span_letter(*rest, end)) > 0;) {
        end += len;
    }
    *word = span_of(rest->at + start, end - start);
    *rest = span_from(*rest, end);
    return word->len > 0;
}

static char lower(char byte)
{
    return byte >= 'A' && byte <= 'Z' ? (char)(byte - 'A' + 'a') : byte;
}

/* How alike two words are: 1 for the same, less for two forms of one. */
static double likeness(struct span a, struct span b)
{
    size_t same = 0;
    while (same < a.len && same < b.len &&
           lower(a.at[same]) == lower(b.at[same])) {
        same++;
    }
    if (same == a.len && same == b.len) {
        return 1;
    }
    const size_t longer = a.len > b.len ? a.len : b.len;
    const size_t shorter = a.len > b.len ? b.len : a.len;
    /* "exam" and "examination", but also "policy" and "policies". */
    if (same < STEM_MIN || longer - same > ENDING_MAX ||
        shorter - same > 1) {
        return same >= 3 && longer - same == 1 && shorter == same &&
                       lower(a.len > b.len ? a.at[same] : b.at[same]) == 's'
                   ? 0.9
                   : 0;
    }
    return longer - same <= 2 ? 0.9 : 0.6;
}

static int is_known(const struct words *words, struct span word)
{
    for (size_t i = 0; i < words->count; i++) {
        if (likeness(words->list[i], word) >= 1) {
            return 1;
        }
    }
    return 0;
}

static void pick(struct words *words, struct span question, int all)
{
    struct span rest = question;
    struct span word;
    while (words->count < WORDS_MAX && next_word(&rest, &word)) {
        const int tells = word.len > 1 || span_is_digit(word.at[0]);
        if (tells && (all || !span_is_word(word, common)) &&
            !is_known(words, word)) {
            words->weights[words->count] = 1;
            words->list[words->count++] = word;
        }
    }
}

void words_pick(struct words *words, struct span question)
{
    memset(words, 0, sizeof *words);
    pick(words, question, 0);
    if (words->count == 0) {
        /* "What is this about?" - common words are better than none. */
        pick(words, question, 1);
    }
}

/* How well one word stands in a text. */
static double best(struct span wanted, struct span text)
{
    struct span rest = text;
    struct span word;
    double found = 0;
    while (found < 1 && next_word(&rest, &word)) {
        const double alike = likeness(wanted, word);
        found = alike > found ? alike : found;
    }
    return found;
}

void words_weigh(struct words *words, const struct span *texts, size_t count)
{
    for (size_t i = 0; i < words->count; i++) {
        size_t holding = 0;
        for (size_t k = 0; k < count; k++) {
            holding += best(words->list[i], texts[k]) > 0;
        }
        words->weights[i] =
            1 + 2.0 * (double)(count - holding) / (double)(count + 1);
    }
}

double words_match(const struct words *words, struct span text)
{
    double sum = 0;
    for (size_t i = 0; i < words->count; i++) {
        sum += words->weights[i] * best(words->list[i], text);
    }
    return sum;
}
