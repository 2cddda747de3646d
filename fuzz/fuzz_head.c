/*
 * fuzz_head.c - a request head means the same however it is cut and however
 * often its store grows, and what was accepted is accepted again.
 *
 * SPDX-License-Identifier: MIT
 *
 * The first bytes choose limit, cuts and the name of a query parameter; the
 * rest is the head and what follows it.
 */
#include "fuzz.h"

#include "adapters/sock/head.h"

#include <stdlib.h>
#include <string.h>

struct result {
    sse_priv_head head;
    char *store;
    sse_status status;
    size_t used; /* bytes of the input */
};

static void grow(struct result *r, size_t max)
{
    const size_t cap = r->head.cap * 2 < max ? r->head.cap * 2 : max;
    FUZZ_REQUIRE(cap > r->head.cap);
    char *const store = (char *)fuzz_allocate(cap);
    memcpy(store, r->store, r->head.used);
    free(r->store);
    r->store = store;
    sse_priv_head_set_store(&r->head, store, cap);
}

static struct result read_head(const char *text, size_t len, size_t cap,
                               size_t max, struct fuzz_cuts cuts)
{
    struct result r;
    r.store = (char *)fuzz_allocate(cap);
    r.used = 0;
    r.status = SSE_INCOMPLETE;
    sse_priv_head_init_request(&r.head, r.store, cap, max);
    while (r.used < len && r.status == SSE_INCOMPLETE) {
        const size_t piece_len = fuzz_cut(&cuts, len - r.used);
        char *const piece = fuzz_copy(text + r.used, piece_len);
        size_t done = 0;
        do {
            size_t consumed = 0;
            r.status = sse_priv_head_feed(&r.head, piece + done,
                                          piece_len - done, &consumed);
            FUZZ_REQUIRE(consumed <= piece_len - done);
            done += consumed;
            if (r.status == SSE_NEED_SPACE) {
                grow(&r, max);
            }
        } while (r.status == SSE_NEED_SPACE);
        FUZZ_REQUIRE(r.status != SSE_INCOMPLETE || done == piece_len);
        r.used += done;
        free(piece);
    }
    return r;
}

/* ---- what an accepted head must be ---- */

static void check_text(const char *text, int (*good)(unsigned char))
{
    for (; *text != '\0'; text++) {
        FUZZ_REQUIRE(good((unsigned char)*text));
    }
}

/* Lines end with CRLF alone, and the head with a blank one. */
static void check_lines(const char *text, size_t len)
{
    FUZZ_REQUIRE(len > 4 && memcmp(text + len - 4, "\r\n\r\n", 4) == 0);
    for (size_t at = 0; at < len; at++) {
        FUZZ_REQUIRE(text[at] != '\0');
        FUZZ_REQUIRE(text[at] != '\n' || text[at - 1] == '\r');
        FUZZ_REQUIRE(text[at] != '\r' || text[at + 1] == '\n');
    }
}

static int is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* Every field is a token and a value without white space around it, and no two
 * of those that frame a body contradict each other. */
static void check_fields(const sse_priv_head *h)
{
    unsigned hosts = 0, lengths = 0, codings = 0;
    size_t at = h->fields;
    for (unsigned i = 0; i < h->count; i++) {
        const char *const name = h->store + at;
        const char *const value = name + strlen(name) + 1;
        FUZZ_REQUIRE(*name != '\0');
        check_text(name, sse_priv_is_token_char);
        check_text(value, sse_priv_is_value_char);
        const size_t value_len = strlen(value);
        FUZZ_REQUIRE(value_len == 0 || (!is_blank(value[0]) &&
                                        !is_blank(value[value_len - 1])));
        hosts += (unsigned)sse_priv_same_text(name, "Host");
        lengths += (unsigned)sse_priv_same_text(name, "Content-Length");
        codings += (unsigned)sse_priv_same_text(name, "Transfer-Encoding");
        FUZZ_REQUIRE(sse_priv_head_field(h, name) != NULL);
        at = (size_t)(value - h->store) + value_len + 1;
    }
    FUZZ_REQUIRE(at == h->used && h->count <= SSE_PRIV_HEAD_FIELDS);
    const int old = (h->flags & SSE_PRIV_HEAD_HTTP10) != 0;
    FUZZ_REQUIRE(hosts <= 1 && (hosts == 1 || old));
    FUZZ_REQUIRE(lengths + codings <= 1 && (codings == 0 || !old));
    FUZZ_REQUIRE(lengths == ((h->flags & SSE_PRIV_HEAD_LENGTH) != 0));
    FUZZ_REQUIRE(codings == ((h->flags & SSE_PRIV_HEAD_CHUNKED) != 0));
}

