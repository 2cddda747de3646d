/*
 * test_curl_options.c - what the caller sets on the easy handle goes on
 * working, and what calls refuse.
 *
 * SPDX-License-Identifier: MIT
 */
#include "test_curl_probe.h"

#include "test_curl_rig.h"

static const script_step no_more[] = {SCRIPT_TEXT(NO_MORE), DONE};

/* "id: 1\ndata: one\n\ndata: abab...\n\n", compressed by gzip. */
static const char packed[] =
    "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xcb\x4c\xb1\x52\x30\xe4\x4a\x49"
    "\x2c\x49\xb4\x52\xc8\xcf\x4b\xe5\x82\x32\x13\x93\x68\x0f\xb9\xb8\x00\x77"
    "\xde\xbd\x88\x7d\x00\x00\x00";

static int has_gzip(void)
{
    return (curl_version_info(CURLVERSION_NOW)->features &
            CURL_VERSION_LIBZ) != 0;
}

static void test_gzip_if_asked_for(void **state)
{
    const script_step steps[] = {
        SCRIPT_TEXT(OK_HEAD "Content-Encoding: gzip\r\n\r\n"),
        {SCRIPT_DRIP, packed, sizeof(packed) - 1, 0}, DONE};
    const script scripts[] = {steps, no_more};
    (void)state;
    if (!has_gzip()) {
        skip();
    }
    script_server *server = script_server_start(scripts, 2);
    sse_curl_config config;
    probe p;
    probe_config(&config, script_server_url(server, "/"), &p);
    config.accept_encoding = "gzip";
    assert_int_equal(probe_run(&config), SSE_OK);
    assert_int_equal(p.events, 2);
    assert_int_equal(p.bytes, 103);
    assert_string_equal(probe_header(script_server_request(server, 0),
                                     "Accept-Encoding"), "gzip");
    script_server_stop(server);
}

static void test_gzip_with_pauses(void **state)
{
    const script_step steps[] = {
        SCRIPT_TEXT(OK_HEAD "Content-Encoding: gzip\r\n"
                            "Content-Length: 43\r\n\r\n"),
        {SCRIPT_SEND, packed, sizeof(packed) - 1, 0},
        SCRIPT_DO(SCRIPT_HANG, 0)};
    const script scripts[] = {steps};
    (void)state;
    if (!has_gzip()) {
        skip();
    }
    script_server *server = script_server_start(scripts, 1);
    sse_curl_config config;
    probe p;
    rig r;
    probe_config(&config, script_server_url(server, "/"), &p);
    config.accept_encoding = "";
    config.reconnect = 0;
    p.pause_always = 1;
    rig_open(&r);
    rig_add(&r, &config);
    turn_until(&r, &p.events, 1);
    turn_for(&r, 20);
    assert_int_equal(p.events, 1);
    sse_curl_resume(r.stream[0]);
    turn_until(&r, &p.events, 2);
    turn_for(&r, 20);
    assert_int_equal(p.ends, 0);
    sse_curl_resume(r.stream[0]);
    turn_to_the_end(&r, &p.ends);
    assert_int_equal(p.result.status, SSE_OK);
    assert_int_equal(p.bytes, 103);
    rig_close(&r);
    script_server_stop(server);
}

static void test_broken_gzip_is_a_wrong_type(void **state)
{
    static const script_step steps[] = {
        SCRIPT_TEXT(OK_HEAD "Content-Encoding: gzip\r\n\r\n"
                            "this is no gzip at all, not a byte of it\n\n"),
        DONE};
    const script scripts[] = {steps};
    (void)state;
    if (!has_gzip()) {
        skip();
    }
    script_server *server = script_server_start(scripts, 1);
    sse_curl_config config;
    probe p;
    probe_config(&config, script_server_url(server, "/"), &p);
    config.accept_encoding = "gzip";
    assert_int_equal(probe_run(&config), SSE_ERR_MEDIA_TYPE);
    assert_int_equal(p.result.code, CURLE_BAD_CONTENT_ENCODING);
    assert_int_equal(p.events, 0);
    script_server_stop(server);
}

/* libcurl answers the challenge within one transfer: only the response behind
 * it is judged and shown. */
