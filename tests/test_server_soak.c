/*
 * test_server_soak.c - many peers, any moment: nothing is left behind.
 *
 * SPDX-License-Identifier: MIT
 */
#define _GNU_SOURCE

#include "test_server_fixture.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

static void test_descriptors_stay_flat(void **state)
{
    static const char *const texts[] = {
        GET("/hello"), "GET /hello HTTP/1.0\r\n\r\n", GET("/short"),
        "rubbish", GET("/later"), "GET / HTTP/1.1\r\nHo"};
    fixture f;
    (void)state;
    start_server(&f, NULL);
    const size_t before = net_descriptors();
    for (size_t i = 0; i < 2000; i++) {
        net_peer peer;
        connect_to(&f, &peer);
        assert_true(net_say(&peer, texts[i % 6]));
        assert_int_equal(sse_loop_turn(f.loop, 5), SSE_OK);
        if (i % 7 == 0) {
            assert_int_equal(sse_loop_turn(f.loop, 0), SSE_OK);
        }
        if (i % 3 == 0) {
            net_break(&peer);
        }
        net_close(&peer);
        assert_true(net_descriptors() <= before + 64);
    }
    UNTIL(&f, stats_of(&f).conns == 0);
    assert_int_equal(net_descriptors(), before);
    assert_int_equal(stats_of(&f).streams, 0);
    assert_int_equal(f.requests, f.request_closes);
    stop_server(&f);
}

static uint32_t seed = 12345;

static size_t any_below(size_t limit)
{
    seed = seed * 1664525u + 1013904223u;
    return (size_t)(seed >> 8) % limit;
}

static const char said_by_all[] =
    GET("/stream") GET("/short") GET("/later") GET("/hello")
    "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"
    "GET /short HTTP/1.0\r\n\r\n";

static void come_again(const fixture *f, net_peer *peer, size_t *said)
{
    connect_to(f, peer);
    *said = 0;
}

static void do_anything(const fixture *f, net_peer *peer, size_t *said)
{
    const size_t left = sizeof said_by_all - 1 - *said;
    const size_t len = any_below(60);
    switch (any_below(12)) {
    case 0:
        net_break(peer);
        come_again(f, peer, said);
        break;
    case 1:
        net_close(peer);
        come_again(f, peer, said);
        break;
    case 2:
        net_shut(peer);
        break;
    case 3:
        (void)net_take(peer, SIZE_MAX);
        net_clear(peer);
        break;
    case 4:
        (void)sse_stream_end(f->stream);
        break;
    case 5:
        sse_stream_abort(f->stream);
        break;
    case 6:
        (void)sse_stream_write(f->stream, ":x\n", 3);
        break;
    case 7:
        (void)sse_request_respond(f->held, 200, NULL, 0, "x", 1);
        break;
    default:
        *said += net_send(peer, said_by_all + *said, len < left ? len : left);
        break;
    }
}

/* Peers that come, talk in pieces, and leave at any moment, while streams are
 * written, ended and aborted: every request gets its one close. */
static void test_anything_at_any_moment(void **state)
{
    enum { PEERS = 12 };
    net_peer peers[PEERS];
    size_t said[PEERS];
    sse_server_config config;
    fixture f;
    (void)state;
    sse_server_config_init(&config);
    config.max_conns = 8;
    config.keep_alive_ms = 3;
    start_server(&f, &config);
    for (size_t i = 0; i < PEERS; i++) {
        come_again(&f, &peers[i], &said[i]);
    }
    for (size_t round = 0; round < 20000; round++) {
        const size_t i = any_below(PEERS);
        do_anything(&f, &peers[i], &said[i]);
        assert_int_equal(sse_loop_turn(f.loop, 0), SSE_OK);
    }
    for (size_t i = 0; i < PEERS; i++) {
        net_close(&peers[i]);
    }
    UNTIL(&f, stats_of(&f).conns == 0);
    assert_true(f.requests > 100);
    stop_server(&f);
}

static void test_curl_reads_a_stream(void **state)
{
    extern char **environ;
    fixture f;
    char url[64];
    char path[] = "curl_output_XXXXXX";
    char output[256] = "";
    (void)state;
    if (access("/usr/bin/curl", X_OK) != 0) {
        skip();
    }
    start_server(&f, NULL);
    (void)snprintf(url, sizeof url, "http://127.0.0.1:%u/short",
                   (unsigned)sse_server_port(f.server));
    const char *const directory = getenv("TMPDIR");
    assert_int_equal(chdir(directory != NULL ? directory : "/tmp"), 0);
    const int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(unlink(path), 0);
    char program[] = "curl";
    char options[] = "-sSN";
    char limit[] = "-m60";
    char *const arguments[] = {program, options, limit, url, url, NULL};
    posix_spawn_file_actions_t actions;
    pid_t child = 0;
    assert_int_equal(posix_spawn_file_actions_init(&actions), 0);
    assert_int_equal(posix_spawn_file_actions_adddup2(&actions, fd, 1), 0);
    assert_int_equal(posix_spawn(&child, "/usr/bin/curl", &actions, NULL,
                                 arguments, environ),
                     0);
    assert_int_equal(posix_spawn_file_actions_destroy(&actions), 0);
    int status = -1;
    UNTIL(&f, waitpid(child, &status, WNOHANG) == child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    const ssize_t len = pread(fd, output, sizeof output - 1, 0);
    assert_true(len >= 0);
    (void)close(fd);
    output[len] = '\0';
    assert_string_equal(output, "data: one\n\ndata: one\n\n");
    assert_int_equal(stats_of(&f).accepted, 1); /* one connection for both */
    assert_int_equal(f.clean_closes, 2);
    stop_server(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_descriptors_stay_flat),
        cmocka_unit_test(test_anything_at_any_moment),
        cmocka_unit_test(test_curl_reads_a_stream),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
