/*
 * json_oracle.c - see json_oracle.h.
 *
 * SPDX-License-Identifier: MIT
 */
#include "json_oracle.h"

#include "decoder.h"

#include <sse/json.h>

#include <string.h>

/* A text and the containers that are open in it. */
struct text {
    const char *at, *end;
    char open[SSE_JSON_DEPTH_MAX];
    size_t depth;
};

static char peek(const struct text *t)
{
    return t->at < t->end ? *t->at : '\0';
}

static int is_in(char c, const char *set)
{
    return c != '\0' && strchr(set, c) != NULL;
}

static size_t skip(struct text *t, const char *set)
{
    size_t n = 0;
    for (; is_in(peek(t), set); n++) {
        t->at++;
    }
    return n;
}

static void skip_ws(struct text *t)
{
    (void)skip(t, " \t\n\r");
}

static int word(struct text *t, const char *want)
{
    const size_t len = strlen(want);
    if ((size_t)(t->end - t->at) < len || memcmp(t->at, want, len) != 0) {
        return 0;
    }
    t->at += len;
    return 1;
}

/* number = [ minus ] int [ frac ] [ exp ] */
static int number(struct text *t)
{
    static const char digits[] = "0123456789";
    (void)word(t, "-");
    const int zero = peek(t) == '0';
    const size_t whole = skip(t, digits);
    if (whole == 0 || (zero && whole > 1)) {
        return 0;
    }
    if (word(t, ".") && skip(t, digits) == 0) {
        return 0;
    }
    if (is_in(peek(t), "eE")) {
        t->at++;
        if (is_in(peek(t), "+-")) {
            t->at++;
        }
        return skip(t, digits) > 0;
    }
    return 1;
}

/* What follows a backslash. */
static int escape(struct text *t)
{
    if (word(t, "u")) {
        for (int i = 0; i < 4; i++) {
            if (!is_in(peek(t), "0123456789abcdefABCDEF")) {
                return 0;
            }
            t->at++;
        }
        return 1;
    }
    if (!is_in(peek(t), "\"\\/bfnrt")) {
        return 0;
    }
    t->at++;
    return 1;
}

/* string = quotation-mark *char quotation-mark, all of it UTF-8 */
static int string(struct text *t)
{
    if (!word(t, "\"")) {
        return 0;
    }
    const char *const begin = t->at;
    while (t->at < t->end && *t->at != '"') {
        const unsigned char byte = (unsigned char)*t->at++;
        if (byte < 0x20 || (byte == '\\' && !escape(t))) {
            return 0;
        }
    }
    struct fuzz_text decoded = {0};
    const uint64_t errors =
        fuzz_decode(begin, (size_t)(t->at - begin), &decoded);
    fuzz_text_free(&decoded);
    return errors == 0 && word(t, "\"");
}

/* A value that is no container. */
static int scalar(struct text *t)
{
    return peek(t) == '"' ? string(t)
                          : word(t, "null") || word(t, "true") ||
                                word(t, "false") || number(t);
}

/* name-separator, in front of each value of an object. */
static int name(struct text *t)
{
    if (!string(t)) {
        return 0;
    }
    skip_ws(t);
    if (!word(t, ":")) {
        return 0;
    }
    skip_ws(t);
    return 1;
}

/* Opens the container that begins here.  `more` says that it has a value. */
static sse_status open_container(struct text *t, int *more)
{
    if (t->depth == SSE_JSON_DEPTH_MAX) {
        return SSE_ERR_LIMIT;
    }
    t->open[t->depth++] = *t->at++;
    skip_ws(t);
    *more = peek(t) != (t->open[t->depth - 1] == '{' ? '}' : ']');
    return !*more || t->open[t->depth - 1] == '[' || name(t)
               ? SSE_OK
               : SSE_ERR_PROTOCOL;
}

/* Behind a value: closes what ends here.  `more` says that a value follows. */
static int after_value(struct text *t, int *more)
{
    *more = 0;
    for (;;) {
        skip_ws(t);
        if (t->depth == 0) {
            return 1;
        }
        const int object = t->open[t->depth - 1] == '{';
        if (word(t, ",")) {
            skip_ws(t);
            *more = 1;
            return !object || name(t);
        }
        if (!word(t, object ? "}" : "]")) {
            return 0;
        }
        t->depth--;
    }
}

sse_status fuzz_json_verdict(const char *bytes, size_t len)
{
    struct text t;
    memset(&t, 0, sizeof t);
    t.at = bytes;
    t.end = bytes + len;
    skip_ws(&t);
    for (int more = 1; more;) {
        int is_open = 0;
        if (is_in(peek(&t), "{[")) {
            const sse_status status = open_container(&t, &is_open);
            if (status != SSE_OK) {
                return status;
            }
        } else if (!scalar(&t)) {
            return SSE_ERR_PROTOCOL;
        }
        if (!is_open && !after_value(&t, &more)) {
            return SSE_ERR_PROTOCOL;
        }
    }
    return t.at == t.end ? SSE_OK : SSE_ERR_PROTOCOL;
}