static void test_digest_authentication(void **state)
{
    static const script_step steps[] = {
        SCRIPT_TEXT("HTTP/1.1 401 No\r\nWWW-Authenticate: Digest "
                    "realm=\"r\", nonce=\"n\", qop=\"auth\"\r\n"
                    "Content-Type: text/html\r\n"
                    "Content-Length: 6\r\n\r\ndenied"),
        SCRIPT_DO(SCRIPT_REQUEST, 0),
        SCRIPT_TEXT(OK_HEAD "Content-Length: 9\r\n\r\ndata: x\n\n"),
        SCRIPT_DO(SCRIPT_HANG, 0)};
    const script scripts[] = {steps, no_more};
    (void)state;
    script_server *server = script_server_start(scripts, 2);
    CURL *easy = curl_easy_init();
    sse_curl_config config;
    probe p;
    probe_config(&config, script_server_url(server, "/"), &p);
    config.reconnect = 0;
    (void)curl_easy_setopt(easy, CURLOPT_HTTPAUTH, (long)CURLAUTH_DIGEST);
    (void)curl_easy_setopt(easy, CURLOPT_USERPWD, "u:p");
    assert_int_equal(sse_curl_run(easy, &config), SSE_OK);
    curl_easy_cleanup(easy);
    assert_int_equal(p.responses, 1);
    assert_string_equal(p.log, "message||x\n");
    assert_string_equal(p.states, "connecting open closed ");
    const char *second =
        probe_header(script_server_request(server, 1), "Authorization");
    assert_memory_equal(second, "Digest ", 7);
    script_server_stop(server);
}

static size_t keep_bytes(char *bytes, size_t size, size_t count, void *user)
{
    (void)bytes;
    *(size_t *)user += size * count;
    return size * count;
}

/* The handle is the caller's again, and holds nothing of the stream's. */
static void test_easy_handle_is_used_again(void **state)
{
    static const script_step plain[] = {
        SCRIPT_TEXT("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nplain"),
        DONE};
    const script scripts[] = {no_more, plain, no_more};
    (void)state;
    script_server *server = script_server_start(scripts, 3);
    CURL *easy = curl_easy_init();
    sse_curl_config config;
    probe p;
    probe_config(&config, script_server_url(server, "/"), &p);
    config.body = "body";
    config.body_len = 4;
    assert_int_equal(sse_curl_run(easy, &config), SSE_OK);
    size_t bytes = 0;
    (void)curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, keep_bytes);
    (void)curl_easy_setopt(easy, CURLOPT_WRITEDATA, &bytes);
    assert_int_equal(curl_easy_perform(easy), CURLE_OK);
    assert_int_equal(bytes, 5);
    assert_memory_equal(script_server_request(server, 1), "GET / ", 6);
    assert_null(probe_header(script_server_request(server, 1),
                             "Cache-Control"));
    assert_int_equal(sse_curl_run(easy, &config), SSE_OK);
    assert_memory_equal(script_server_request(server, 2), "POST / ", 7);
    curl_easy_cleanup(easy);
    script_server_stop(server);
}

static void count_message(CURLMsg *message, void *user)
{
    assert_int_equal(message->msg, CURLMSG_DONE);
    assert_int_equal(message->data.result, CURLE_OK);
    ++*(int *)user;
}

static void test_other_transfers_in_the_same_multi(void **state)
{
    static const script_step open[] = {SCRIPT_TEXT(OPEN_HEAD "data: x\n\n"),
                                       SCRIPT_DO(SCRIPT_HANG, 0)};
    const script scripts[] = {open, no_more};
    (void)state;
    script_server *server = script_server_start(scripts, 2);
    CURL *other = curl_easy_init();
    sse_curl_config config;
    probe p;
    rig r;
    int messages = 0;
    probe_config(&config, script_server_url(server, "/"), &p);
    rig_open(&r);
    rig_add(&r, &config);
    sse_curl_group_on_message(r.group, count_message, &messages);
    turn_until(&r, &p.events, 1);
    (void)curl_easy_setopt(other, CURLOPT_URL, script_server_url(server, "/"));
    assert_int_equal(curl_multi_add_handle(r.multi, other), CURLM_OK);
    for (int i = 0; i < 200 && messages == 0; i++) {
        turn_for(&r, 5);
    }
    assert_int_equal(messages, 1);
    assert_int_equal(p.ends, 0);
    (void)curl_multi_remove_handle(r.multi, other);
    curl_easy_cleanup(other);
    rig_close(&r);
    assert_int_equal(p.ends, 1);
    script_server_stop(server);
}

