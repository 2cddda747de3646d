/*
 * test_server_strict.c - RFC 9112, row by row, over real connections: what is
 * sent, and what comes back.
 *
 * SPDX-License-Identifier: MIT
 *
 * Each row is said twice, whole and a byte at a time, to one server that lives
 * through all of them.  A refused one is answered on the byte that shows what
 * is wrong, so nothing stands behind that byte here; then the connection is
 * closed.  After each row the server answers somebody else.
 */
#include "test_server_fixture.h"
#include "test_server_strict_rows.h"

enum { ROWS = sizeof rows / sizeof rows[0] };

static fixture shared;

/* The statuses of the answers so far. */
static size_t read_statuses(const net_peer *peer, int statuses[8])
{
    size_t n = 0;
    const char *at = peer->bytes;
    while (at != NULL && n < 8 &&
           (at = strstr(at, "HTTP/1.1 ")) != NULL) {
        at += sizeof "HTTP/1.1 " - 1;
        statuses[n++] = atoi(at);
    }
    return n;
}

static size_t wanted_of(const strict_row *row)
{
    size_t n = 0;
    while (n < 4 && row->statuses[n] != 0) {
        n++;
    }
    return n;
}

static void say(net_peer *peer, const strict_row *row, size_t piece)
{
    connect_to(&shared, peer);
    for (size_t at = 0; at < row->len; at += piece) {
        const size_t left = row->len - at;
        const size_t len = left < piece ? left : piece;
        size_t sent = 0;
        UNTIL(&shared, (sent += net_send(peer, row->text + at + sent,
                                         len - sent)) == len);
        if (piece < row->len) {
            assert_int_equal(sse_loop_turn(shared.loop, 0), SSE_OK);
        }
    }
}

static void run_row(void **state)
{
    const strict_row *const row = (const strict_row *)*state;
    const size_t wanted = wanted_of(row);
    for (int whole = 0; whole < 2; whole++) {
        net_peer peer;
        net_peer other;
        int statuses[8];
        size_t n = 0;
        say(&peer, row, whole ? row->len : 1);
        UNTIL(&shared, (net_take(&peer, SIZE_MAX),
                        n = read_statuses(&peer, statuses)) >= wanted);
        if (!row->open) {
            UNTIL(&shared, net_ended(&peer));
        } else {
            FOR_MS(&shared, 1);
            (void)net_take(&peer, SIZE_MAX);
            assert_false(peer.eof || peer.reset);
        }
        assert_int_equal(read_statuses(&peer, statuses), wanted);
        for (size_t i = 0; i < wanted; i++) {
            assert_int_equal(statuses[i], row->statuses[i]);
        }
        net_close(&peer);
        ask(&shared, &other, GET("/hello"), "\r\n\r\nhello");
        net_close(&other);
    }
}

static int begin(void **state)
{
    (void)state;
    start_server(&shared, NULL);
    return 0;
}

static int end(void **state)
{
    (void)state;
    UNTIL(&shared, stats_of(&shared).conns == 0);
    stop_server(&shared);
    return 0;
}

int main(void)
{
    static struct CMUnitTest tests[ROWS];
    (void)FILL_ROWS(tests, rows, name, run_row);
    return cmocka_run_group_tests(tests, begin, end);
}
