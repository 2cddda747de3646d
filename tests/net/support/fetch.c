/*
 * fetch.c - streams over libcurl, told by the line, with what `sse cat` has no
 * flag for.
 *
 * SPDX-License-Identifier: MIT
 *
 *   fetch [--gzip] [--pause-first] URL...
 *
 * Prints `N open HTTP-VERSION`, `N event ID DATA`, `N waiting`, `N end TEXT`
 * for the stream of the Nth URL.  --pause-first: the first stream pauses at
 * its first event until a line comes on stdin.  Data has to be one line, of
 * which the first 40 bytes are shown.
 */
#include <sse/curl.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MAX_STREAMS 8

struct one {
    int number;
    int pauses;
    CURL *easy;
    sse_curl *stream;
};

static int on_event(const sse_event *event, void *user)
{
    struct one *const one = (struct one *)user;
    const size_t shown = event->data_len < 40 ? event->data_len : 40;
    printf("%d event %.*s %.*s\n", one->number, (int)event->id_len, event->id,
           (int)shown, event->data);
    if (one->pauses) {
        one->pauses = 0;
        printf("%d paused\n", one->number);
        return SSE_PAUSE;
    }
    return SSE_GO;
}

static void on_state(sse_source_state state, const sse_action *action,
                     void *user)
{
    const struct one *const one = (const struct one *)user;
    long version = 0;
    (void)action;
    if (state == SSE_SOURCE_OPEN) {
        (void)curl_easy_getinfo(one->easy, CURLINFO_HTTP_VERSION, &version);
        printf("%d open %s\n", one->number,
               version == CURL_HTTP_VERSION_2_0 ? "2" : "1");
    } else if (state == SSE_SOURCE_WAITING) {
        printf("%d waiting\n", one->number);
    }
}

static void on_end(const sse_curl_result *result, void *user)
{
    printf("%d end %s\n", ((const struct one *)user)->number, result->text);
}

static int open_one(struct one *one, const char *url, int gzip,
                    sse_curl_group *group)
{
    const char *const bundle = getenv("CURL_CA_BUNDLE");
    sse_curl_config config;
    sse_curl_config_init(&config);
    config.url = url;
    config.retry_ms = 20;
    config.max_retry_ms = 100;
    config.accept_encoding = gzip ? "gzip" : NULL;
    config.on_event = on_event;
    config.on_state = on_state;
    config.on_end = on_end;
    config.user = one;
    one->easy = curl_easy_init();
    if (bundle != NULL) {
        (void)curl_easy_setopt(one->easy, CURLOPT_CAINFO, bundle);
    }
    (void)curl_easy_setopt(one->easy, CURLOPT_PIPEWAIT, 1L);
    return sse_curl_open(one->easy, &config, &one->stream) == SSE_OK &&
           sse_curl_attach(one->stream, group) == SSE_OK;
}

/* Turns until all streams have ended; a line on stdin resumes the first. */
static int drive(CURLM *multi, sse_curl_group *group, sse_curl *first)
{
    struct curl_waitfd input = {0, CURL_WAIT_POLLIN, 0};
    for (;;) {
        uint64_t next_ms;
        int running;
        char line[64];
        (void)curl_multi_perform(multi, &running);
        const sse_status status = sse_curl_group_step(group, &next_ms);
        if (status != SSE_OK) {
            return status == SSE_STOPPED;
        }
        input.revents = 0;
        (void)curl_multi_poll(multi, &input, input.fd < 0 ? 0 : 1,
                              next_ms < 1000 ? (int)next_ms : 1000, NULL);
        if (input.fd >= 0 && input.revents != 0) {
            if (read(input.fd, line, sizeof line) > 0) {
                sse_curl_resume(first);
            } else {
                input.fd = -1;
            }
        }
    }
}

int main(int argc, char **argv)
{
    struct one all[MAX_STREAMS];
    sse_curl_group *group = NULL;
    int count = 0, gzip = 0, pauses = 0, good = 1;
    memset(all, 0, sizeof all);
    (void)setvbuf(stdout, NULL, _IOLBF, 0);
    (void)curl_global_init(CURL_GLOBAL_DEFAULT);
    CURLM *const multi = curl_multi_init();
    good = sse_curl_group_open(multi, &group) == SSE_OK;
    for (int i = 1; i < argc && good && count < MAX_STREAMS; i++) {
        if (strcmp(argv[i], "--gzip") == 0) {
            gzip = 1;
        } else if (strcmp(argv[i], "--pause-first") == 0) {
            pauses = 1;
        } else {
            all[count].number = count + 1;
            all[count].pauses = pauses && count == 0;
            good = open_one(&all[count], argv[i], gzip, group);
            count++;
        }
    }
    good = good && drive(multi, group, all[0].stream);
    for (int i = 0; i < count; i++) {
        sse_curl_close(all[i].stream);
        curl_easy_cleanup(all[i].easy);
    }
    sse_curl_group_close(group);
    (void)curl_multi_cleanup(multi);
    curl_global_cleanup();
    return good ? 0 : 1;
}
