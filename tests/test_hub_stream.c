/*
 * test_hub_stream.c - which bytes come next, whatever part of them the system
 * takes; without sockets.
 *
 * SPDX-License-Identifier: MIT
 */
#include "test_hub_fixture.h"

#include "adapters/hub/hub.h"

static uint32_t seed = 7;

static size_t any_below(size_t limit)
{
    seed = seed * 1664525u + 1013904223u;
    return (size_t)(seed >> 8) % limit;
}

typedef struct sent_bytes {
    char bytes[65536];
    size_t len;
} sent_bytes;

/* One write of which the system takes `most` bytes.  Returns how many. */
static size_t send_some(sse_priv_cursor *cursor, const sse_replay *ring,
                        size_t burst, const char **before, size_t *before_len,
                        size_t most, sent_bytes *wire)
{
    sse_priv_write write;
    assert_int_equal(sse_priv_gather(cursor, ring, burst, *before,
                                     *before_len, &write),
                     SSE_OK);
    size_t sum = 0;
    size_t sent = 0;
    for (size_t i = 0; i < write.count; i++) {
        const size_t left = most - sent;
        const size_t len =
            write.pieces[i].len < left ? write.pieces[i].len : left;
        assert_true(write.pieces[i].len > 0);
        memcpy(wire->bytes + wire->len, write.pieces[i].base, len);
        wire->len += len;
        sent += len;
        sum += write.pieces[i].len;
    }
    assert_int_equal(sum, write.total);
    const size_t out = sse_priv_advance(cursor, &write, sent);
    *before += out;
    *before_len -= out;
    return sent;
}

static void append(sse_replay *ring, size_t n)
{
    char text[64];
    const size_t len = any_below(60);
    memset(text, 'a' + (int)(n % 26), sizeof text);
    const sse_event event = sse_event_of_data(text, len);
    assert_int_equal(sse_replay_append(ring, &event, n, NULL), SSE_OK);
}

/* The payload of what was sent; the chunks must be whole at the end. */
static size_t payload_of(const sent_bytes *wire, size_t skipped, int raw,
                         char *dst)
{
    sse_priv_chunked chunked;
    size_t at = skipped;
    size_t n = 0;
    if (raw) {
        memcpy(dst, wire->bytes + at, wire->len - at);
        return wire->len - at;
    }
    sse_priv_chunked_init(&chunked, 0);
    while (at < wire->len) {
        size_t used = 0;
        sse_piece data;
        assert_int_equal(sse_priv_chunked_feed(&chunked, wire->bytes + at,
                                               wire->len - at, &used, &data),
                         SSE_INCOMPLETE);
        if (data.len > 0) {
            memcpy(dst + n, data.base, data.len);
        }
        n += data.len;
        at += used;
    }
    return n;
}

static void run(int raw, size_t burst, size_t step)
{
    static char bytes[20000];
    static sse_replay_entry entries[500];
    static char payload[65536];
    static sent_bytes wire;
    static const char head[] = "HEAD";
    sse_replay ring;
    sse_priv_cursor cursor;
    const char *before = head;
    size_t before_len = sizeof head - 1;
    memset(&cursor, 0, sizeof cursor);
    cursor.raw = (uint8_t)raw;
    wire.len = 0;
    assert_int_equal(sse_replay_init(&ring, bytes, sizeof bytes, entries, 500,
                                     1),
                     SSE_OK);
    for (size_t n = 0; n < 100; n++) {
        append(&ring, n);
        (void)send_some(&cursor, &ring, burst, &before, &before_len,
                        step == 0 ? any_below(40) : step, &wire);
    }
    while (send_some(&cursor, &ring, burst, &before, &before_len,
                     step == 0 ? 1 + any_below(300) : step, &wire) > 0) {
    }
    assert_int_equal(cursor.phase, SSE_PRIV_BETWEEN);
    assert_int_equal(cursor.at, sse_replay_newest(&ring));
    assert_memory_equal(wire.bytes, head, sizeof head - 1);
    const size_t len = payload_of(&wire, sizeof head - 1, raw, payload);
    assert_int_equal(len, sse_replay_newest(&ring));
    assert_memory_equal(payload, bytes, len);
}

