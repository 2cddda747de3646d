/*
 * fuzz_chunked.c - a chunked body means the same however it is cut, and what
 * was encoded is decoded again.
 *
 * SPDX-License-Identifier: MIT
 *
 * The first bytes choose direction, bound, and cuts; the rest is a body to
 * decode, or payload to encode.
 */
#include "fuzz.h"

#include "adapters/sock/chunked.h"

#include <stdlib.h>
#include <string.h>

struct result {
    struct fuzz_text data;
    sse_status status;
    size_t used; /* bytes of the input */
};

static struct result decode(const char *body, size_t len, size_t max_extra,
                            struct fuzz_cuts cuts)
{
    struct result r;
    sse_priv_chunked decoder;
    memset(&r, 0, sizeof r);
    r.status = SSE_INCOMPLETE;
    sse_priv_chunked_init(&decoder, max_extra);
    while (r.used < len && r.status == SSE_INCOMPLETE) {
        const size_t piece_len = fuzz_cut(&cuts, len - r.used);
        char *const piece = fuzz_copy(body + r.used, piece_len);
        size_t done = 0;
        while (done < piece_len && r.status == SSE_INCOMPLETE) {
            const size_t left = piece_len - done;
            size_t consumed = 0;
            sse_piece run = {NULL, 1};
            r.status = sse_priv_chunked_feed(&decoder, piece + done, left,
                                             &consumed, &run);
            FUZZ_REQUIRE(consumed <= left && run.len <= consumed);
            FUZZ_REQUIRE(r.status != SSE_INCOMPLETE || consumed > 0);
            FUZZ_REQUIRE(run.len == 0 ||
                         (run.base >= piece + done &&
                          run.base + run.len == piece + done + consumed));
            fuzz_text_add(&r.data, run.base, run.len);
            done += consumed;
        }
        r.used += done;
        free(piece);
    }
    return r;
}

static void check_decoding(const char *body, size_t len, size_t max_extra,
                           struct fuzz_cuts cuts)
{
    const struct fuzz_cuts whole = {0, 0};
    struct result want = decode(body, len, max_extra, whole);
    struct result got = decode(body, len, max_extra, cuts);
    FUZZ_REQUIRE(got.status == want.status && got.used == want.used);
    FUZZ_REQUIRE(fuzz_same(got.data.bytes, got.data.len, want.data.bytes,
                           want.data.len));
    FUZZ_REQUIRE(want.status == SSE_OK || want.status == SSE_INCOMPLETE ||
                 want.status == SSE_ERR_PROTOCOL ||
                 want.status == SSE_ERR_LIMIT);
    fuzz_text_free(&want.data);
    fuzz_text_free(&got.data);
}

/* Sends one frame, `most` bytes of it at a time. */
static void send_frame(sse_priv_frame *frame, const char *payload, size_t most,
                       struct fuzz_text *wire)
{
    while (!sse_priv_frame_is_done(frame)) {
        sse_piece pieces[SSE_PRIV_FRAME_PIECES];
        const size_t count = sse_priv_frame_pieces(frame, payload, pieces);
        FUZZ_REQUIRE(count > 0 && count <= SSE_PRIV_FRAME_PIECES);
        size_t room = most;
        size_t sent = 0;
        for (size_t i = 0; i < count; i++) {
            const size_t n = pieces[i].len < room ? pieces[i].len : room;
            FUZZ_REQUIRE(pieces[i].len > 0);
            fuzz_text_add(wire, pieces[i].base, n);
            room -= n;
            sent += n;
        }
        payload += sse_priv_frame_advance(frame, &sent);
        FUZZ_REQUIRE(sent == 0);
    }
    FUZZ_REQUIRE(sse_priv_frame_pieces(frame, payload, NULL) == 0);
}

static void check_encoding(const char *payload, size_t len, size_t most,
                           int last_apart, struct fuzz_cuts cuts)
{
    static const char behind[] = "next";
    struct fuzz_text wire = {0};
    sse_priv_frame frame;
    int ended = 0;
    for (size_t at = 0; at < len;) {
        const size_t n = fuzz_cut(&cuts, len - at);
        ended = at + n == len && !last_apart;
        if (n > 0) {
            sse_priv_frame_begin(&frame, n, ended, 1);
            send_frame(&frame, payload + at, most, &wire);
        }
        at += n;
    }
    if (!ended) {
        sse_priv_frame_begin(&frame, 0, 1, 1);
        send_frame(&frame, payload, most, &wire);
    }
    const size_t body_len = wire.len;
    fuzz_text_add(&wire, behind, sizeof behind - 1);
    struct result got = decode(wire.bytes, wire.len, 0, cuts);
    FUZZ_REQUIRE(got.status == SSE_OK && got.used == body_len);
    FUZZ_REQUIRE(fuzz_same(got.data.bytes, got.data.len, payload, len));
    fuzz_text_free(&got.data);
    fuzz_text_free(&wire);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = fuzz_input_of(data, size);
    const unsigned choice = fuzz_byte(&input);
    const struct fuzz_cuts cuts = fuzz_cuts_of(fuzz_byte(&input));
    const size_t most = fuzz_byte(&input);
    if ((choice & 1u) != 0) {
        check_encoding(input.at, input.left, most + 1, (choice & 2u) != 0,
                       cuts);
    } else {
        check_decoding(input.at, input.left, most, cuts);
    }
    return 0;
}
