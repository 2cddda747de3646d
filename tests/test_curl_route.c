/*
 * test_curl_route.c - URLs resolved and compared, redirects followed.
 *
 * SPDX-License-Identifier: MIT
 */
#include "test_curl_probe.h"

#include "adapters/redirect.h"
#include "adapters/url.h"

/* ---- references; most rows are RFC 3986, section 5.4 ---- */

#define BASE "http://a/b/c/d;p?q"

typedef struct join_row {
    const char *base, *ref, *url; /* url NULL: refused */
} join_row;

static join_row join_rows[] = {
    {BASE, "http://g/h", "http://g/h"},
    {BASE, "g", "http://a/b/c/g"},
    {BASE, "./g", "http://a/b/c/g"},
    {BASE, "g/", "http://a/b/c/g/"},
    {BASE, "/g", "http://a/g"},
    {BASE, "//g", "http://g/"},
    {BASE, "//g?y", "http://g/?y"},
    {BASE, "?y", "http://a/b/c/d;p?y"},
    {BASE, "g?y", "http://a/b/c/g?y"},
    {BASE, "#s", "http://a/b/c/d;p?q"},
    {BASE, "g#s", "http://a/b/c/g"},
    {BASE, "g?y#s", "http://a/b/c/g?y"},
    {BASE, ";x", "http://a/b/c/;x"},
    {BASE, "g;x?y#s", "http://a/b/c/g;x?y"},
    {BASE, "", "http://a/b/c/d;p?q"},
    {BASE, ".", "http://a/b/c/"},
    {BASE, "./", "http://a/b/c/"},
    {BASE, "..", "http://a/b/"},
    {BASE, "../", "http://a/b/"},
    {BASE, "../g", "http://a/b/g"},
    {BASE, "../..", "http://a/"},
    {BASE, "../../g", "http://a/g"},
    {BASE, "../../../g", "http://a/g"},
    {BASE, "/./g", "http://a/g"},
    {BASE, "/../g", "http://a/g"},
    {BASE, "g.", "http://a/b/c/g."},
    {BASE, ".g", "http://a/b/c/.g"},
    {BASE, "..g", "http://a/b/c/..g"},
    {BASE, "./../g", "http://a/b/g"},
    {BASE, "./g/.", "http://a/b/c/g/"},
    {BASE, "g/./h", "http://a/b/c/g/h"},
    {BASE, "g/../h", "http://a/b/c/h"},
    {BASE, "g;x=1/../y", "http://a/b/c/y"},
    {BASE, "g?y/../x", "http://a/b/c/g?y/../x"},
    {BASE, "  /g \t", "http://a/g"},
    {BASE, "/a b", "http://a/a%20b"},
    {BASE, "/\xc3\xa4", "http://a/%C3%A4"},
    {BASE, "HTTPS://G:443/x", "https://g/x"},
    {BASE, "http://g:80", "http://g/"},
    {BASE, "http://g:8080?x", "http://g:8080/?x"},
    {BASE, "http://[::1]:81/", "http://[::1]:81/"},
    {"http://h", "x", "http://h/x"},
    {"http://h?q", "x", "http://h/x"},
    {"http://u:p@h/a", "b", "http://u:p@h/b"},
    {"http://u:p@h/a", "http://h/b", "http://u:p@h/b"},
    {"http://u:p@h/a", "http://x:y@h/b", "http://u:p@h/b"},
    {"http://u:p@h/a", "http://g/b", "http://g/b"},
    {"http://u:p@h/a", "//h:81/b", "http://h:81/b"},
    {"http://u:p@h/a", "https://h/b", "https://h/b"},
    {BASE, "http://x:y@g/b", "http://g/b"},
    {BASE, "ftp://g/", NULL},
    {BASE, "file:///etc/passwd", NULL},
    {BASE, "javascript:alert(1)", NULL},
    {BASE, "http:g", NULL},
    {BASE, "http:/g", NULL},
    {BASE, "http://", NULL},
    {BASE, "http:///g", NULL},
    {BASE, "//", NULL},
    {BASE, "http://g:99999/", NULL},
    {BASE, "http://g:8x/", NULL},
    {BASE, "http://g\\@h/", "http://h/"},
    {BASE, "http://g\\h/", NULL},
    {BASE, "http://g h/", "http://g%20h/"},
    {BASE, "http://g\"/", NULL},
    {BASE, "http://[fe80::1%251]/", "http://[fe80::1%251]/"},
    {BASE, "http://[::1/", NULL},
    {BASE, "http://::1]/", NULL},
    {BASE, "http://::1/", NULL},
    {BASE, "http://a:b:80/", NULL},
    {BASE, "http://[]/", NULL},
    {BASE, "http://[::1]x/", NULL},
    {BASE, "http://x[::1]/", NULL},
    {BASE, "http://[[::1]]/", NULL},
};

