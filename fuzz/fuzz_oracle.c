/*
 * fuzz_oracle.c - the parser says what the literal reference says.
 *
 * SPDX-License-Identifier: MIT
 *
 * The first four bytes choose how to read, as in fuzz_splits.c, and whether by
 * pulling.  Each byte behind them is a token of the stream and how often it
 * stands there, so that almost every input is a stream with fields, and long
 * lines are cheap.
 */
#include "oracle.h"

#include <string.h>

#define STREAM_MAX ((size_t)8192)

static const struct token {
    const char *text;
    size_t len;
} tokens[32] = {
#define TOKEN(literal) {literal, sizeof(literal) - 1}
    TOKEN("\n"),       TOKEN("\r"),         TOKEN("\r\n"),
    TOKEN("\n\n"),     TOKEN("data"),       TOKEN("data: "),
    TOKEN("data:"),    TOKEN("event: "),    TOKEN("id: "),
    TOKEN("retry: "),  TOKEN(":"),          TOKEN(" "),
    TOKEN("a"),        TOKEN("7"),          TOKEN("\0"),
    TOKEN("id"),       TOKEN("event"),      TOKEN("retry"),
    TOKEN("\t"),       TOKEN("\xEF\xBB\xBF"), TOKEN("\xEF"),
    TOKEN("\xC2\x85"), TOKEN("dat"),        TOKEN("field"),
    TOKEN("data:a\n\n"), TOKEN("id:b\n"),   TOKEN("event:c\n"),
    TOKEN("retry:90\n"), TOKEN(": x\n"),    TOKEN("data\n"),
    TOKEN("18446744073709551615"),          TOKEN("Data:"),
#undef TOKEN
};

static const size_t repeats[8] = {1, 1, 1, 1, 2, 8, 30, 250};

static size_t make_stream(struct fuzz_input *input, char *stream)
{
    size_t len = 0;
    while (input->left > 0) {
        const unsigned choice = fuzz_byte(input);
        const struct token *const token = &tokens[choice & 31u];
        for (size_t n = repeats[choice >> 5]; n > 0; n--) {
            if (token->len > STREAM_MAX - len) {
                return len;
            }
            memcpy(stream + len, token->text, token->len);
            len += token->len;
        }
    }
    return len;
}

/* Takes what the reference does not know out of the choice. */
static struct fuzz_options choose(struct fuzz_input *input)
{
    struct fuzz_options o = fuzz_options_of(input);
    if (o.overflow == SSE_OVERFLOW_STOP) {
        o.overflow = SSE_OVERFLOW_SKIP;
    }
    if (o.overflow == SSE_OVERFLOW_SKIP &&
        o.at_end == SSE_AT_END_FLUSH_BLOCK) {
        o.at_end = SSE_AT_END_FLUSH_LINE;
    }
    if (o.most_cap != 0 && o.at_end == SSE_AT_END_FLUSH_BLOCK) {
        o.at_end = SSE_AT_END_DISCARD;
    }
    return o;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char stream[STREAM_MAX + 2];
    if (size < FUZZ_CHOICES) {
        return 0;
    }
    struct fuzz_input input = fuzz_input_of(data, size);
    const struct fuzz_options options = choose(&input);
    size_t len = make_stream(&input, stream);
    if (options.overflow == SSE_OVERFLOW_FRAGMENTS) {
        stream[len++] = '\n';
        stream[len++] = '\n';
    }
    struct fuzz_reader reader;
    const int pull = (data[3] & 0x80u) != 0;
    fuzz_reader_open(&reader, &options, pull);
    FUZZ_REQUIRE(fuzz_oracle_knows(&reader, &options, stream, len));
    fuzz_reader_run(&reader, &options, stream, len, pull);
    fuzz_oracle_compare(&reader, &options, stream, len);
    fuzz_reader_close(&reader);
    return 0;
}
