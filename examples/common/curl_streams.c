/*
 * curl_streams.c - see curl_streams.h.
 *
 * SPDX-License-Identifier: MIT
 */
#include "curl_streams.h"

#include <stdio.h>
#include <stdlib.h>

struct one {
    size_t number;
    sse_curl *stream; /* NULL if it could not be opened */
    CURL *easy;
    int failed;
};

struct curl_streams {
    size_t count;
    struct one *all;
};

static int on_event(const sse_event *event, void *user)
{
    const struct one *const one = (const struct one *)user;
    (void)printf("%lu %.*s: %.*s\n", (unsigned long)one->number,
                 (int)event->type_len, event->type, (int)event->data_len,
                 event->data);
    return fflush(stdout) == 0 ? SSE_GO : SSE_STOP;
}

static void on_state(sse_source_state state, const sse_action *action,
                     void *user)
{
    const struct one *const one = (const struct one *)user;
    if (state == SSE_SOURCE_WAITING) {
        (void)fprintf(stderr, "%lu again in %lu ms: %s\n",
                      (unsigned long)one->number,
                      (unsigned long)action->delay_ms,
                      sse_reason_text(action->reason));
    }
}

static void on_end(const sse_curl_result *result, void *user)
{
    struct one *const one = (struct one *)user;
    one->failed = result->status < 0 && result->status != SSE_ERR_CANCELLED;
    (void)fprintf(stderr, "%lu ended: %s\n", (unsigned long)one->number,
                  result->text);
}

static void open_one(struct one *one, const char *url, sse_curl_group *group)
{
    sse_curl_config config;
    sse_curl_config_init(&config);
    config.url = url;
    config.on_event = on_event;
    config.on_state = on_state;
    config.on_end = on_end;
    config.user = one;
    one->easy = curl_easy_init();
    sse_status status = sse_curl_open(one->easy, &config, &one->stream);
    if (status == SSE_OK) {
        status = sse_curl_attach(one->stream, group);
    }
    if (status != SSE_OK) {
        (void)fprintf(stderr, "%s: %s\n", url, sse_strerror(status));
        one->failed = 1;
    }
}

int curl_streams_usage(const char *program)
{
    (void)fprintf(stderr, "usage: %s URL...\n", program);
    return 2;
}

curl_streams *curl_streams_open(sse_curl_group *group, char *const *urls)
{
    size_t count = 0;
    while (urls[count] != NULL) {
        count++;
    }
    curl_streams *const made = (curl_streams *)calloc(1, sizeof *made);
    struct one *const all = (struct one *)calloc(count + 1, sizeof *all);
    if (made == NULL || all == NULL) {
        free(made);
        free(all);
        return NULL;
    }
    made->count = count;
    made->all = all;
    for (size_t i = 0; i < count; i++) {
        all[i].number = i + 1;
        open_one(&all[i], urls[i], group);
    }
    return made;
}

size_t curl_streams_close(curl_streams *streams)
{
    size_t failed = 0;
    for (size_t i = 0; streams != NULL && i < streams->count; i++) {
        sse_curl_close(streams->all[i].stream);
        curl_easy_cleanup(streams->all[i].easy);
        failed += streams->all[i].failed != 0 ? 1u : 0u;
    }
    if (streams != NULL) {
        free(streams->all);
        free(streams);
    }
    return failed;
}
