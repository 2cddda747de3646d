/*
 * test_sock_client_memory.c - the plain-socket client when memory is short:
 * each of its allocations fails once, and every time it ends or goes on, with
 * nothing lost from the heap.
 *
 * SPDX-License-Identifier: MIT
 */
#define OVER_SOCK 1

#include "test_curl_probe.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define IS_WATCHED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define IS_WATCHED 1
#endif
#endif

#if defined(__GLIBC__) && !defined(IS_WATCHED)
#define CAN_FAIL 1

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);
void __libc_free(void *old);

/* Of the test's thread alone: the scripted server has its own. */
static __thread int armed;
static __thread unsigned count, failing;
static __thread long live;

static int fails(void)
{
    return armed && ++count == failing;
}

void *malloc(size_t size)
{
    void *at = fails() ? NULL : __libc_malloc(size);
    live += at != NULL;
    return at;
}

void *calloc(size_t number, size_t size)
{
    void *at = fails() ? NULL : __libc_calloc(number, size);
    live += at != NULL;
    return at;
}

void *realloc(void *old, size_t size)
{
    void *at = fails() ? NULL : __libc_realloc(old, size);
    live += at != NULL && old == NULL;
    return at;
}

void free(void *old)
{
    live -= old != NULL;
    __libc_free(old);
}
#endif

#if defined(CAN_FAIL)

static const script_step moved[] = {
    SCRIPT_TEXT("HTTP/1.1 307 X\r\nLocation: /new\r\nContent-Length: 2\r\n"
                "\r\nab"), SCRIPT_DO(SCRIPT_END, 0)};
static const script_step later[] = {
    SCRIPT_TEXT("HTTP/1.1 503 X\r\nContent-Length: 5\r\n\r\nlater"),
    SCRIPT_DO(SCRIPT_END, 0)};
static const script_step no_more[] = {SCRIPT_TEXT(NO_MORE),
                                      SCRIPT_DO(SCRIPT_END, 0)};

typedef struct reader {
    sse_client *client;
    unsigned events;
    int ends;
    sse_status status;
} reader;

/* Pauses with bytes behind the event. */
static int on_event(const sse_event *event, void *user)
{
    reader *r = (reader *)user;
    (void)event;
    r->events++;
    sse_client_resume(r->client);
    return SSE_PAUSE;
}

static void on_end(const sse_client_result *result, void *user)
{
    reader *r = (reader *)user;
    r->ends++;
    r->status = result->status;
}

static sse_status run(const char *url, reader *r)
{
    static const char *const headers[] = {"X-A: b"};
    static const char *const addresses[] = {"127.0.0.1"};
    sse_client_config config;
    sse_loop *loop;
    sse_status status = sse_loop_open(&loop);
    if (status != SSE_OK) {
        return status;
    }
    sse_client_config_init(&config);
    config.url = url;
    config.headers = headers;
    config.header_count = 1;
    config.addresses = addresses;
    config.address_count = 1;
    config.body = "{}";
    config.body_len = 2;
    config.user_agent = "a";
    config.idempotent = 1;
    config.retry_ms = 1;
    config.max_retry_ms = 1;
    config.scratch_cap = 256;
    config.on_event = on_event;
    config.on_end = on_end;
    config.user = r;
    status = sse_client_open(&config, &r->client);
    if (status == SSE_OK) {
        status = sse_client_attach(r->client, loop);
        while (status == SSE_OK && r->ends == 0) {
            status = sse_loop_turn(loop, -1);
        }
        status = status == SSE_OK ? r->status : status;
        sse_client_close(r->client);
    }
    sse_loop_close(loop);
    return status;
}

static void test_each_allocation_fails_once(void **state)
{
    static char large[5000];
    memset(large, 'x', sizeof(large));
    const script_step stream[] = {
        SCRIPT_TEXT(OPEN_HEAD "id: 1\ndata: "),
        {SCRIPT_SEND, large, sizeof(large), 0},
        SCRIPT_TEXT("\n\ndata: b\n\n:c\n\n"), SCRIPT_DO(SCRIPT_END, 0)};
    const script scripts[] = {moved, stream, later, no_more};
    int done = 0;
    unsigned ends_early = 0;
    (void)state;
    for (unsigned n = 1; !done; n++) {
        char url[64];
        reader r;
        script_server *server = script_server_start(scripts, COUNT(scripts));
        (void)snprintf(url, sizeof(url), "%s", script_server_url(server, "/"));
        memset(&r, 0, sizeof(r));
        count = 0;
        failing = n;
        const long before = live;
        armed = 1;
        const sse_status status = run(url, &r);
        armed = 0;
        assert_int_equal(live, before);
        done = count < n;
        assert_true(n < 1000);
        if (status != SSE_OK) {
            assert_true(status == SSE_ERR_NO_MEMORY ||
                        status == SSE_ERR_SYSTEM);
            ends_early++;
        } else {
            assert_int_equal(r.events, 2);
        }
        assert_true(!done || status == SSE_OK);
        assert_int_equal(r.ends, r.client != NULL);
        script_server_stop(server);
        if (done) {
            print_message("%u allocations, %u of them needed\n", n - 1,
                          ends_early);
        }
    }
}

#else

static void test_each_allocation_fails_once(void **state)
{
    (void)state;
    print_message("allocations cannot be made to fail under a sanitizer or "
                  "without glibc\n");
    skip();
}

#endif

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_allocation_fails_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
