/*
 * test_server_conns.c - connections: how many, without descriptors, and what
 * a server does not listen with.
 *
 * SPDX-License-Identifier: MIT
 */
#define _GNU_SOURCE

#include "test_server_fixture.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>

static sse_server_config default_config(void)
{
    sse_server_config config;
    sse_server_config_init(&config);
    return config;
}

static void test_server_refuses_connections_beyond_its_cap(void **state)
{
    enum { CAP = 3, MORE = 80 };
    sse_server_config config = default_config();
    fixture f;
    net_peer in[CAP];
    net_peer out[MORE];
    (void)state;
    config.max_conns = CAP;
    start_server(&f, &config);
    for (size_t i = 0; i < CAP; i++) {
        ask(&f, &in[i], GET("/hello"), "hello");
    }
    for (size_t i = 0; i < MORE; i++) {
        connect_to(&f, &out[i]);
    }
    for (size_t i = 0; i < MORE; i++) {
        UNTIL(&f, net_ended(&out[i]));
        assert_true(net_heard(&out[i], "HTTP/1.1 503 Service Unavailable"));
        assert_int_equal(net_count(&out[i], "\r\nRetry-After: "), 1);
        net_close(&out[i]);
    }
    assert_int_equal(stats_of(&f).refused, MORE);
    UNTIL(&f, stats_of(&f).conns == CAP);
    /* Those inside are served on, and one that leaves makes room. */
    net_clear(&in[0]);
    assert_true(net_say(&in[0], GET("/hello")));
    UNTIL(&f, net_heard(&in[0], "hello"));
    net_close(&in[0]);
    UNTIL(&f, stats_of(&f).conns == CAP - 1);
    ask(&f, &in[0], GET("/hello"), "hello");
    for (size_t i = 0; i < CAP; i++) {
        net_close(&in[i]);
    }
    stop_server(&f);
}

/* Connects over IPv4 from an address of its own.  Returns 0 if that failed. */
static int connect_from(net_peer *peer, const char *from, uint16_t port)
{
    struct sockaddr_in where;
    const void *const address = &where;
    memset(peer, 0, sizeof *peer);
    memset(&where, 0, sizeof where);
    where.sin_family = AF_INET;
    peer->fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_true(peer->fd >= 0);
    assert_int_equal(inet_pton(AF_INET, from, &where.sin_addr), 1);
    int ok = bind(peer->fd, (const struct sockaddr *)address,
                  sizeof where) == 0;
    where.sin_port = htons(port);
    where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ok = ok && connect(peer->fd, (const struct sockaddr *)address,
                       sizeof where) == 0;
    return ok && fcntl(peer->fd, F_SETFL, O_NONBLOCK) == 0;
}

/* A socket for IPv6 may get peers of IPv4 too.  They come as IPv6 addresses of
 * one and the same /64, and are counted each for itself all the same. */
static void test_server_counts_v4_peers_on_a_v6_socket(void **state)
{
    static const char *const from[] = {"127.0.0.1", "127.0.0.2"};
    sse_server_config config = default_config();
    fixture f;
    net_peer in[2];
    net_peer out;
    (void)state;
    config.address = "::";
    config.max_conns_per_address = 1;
    memset(&f, 0, sizeof f);
    assert_int_equal(sse_loop_open(&f.loop), SSE_OK);
    if (sse_server_open(f.loop, &config, on_request, &f, &f.server) !=
        SSE_OK) {
        sse_loop_close(f.loop);
        print_message("no IPv6 here\n");
        skip();
    }
    const uint16_t port = sse_server_port(f.server);
    if (!connect_from(&in[0], from[0], port) ||
        !connect_from(&in[1], from[1], port)) {
        stop_server(&f);
        print_message("no IPv4 on sockets of IPv6, or no %s\n", from[1]);
        skip();
    }
    for (size_t i = 0; i < 2; i++) {
        assert_true(net_say(&in[i], GET("/hello")));
        UNTIL(&f, net_heard(&in[i], "HTTP/1.1 "));
        assert_int_equal(net_count(&in[i], "HTTP/1.1 200 "), 1);
        assert_non_null(strstr(f.seen, from[i]));
        assert_null(strstr(f.seen, "::"));
    }
    assert_true(connect_from(&out, from[1], port));
    UNTIL(&f, net_heard(&out, "HTTP/1.1 503 "));
    net_close(&out);
    net_close(&in[0]);
    net_close(&in[1]);
    stop_server(&f);
}