static void test_join(void **state)
{
    const join_row *row = (const join_row *)*state;
    char *url;
    const sse_status status =
        sse_priv_url_join(row->base, row->ref, strlen(row->ref), &url);
    if (row->url == NULL) {
        assert_int_equal(status, SSE_ERR_PROTOCOL);
        assert_null(url);
    } else {
        assert_int_equal(status, SSE_OK);
        assert_string_equal(url, row->url);
    }
    free(url);
}

typedef struct origin_row {
    const char *a, *b;
    int same;
} origin_row;

static origin_row origin_rows[] = {
    {"http://h/", "http://h/x?y", 1},
    {"http://h/", "HTTP://H:80/", 1},
    {"https://h:443", "https://h/", 1},
    {"http://u@h/", "http://h/", 1},
    {"http://[::1]/", "http://[::1]:80/", 1},
    {"http://h/", "https://h/", 0},
    {"http://h/", "http://h:81/", 0},
    {"http://h/", "http://h.x/", 0},
    {"http://h:80/", "https://h:80/", 0},
    {"http://h/", "nonsense", 0},
};

static void test_origin(void **state)
{
    const origin_row *row = (const origin_row *)*state;
    assert_int_equal(sse_priv_url_is_same_origin(row->a, row->b), row->same);
    assert_int_equal(sse_priv_url_is_same_origin(row->b, row->a), row->same);
}

/* ---- routes ---- */

static void step(sse_priv_route *route, int status, const char *location,
                 const char *url, int get, int away)
{
    const char *why = NULL;
    assert_int_equal(sse_priv_route_follow(route, status, location,
                                           strlen(location), &why), SSE_OK);
    const sse_priv_place *place = sse_priv_route_place(route);
    assert_string_equal(place->url, url);
    assert_int_equal(place->get, get);
    assert_int_equal(place->away, away);
}

static void is_home(sse_priv_route *route, const char *url)
{
    sse_priv_route_restart(route);
    assert_string_equal(sse_priv_route_place(route)->url, url);
}

static void open_route(sse_priv_route *route, const char *method)
{
    assert_int_equal(sse_priv_route_open(route, "http://h/1", method),
                     SSE_OK);
}

static void test_permanent_moves_are_remembered(void **state)
{
    sse_priv_route route;
    (void)state;
    open_route(&route, "GET");
    step(&route, 301, "/2", "http://h/2", 0, 0);
    step(&route, 308, "/3", "http://h/3", 0, 0);
    is_home(&route, "http://h/3");
    step(&route, 302, "/4", "http://h/4", 0, 0);
    is_home(&route, "http://h/3");
    step(&route, 307, "/4", "http://h/4", 0, 0);
    step(&route, 301, "/5", "http://h/5", 0, 0);
    is_home(&route, "http://h/3");
    step(&route, 301, "/6", "http://h/6", 0, 0);
    step(&route, 303, "/7", "http://h/7", 0, 0);
    step(&route, 308, "/8", "http://h/8", 0, 0);
    is_home(&route, "http://h/6");
    sse_priv_route_close(&route);
}