/* ---- refusals ---- */

static void refuses(const sse_curl_config *config, sse_status status)
{
    CURL *easy = curl_easy_init();
    sse_curl *stream = (sse_curl *)easy;
    assert_int_equal(sse_curl_open(easy, config, &stream), status);
    assert_null(stream);
    curl_easy_cleanup(easy);
}

static sse_status refuse_setup(sse_parser *parser, void *user)
{
    (void)parser;
    (void)user;
    return SSE_ERR_LIMIT;
}

static void test_open_refuses(void **state)
{
    static const char *const broken[] = {"X: 1\r\nY: 2"};
    static const char *const missing[] = {NULL};
    (void)state;
    sse_curl_config good, bad;
    probe p;
    probe_config(&good, "http://127.0.0.1:1/", &p);
    bad = good;
    bad.url = NULL;
    refuses(&bad, SSE_ERR_INVALID);
    bad.url = "ftp://127.0.0.1/";
    refuses(&bad, SSE_ERR_INVALID);
    bad = good;
    bad.on_event = NULL;
    refuses(&bad, SSE_ERR_INVALID);
    bad = good;
    bad.size = 0;
    refuses(&bad, SSE_ERR_INVALID);
    bad = good;
    bad.body_len = 1;
    refuses(&bad, SSE_ERR_INVALID);
    bad = good;
    bad.header_count = 1;
    refuses(&bad, SSE_ERR_INVALID);
    bad.headers = missing;
    refuses(&bad, SSE_ERR_INVALID);
    bad.headers = broken;
    refuses(&bad, SSE_ERR_CHARACTER);
    bad = good;
    bad.method = "GET\r\nX: 1";
    refuses(&bad, SSE_ERR_CHARACTER);
    bad = good;
    bad.last_event_id = "a\nb";
    bad.last_event_id_len = 3;
    refuses(&bad, SSE_ERR_CHARACTER);
    bad.last_event_id = "too long";
    bad.last_event_id_len = 8;
    bad.max_id_size = 7;
    refuses(&bad, SSE_ERR_NO_SPACE);
    bad = good;
    bad.max_event_size = SIZE_MAX;
    refuses(&bad, SSE_ERR_INVALID);
    bad = good;
    bad.setup_parser = refuse_setup;
    refuses(&bad, SSE_ERR_LIMIT);
    assert_int_equal(sse_curl_open(NULL, &good, NULL), SSE_ERR_INVALID);
    assert_int_equal(p.ends, 0);
}

static void test_unattached_stream_is_just_freed(void **state)
{
    (void)state;
    sse_curl_config config;
    probe p;
    sse_curl *stream;
    CURL *easy = curl_easy_init();
    probe_config(&config, "http://127.0.0.1:1/", &p);
    assert_int_equal(sse_curl_open(easy, &config, &stream), SSE_OK);
    assert_ptr_equal(sse_curl_easy(stream), easy);
    assert_int_equal(sse_source_get_state(sse_curl_source(stream)),
                     SSE_SOURCE_CONNECTING);
    sse_curl_resume(stream);
    sse_curl_close(stream);
    sse_curl_close(NULL);
    sse_curl_group_close(NULL);
    curl_easy_cleanup(easy);
    assert_int_equal(p.ends, 0);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_gzip_if_asked_for),
        cmocka_unit_test(test_gzip_with_pauses),
        cmocka_unit_test(test_broken_gzip_is_a_wrong_type),
        cmocka_unit_test(test_digest_authentication),
        cmocka_unit_test(test_easy_handle_is_used_again),
        cmocka_unit_test(test_other_transfers_in_the_same_multi),
        cmocka_unit_test(test_open_refuses),
        cmocka_unit_test(test_unattached_stream_is_just_freed),
    };
    return cmocka_run_group_tests(tests, probe_global_setup,
                                  probe_global_teardown);
}