static double cpu_seconds(void)
{
    struct timespec now = {0, 0};
    assert_int_equal(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now), 0);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static void test_server_out_of_descriptors_does_not_spin(void **state)
{
    fixture f;
    net_peer peer;
    struct rlimit old;
    (void)state;
    start_server(&f, NULL);
    connect_to(&f, &peer);
    assert_true(net_say(&peer, GET("/hello")));
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &old), 0);
    const struct rlimit none = {(rlim_t)peer.fd + 1, old.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
    const double before = cpu_seconds();
    size_t turns = 0;
    const uint64_t until_ms = sse_loop_now_ms(f.loop) + 1000;
    while (sse_loop_now_ms(f.loop) < until_ms) {
        assert_int_equal(sse_loop_turn(f.loop, 50), SSE_OK);
        turns++;
    }
    const double used = cpu_seconds() - before;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &old), 0);
    assert_int_equal(stats_of(&f).accepted, 0);
    assert_true(turns < 100);
    assert_true(used < 0.5);
    UNTIL(&f, net_heard(&peer, "hello"));
    net_close(&peer);
    stop_server(&f);
}

static void test_server_refuses_bad_settings(void **state)
{
    sse_loop *loop = NULL;
    sse_server *server = NULL;
    sse_server_config config;
    (void)state;
    assert_int_equal(sse_loop_open(&loop), SSE_OK);
    assert_int_equal(sse_server_open(loop, NULL, NULL, NULL, &server),
                     SSE_ERR_INVALID);
    static const char *const addresses[] = {"localhost", "", "1.2.3",
                                            "127.0.0.1:80", NULL};
    for (size_t i = 0; i < sizeof addresses / sizeof addresses[0]; i++) {
        sse_server_config_init(&config);
        config.address = addresses[i];
        assert_int_equal(
            sse_server_open(loop, &config, on_request, NULL, &server),
            SSE_ERR_INVALID);
    }
    sse_server_config_init(&config);
    config.address = "::1";
    const sse_status status =
        sse_server_open(loop, &config, on_request, NULL, &server);
    /* IPv6 may be switched off, but the address is understood. */
    assert_true(status == SSE_OK || status == SSE_ERR_SYSTEM);
    sse_server_close(server);
    server = NULL;
    memset(&config, 0, sizeof config);
    assert_int_equal(
        sse_server_open(loop, &config, on_request, NULL, &server),
        SSE_ERR_INVALID);
    sse_server_config_init(&config);
    config.stream_buffer = 0;
    assert_int_equal(
        sse_server_open(loop, &config, on_request, NULL, &server),
        SSE_ERR_INVALID);
    assert_null(server);
    /* A port that is taken is told, and nothing is left behind. */
    const size_t before = net_descriptors();
    sse_server *second = NULL;
    assert_int_equal(sse_server_open(loop, NULL, on_request, NULL, &server),
                     SSE_OK);
    sse_server_config_init(&config);
    config.port = sse_server_port(server);
    assert_int_equal(
        sse_server_open(loop, &config, on_request, NULL, &second),
        SSE_ERR_SYSTEM);
    assert_null(second);
    sse_server_close(server);
    sse_server_close(NULL);
    assert_int_equal(net_descriptors(), before);
    sse_loop_close(loop);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_server_refuses_connections_beyond_its_cap),
        cmocka_unit_test(test_server_counts_v4_peers_on_a_v6_socket),
        cmocka_unit_test(test_server_out_of_descriptors_does_not_spin),
        cmocka_unit_test(test_server_refuses_bad_settings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