/* The head as a plain sender would have written it. */
static void write_head(const sse_priv_head *h, struct fuzz_text *out)
{
    const char *const end = h->store + h->used;
    const char *target = h->store + h->target;
    fuzz_text_add(out, h->store, h->target - 1);
    fuzz_text_add(out, " ", 1);
    fuzz_text_add(out, target, strlen(target));
    if (sse_priv_head_query(h) != NULL) {
        fuzz_text_add(out, "?", 1);
        target = sse_priv_head_query(h);
        fuzz_text_add(out, target, strlen(target));
    }
    fuzz_text_add(out,
                  (h->flags & SSE_PRIV_HEAD_HTTP10) != 0 ? " HTTP/1.0\r\n"
                                                         : " HTTP/1.1\r\n",
                  11);
    for (const char *name = h->store + h->fields; name < end;) {
        const char *const value = name + strlen(name) + 1;
        fuzz_text_add(out, name, strlen(name));
        fuzz_text_add(out, ":", 1);
        fuzz_text_add(out, value, strlen(value));
        fuzz_text_add(out, "\r\n", 2);
        name = value + strlen(value) + 1;
    }
    fuzz_text_add(out, "\r\n", 2);
}

static void check_again(const struct result *r, size_t max)
{
    struct fuzz_text text = {0};
    const struct fuzz_cuts whole = {0, 0};
    write_head(&r->head, &text);
    FUZZ_REQUIRE(text.len <= r->used);
    struct result again = read_head(text.bytes, text.len, max, max, whole);
    FUZZ_REQUIRE(again.status == SSE_OK && again.used == text.len);
    FUZZ_REQUIRE(again.head.flags == r->head.flags);
    FUZZ_REQUIRE(again.head.content_length == r->head.content_length);
    FUZZ_REQUIRE(fuzz_same(again.store, again.head.used, r->store,
                           r->head.used));
    FUZZ_REQUIRE(strcmp(sse_priv_head_path(&again.head),
                        sse_priv_head_path(&r->head)) == 0);
    free(again.store);
    fuzz_text_free(&text);
}

/* Parameters come out whole and terminated, or not at all. */
static void check_query(const char *query, const char *name)
{
    char all[512];
    size_t len = 1;
    size_t again = 1;
    const sse_status status =
        sse_priv_query_find(query, name, all, sizeof all, &len);
    if (status != SSE_OK) {
        FUZZ_REQUIRE(status == SSE_INCOMPLETE || status == SSE_ERR_NO_SPACE);
        return;
    }
    FUZZ_REQUIRE(len < sizeof all && all[len] == '\0');
    char *const exact = (char *)fuzz_allocate(len + 1);
    FUZZ_REQUIRE(sse_priv_query_find(query, name, exact, len + 1, &again) ==
                     SSE_OK &&
                 fuzz_same(exact, again, all, len));
    FUZZ_REQUIRE(sse_priv_query_find(query, name, exact, len, &again) ==
                 SSE_ERR_NO_SPACE);
    free(exact);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = fuzz_input_of(data, size);
    const size_t max = 1 + fuzz_below(&input, 4096);
    const struct fuzz_cuts whole = {0, 0};
    const struct fuzz_cuts cuts = fuzz_cuts_of(fuzz_byte(&input));
    const size_t cap = 1 + fuzz_byte(&input) % max;
    const char name[2] = {(char)fuzz_byte(&input), '\0'};
    struct result want = read_head(input.at, input.left, max, max, whole);
    struct result got = read_head(input.at, input.left, cap, max, cuts);
    FUZZ_REQUIRE(got.status == want.status && got.used == want.used);
    FUZZ_REQUIRE(got.head.error == want.head.error);
    FUZZ_REQUIRE(got.head.flags == want.head.flags);
    FUZZ_REQUIRE(got.head.count == want.head.count);
    FUZZ_REQUIRE(got.head.content_length == want.head.content_length);
    FUZZ_REQUIRE(fuzz_same(got.store, got.head.used, want.store,
                           want.head.used));
    FUZZ_REQUIRE(want.used <= max && want.head.used <= want.head.cap);
    if (want.status == SSE_OK) {
        check_lines(input.at, want.used);
        check_fields(&want.head);
        check_again(&want, max);
        if (sse_priv_head_query(&want.head) != NULL) {
            check_query(sse_priv_head_query(&want.head), name);
        }
    }
    free(want.store);
    free(got.store);
    return 0;
}
