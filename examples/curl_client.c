/*
 * curl_client.c - prints the events of a URL, reconnecting by itself.
 *
 *     curl_client URL [LAST-EVENT-ID]
 *
 * SPDX-License-Identifier: MIT
 */
#include <sse/curl.h>

#include <stdio.h>
#include <string.h>

static int on_event(const sse_event *event, void *user)
{
    (void)user;
    printf("[%.*s] %.*s\n", (int)event->type_len, event->type,
           (int)event->data_len, event->data);
    return fflush(stdout) == 0 ? SSE_GO : SSE_STOP;
}

static void on_state(sse_source_state state, const sse_action *action,
                     void *user)
{
    (void)user;
    if (state == SSE_SOURCE_WAITING) {
        fprintf(stderr, "again in %llu ms: %s\n",
                (unsigned long long)action->delay_ms,
                sse_reason_text(action->reason));
    }
}

/* Exactly once, whatever happens. */
static void on_end(const sse_curl_result *result, void *user)
{
    (void)user;
    fprintf(stderr, "%llu events; %s\n", (unsigned long long)result->events,
            result->text);
    for (size_t i = 0; i < result->body_len; i++) { /* tame on a terminal */
        const int c = (unsigned char)result->body[i];
        fputc(c == '\n' || (c >= ' ' && c != 127) ? c : '?', stderr);
    }
    if (result->body_len > 0) {
        fputc('\n', stderr);
    }
}

int main(int argc, char **argv)
{
    if (argc < 2 || argc > 3) {
        fprintf(stderr, "usage: curl_client URL [LAST-EVENT-ID]\n");
        return 2;
    }
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        return 1;
    }
    CURL *easy = curl_easy_init();
    if (easy == NULL) {
        curl_global_cleanup();
        return 1;
    }

    /* TLS, proxy, authentication, HTTP version: as with any easy handle. */
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "curl_client");

    sse_curl_config config;
    sse_curl_config_init(&config);
    config.url = argv[1];
    config.idle_timeout_ms = 60000; /* servers send a comment now and then */
    config.on_event = on_event;
    config.on_state = on_state;
    config.on_end = on_end;
    if (argc == 3) {
        config.last_event_id = argv[2];
        config.last_event_id_len = strlen(argv[2]);
    }

    const sse_status status = sse_curl_run(easy, &config);
    if (status < 0) {
        fprintf(stderr, "curl_client: %s\n", sse_strerror(status));
    }
    curl_easy_cleanup(easy);
    curl_global_cleanup();
    return status < 0;
}