static void test_methods(void **state)
{
    static const struct {
        const char *method;
        int status, get;
    } rows[] = {
        {"POST", 301, 1}, {"POST", 302, 1}, {"POST", 303, 1},
        {"POST", 307, 0}, {"POST", 308, 0}, {"GET", 303, 0},
        {"HEAD", 303, 0}, {"PUT", 301, 0},  {"PUT", 302, 0},
        {"PUT", 303, 1},  {"PUT", 307, 0},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        sse_priv_route route;
        open_route(&route, rows[i].method);
        step(&route, rows[i].status, "/2", "http://h/2", rows[i].get, 0);
        step(&route, 307, "/3", "http://h/3", rows[i].get, 0);
        sse_priv_route_close(&route);
    }
}

static void test_away_is_away_also_on_the_way_back(void **state)
{
    sse_priv_route route;
    (void)state;
    open_route(&route, "GET");
    step(&route, 302, "/2", "http://h/2", 0, 0);
    step(&route, 302, "http://g/", "http://g/", 0, 1);
    step(&route, 302, "http://h/3", "http://h/3", 0, 1);
    is_home(&route, "http://h/1");
    assert_int_equal(sse_priv_route_place(&route)->away, 0);
    step(&route, 308, "https://h/1", "https://h/1", 0, 1);
    is_home(&route, "https://h/1");
    assert_int_equal(sse_priv_route_place(&route)->away, 1);
    sse_priv_route_close(&route);
}

static void test_failures(void **state)
{
    sse_priv_route route;
    const char *why = NULL;
    (void)state;
    open_route(&route, "POST");
    assert_int_equal(sse_priv_route_follow(&route, 302, NULL, 0, &why),
                     SSE_ERR_PROTOCOL);
    assert_string_equal(why, "redirect without Location");
    assert_int_equal(sse_priv_route_follow(&route, 302, "ftp://h/", 8, &why),
                     SSE_ERR_PROTOCOL);
    /* As a GET it is another request; as a POST it is the same. */
    assert_int_equal(sse_priv_route_follow(&route, 307, "/1", 2, &why),
                     SSE_ERR_PROTOCOL);
    assert_string_equal(why, "redirect in a circle");
    step(&route, 303, "/1", "http://h/1", 1, 0);
    assert_int_equal(sse_priv_route_follow(&route, 303, "#x", 2, &why),
                     SSE_ERR_PROTOCOL);
    step(&route, 302, "/2", "http://h/2", 1, 0);
    step(&route, 302, "/3", "http://h/3", 1, 0);
    step(&route, 302, "/4", "http://h/4", 1, 0);
    step(&route, 302, "/5", "http://h/5", 1, 0);
    assert_int_equal(sse_priv_route_follow(&route, 302, "/6", 2, &why),
                     SSE_ERR_LIMIT);
    assert_string_equal(why, "too many redirects");
    sse_priv_route_close(&route);
}

static void test_open_refuses(void **state)
{
    static const char *const bad[] = {"", "h", "h:80/x", "ftp://h/",
                                      "http://", "/x", "http:/h"};
    (void)state;
    for (size_t i = 0; i < COUNT(bad); i++) {
        sse_priv_route route;
        assert_int_equal(sse_priv_route_open(&route, bad[i], "GET"),
                         SSE_ERR_INVALID);
        sse_priv_route_close(&route);
    }
}

int main(void)
{
    static const struct CMUnitTest single[] = {
        cmocka_unit_test(test_permanent_moves_are_remembered),
        cmocka_unit_test(test_methods),
        cmocka_unit_test(test_away_is_away_also_on_the_way_back),
        cmocka_unit_test(test_failures),
        cmocka_unit_test(test_open_refuses),
    };
    struct CMUnitTest
        tests[COUNT(join_rows) + COUNT(origin_rows) + COUNT(single)];
    size_t n = 0;
    n += FILL_ROWS(tests + n, join_rows, ref, test_join);
    n += FILL_ROWS(tests + n, origin_rows, b, test_origin);
    memcpy(tests + n, single, sizeof(single));
    return cmocka_run_group_tests(tests, NULL, NULL);
}
