/*
 * fuzz.h - what all targets share: checks that are always on, blocks of exact
 * size, and the bytes of an input as choices.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef FUZZ_FUZZ_H
#define FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>

/** What libFuzzer, AFL++ and the standalone runner call. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/** Ends the program unless @p truth holds, whatever NDEBUG says. */
#define FUZZ_REQUIRE(truth)                                                    \
    ((truth) ? (void)0 : fuzz_broken(__FILE__, __LINE__, #truth))

/** Says what does not hold and ends the program. */
void fuzz_broken(const char *file, int line, const char *what);

/** Memory, or the end of the program; size 0 is allowed. */
void *fuzz_allocate(size_t size);

/** A copy in a block of exactly its size, for a sanitizer to watch. */
char *fuzz_copy(const char *bytes, size_t len);

/** Not 0 if both runs of bytes are the same. */
int fuzz_same(const char *a, size_t a_len, const char *b, size_t b_len);

/** A growing run of bytes.  Zeroed, it is empty and ready. */
struct fuzz_text {
    char *bytes;
    size_t len, cap;
};

void fuzz_text_add(struct fuzz_text *text, const char *bytes, size_t len);
void fuzz_text_free(struct fuzz_text *text);

/** What is left of an input. */
struct fuzz_input {
    const char *at;
    size_t left;
};

static inline struct fuzz_input fuzz_input_of(const uint8_t *data, size_t size)
{
    const struct fuzz_input input = {(const char *)data, size};
    return input;
}

/** The next byte; 0 behind the end. */
static inline unsigned fuzz_byte(struct fuzz_input *input)
{
    if (input->left == 0) {
        return 0;
    }
    input->left--;
    return (unsigned char)*input->at++;
}

/** A number below @p bound, which is at most 65536. */
static inline size_t fuzz_below(struct fuzz_input *input, size_t bound)
{
    const size_t high = bound > 256 ? fuzz_byte(input) * 256u : 0;
    return (high + fuzz_byte(input)) % bound;
}

/** A number of 64 bits, small and huge ones alike often. */
static inline uint64_t fuzz_number(struct fuzz_input *input)
{
    uint64_t number = 0;
    for (size_t bytes = fuzz_below(input, 9); bytes > 0; bytes--) {
        number = number << 8 | fuzz_byte(input);
    }
    return number;
}

/** Up to @p most of the next bytes. */
static inline struct fuzz_input fuzz_take(struct fuzz_input *input,
                                          size_t most)
{
    struct fuzz_input taken = *input;
    taken.left = most < input->left ? most : input->left;
    input->at += taken.left;
    input->left -= taken.left;
    return taken;
}

/** Sizes of pieces: the whole at once, single bytes, or up to 32; with a few
 *  empty ones between. */
struct fuzz_cuts {
    uint32_t state;
    unsigned most; /* 0: whole */
};

static inline struct fuzz_cuts fuzz_cuts_of(unsigned choice)
{
    struct fuzz_cuts cuts = {choice, 0};
    if (choice != 0) {
        cuts.most = choice % 3 == 0 ? 1 : choice % 32 + 1;
    }
    return cuts;
}

/** Bytes of the next piece, of @p left. */
static inline size_t fuzz_cut(struct fuzz_cuts *cuts, size_t left)
{
    if (cuts->most == 0) {
        return left;
    }
    cuts->state = cuts->state * 1664525u + 1013904223u;
    const size_t cut = (cuts->state >> 16) % (cuts->most + 1);
    return cut < left ? cut : left;
}

#endif /* FUZZ_FUZZ_H */