static void test_stream_any_part_of_a_write(void **state)
{
    static const size_t bursts[] = {1, 15, 16, 17, 100, 4096};
    (void)state;
    for (int raw = 0; raw < 2; raw++) {
        for (size_t i = 0; i < sizeof bursts / sizeof bursts[0]; i++) {
            for (size_t step = 0; step < 30; step++) {
                run(raw, bursts[i], step);
            }
        }
    }
}

static void test_stream_chunk_heads(void **state)
{
    static const struct {
        size_t len;
        const char *text;
    } rows[] = {{0, "0\r\n"},        {1, "1\r\n"},         {15, "f\r\n"},
                {16, "10\r\n"},      {255, "ff\r\n"},      {256, "100\r\n"},
                {4096, "1000\r\n"},  {65535, "ffff\r\n"},  {65536, "10000\r\n"},
                {1048576, "100000\r\n"}, {0x7654321, "7654321\r\n"},
                {SIZE_MAX / 16 + 1, sizeof(size_t) == 8
                                        ? "1000000000000000\r\n"
                                        : "10000000\r\n"}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char head[SSE_PRIV_CHUNK_HEAD];
        const size_t len = sse_priv_chunk_head(head, rows[i].len);
        assert_int_equal(len, strlen(rows[i].text));
        assert_memory_equal(head, rows[i].text, len);
    }
}

static void test_stream_overtaken_is_told(void **state)
{
    char bytes[64];
    sse_replay_entry entries[2];
    sse_replay ring;
    sse_priv_cursor cursor;
    sse_priv_write write;
    (void)state;
    memset(&cursor, 0, sizeof cursor);
    assert_int_equal(sse_replay_init(&ring, bytes, sizeof bytes, entries, 2,
                                     1),
                     SSE_OK);
    const sse_event event = sse_event_of_data("text", 4);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(sse_replay_append(&ring, &event, 0, NULL), SSE_OK);
    }
    assert_int_equal(sse_priv_gather(&cursor, &ring, 64, NULL, 0, &write),
                     SSE_ERR_GONE);
    /* The end of a chunk needs nothing of the ring. */
    cursor.phase = SSE_PRIV_IN_TAIL;
    cursor.tail = 1;
    assert_int_equal(sse_priv_gather(&cursor, &ring, 64, NULL, 0, &write),
                     SSE_OK);
    assert_int_equal(write.total, 1);
    assert_memory_equal(write.pieces[0].base, "\n", 1);
}

static void test_ids_are_read_as_written(void **state)
{
    sse_priv_ids ids;
    char text[SSE_PRIV_OWN_ID];
    uint64_t number = 0;
    (void)state;
    assert_true(sse_priv_ids_init(&ids, "x.y"));
    ids.last = UINT64_MAX;
    for (unsigned shift = 0; shift < 63; shift++) {
        const uint64_t n = ((uint64_t)1 << shift) - (shift % 3 == 0);
        const size_t len = sse_priv_ids_write(&ids, n, text);
        assert_int_equal(strlen(text), len);
        assert_true(sse_priv_ids_read(&ids, text, len, &number));
        assert_true(number == n);
        assert_false(sse_priv_ids_read(&ids, text, len - 1, &number) &&
                     number == n);
    }
    ids.last = 5;
    assert_true(sse_priv_ids_read(&ids, "x.y-5", 5, &number));
    assert_false(sse_priv_ids_read(&ids, "x.y-6", 5, &number));
    assert_false(sse_priv_ids_init(&ids, ""));
    assert_true(sse_priv_ids_init(&ids, NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_stream_any_part_of_a_write),
        cmocka_unit_test(test_stream_chunk_heads),
        cmocka_unit_test(test_stream_overtaken_is_told),
        cmocka_unit_test(test_ids_are_read_as_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
