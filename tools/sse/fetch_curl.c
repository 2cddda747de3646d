/*
 * fetch_curl.c - the bytes of one response as they come, over libcurl.
 *
 * SPDX-License-Identifier: MIT
 */
#define _POSIX_C_SOURCE 200809L

#include "fetch.h"

#include "say.h"

#include <stdio.h>
#include <string.h>

#if defined(SSE_HAVE_CURL)

#include "stop.h"

#include <sse/version.h>

#include <curl/curl.h>

#include <stdlib.h>
#include <strings.h>
#include <time.h>

/* A larger head is refused. */
#define HEAD_MAX 65536

/* One transfer. */
struct transfer {
    struct fetch *fetch;
    const struct fetch_hooks *hooks;
    CURL *easy;
    CURLM *multi;
    struct curl_slist *lines;
    char error[CURL_ERROR_SIZE];
    char *head; /* allocated */
    size_t head_len;
    int started; /* the head was handed on */
    int over;    /* a hook or a limit asked for the end */
    uint64_t heard_ms; /* when something came last */
};

static uint64_t now_ms(void)
{
    struct timespec now = {0, 0};
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static int is_given(const struct cat_options *request, const char *name)
{
    const size_t len = strlen(name);
    for (size_t i = 0; i < request->header_count; i++) {
        const char *const line = request->headers[i];
        if (strncasecmp(line, name, len) == 0 &&
            (line[len] == ':' || line[len] == ';')) {
            return 1;
        }
    }
    return 0;
}

/* Hands the head on, once, in front of the body. */
static int begin(struct transfer *transfer)
{
    if (!transfer->started) {
        long status = 0;
        struct fetch_head head;
        transfer->started = 1;
        (void)curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE,
                                &status);
        head.status = (int)status;
        head.text = transfer->head;
        head.len = transfer->head_len;
        if (transfer->hooks->on_head(&head, transfer->hooks->user) != 0) {
            transfer->over = 1;
        }
    }
    return transfer->over;
}

static size_t on_line(char *text, size_t size, size_t count, void *user)
{
    struct transfer *const transfer = (struct transfer *)user;
    const size_t len = size * count;
    transfer->heard_ms = now_ms();
    if (len > 5 && memcmp(text, "HTTP/", 5) == 0) {
        /* The head of the response itself follows those of 100 and 103. */
        transfer->head_len = 0;
    } else if (len > HEAD_MAX - transfer->head_len) {
        return 0;
    } else if (!transfer->started && len > 2) {
        memcpy(transfer->head + transfer->head_len, text, len);
        transfer->head_len += len;
    } else if (!transfer->started) {
        long status = 0;
        (void)curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE,
                                &status);
        if (status >= 200 && begin(transfer)) {
            return 0;
        }
    }
    return len;
}

static size_t on_body(char *bytes, size_t size, size_t count, void *user)
{
    struct transfer *const transfer = (struct transfer *)user;
    const size_t len = size * count;
    transfer->heard_ms = now_ms();
    if (begin(transfer) ||
        fetch_take(transfer->fetch, transfer->hooks, bytes, len) != 0) {
        transfer->over = 1;
        return 0;
    }
    return len;
}

static int add_line(struct transfer *transfer, const char *line)
{
    struct curl_slist *const longer =
        curl_slist_append(transfer->lines, line);
    if (longer == NULL) {
        return -1;
    }
    transfer->lines = longer;
    return 0;
}

static int add_lines(struct transfer *transfer)
{
    const struct cat_options *const request = &transfer->fetch->request;
    int done = 0;
    if (!is_given(request, "Accept")) {
        done |= add_line(transfer, "Accept: text/event-stream");
    }
    if (!is_given(request, "Cache-Control")) {
        done |= add_line(transfer, "Cache-Control: no-cache");
    }
    if (request->last_event_id != NULL) {
        static const char name[] = "Last-Event-ID: ";
        const size_t len = strlen(request->last_event_id);
        char *const line = (char *)malloc(sizeof name + len);
        if (line == NULL) {
            return -1;
        }
        memcpy(line, name, sizeof name - 1);
        memcpy(line + sizeof name - 1, request->last_event_id, len + 1);
        done |= add_line(transfer, line);
        free(line);
    }
    for (size_t i = 0; i < request->header_count; i++) {
        done |= add_line(transfer, request->headers[i]);
    }
    return done;
}

#define SET(option, value) \
    (done |= curl_easy_setopt(easy, option, value) != CURLE_OK)

static int set_up(struct transfer *transfer)
{
    const struct cat_options *const request = &transfer->fetch->request;
    CURL *const easy = transfer->easy;
    const char *const bundle = getenv("CURL_CA_BUNDLE");
    char agent[64];
    int done = add_lines(transfer);
    (void)snprintf(agent, sizeof agent, "sse/%s", sse_version());
    SET(CURLOPT_URL, request->source);
    SET(CURLOPT_USERAGENT, agent);
    SET(CURLOPT_HTTPHEADER, transfer->lines);
    SET(CURLOPT_NOSIGNAL, 1L);
    SET(CURLOPT_ERRORBUFFER, transfer->error);
    SET(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    SET(CURLOPT_HEADERFUNCTION, on_line);
    SET(CURLOPT_HEADERDATA, (void *)transfer);
    SET(CURLOPT_WRITEFUNCTION, on_body);
    SET(CURLOPT_WRITEDATA, (void *)transfer);
    if (transfer->fetch->decode) {
        SET(CURLOPT_ACCEPT_ENCODING, "identity");
    }
    if (request->connect_timeout_ms > 0) {
        SET(CURLOPT_CONNECTTIMEOUT_MS, (long)request->connect_timeout_ms);
    }
    if (request->body != NULL) {
        SET(CURLOPT_POST, 1L);
        SET(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body_len);
        SET(CURLOPT_POSTFIELDS, request->body);
    }
    if (request->method != NULL && strcmp(request->method, "HEAD") == 0) {
        SET(CURLOPT_NOBODY, 1L);
    } else if (request->method != NULL) {
        SET(CURLOPT_CUSTOMREQUEST, request->method);
    }
    if (bundle != NULL && *bundle != '\0') {
        SET(CURLOPT_CAINFO, bundle);
    }
    return done;
}

/* What libcurl says of the end. */
static enum fetch_end result_of(struct transfer *transfer, CURLcode code,
                                char *reason, size_t cap)
{
    if (transfer->over) {
        return FETCH_STOPPED;
    }
    if (code == CURLE_URL_MALFORMAT || code == CURLE_UNSUPPORTED_PROTOCOL) {
        say("%s: this is no valid http or https URL",
            transfer->fetch->request.source);
        return FETCH_USAGE;
    }
    if (code == CURLE_OK) {
        (void)begin(transfer);
        (void)snprintf(reason, cap, "the stream ended");
        return FETCH_CLEAN;
    }
    (void)snprintf(reason, cap, "%s", transfer->error[0] != '\0'
                                          ? transfer->error
                                          : curl_easy_strerror(code));
    return transfer->started ? FETCH_CUT : FETCH_FAILED;
}

/* Until it ends by itself or from this side. */
static enum fetch_end drive(struct transfer *transfer, char *reason,
                            size_t cap)
{
    struct fetch *const fetch = transfer->fetch;
    const uint32_t idle_ms = fetch->request.idle_timeout_ms;
    transfer->heard_ms = now_ms();
    for (;;) {
        int running = 0;
        int left = 0;
        if (curl_multi_perform(transfer->multi, &running) != CURLM_OK) {
            (void)snprintf(reason, cap, "libcurl failed");
            return FETCH_CUT;
        }
        const CURLMsg *const message =
            curl_multi_info_read(transfer->multi, &left);
        if (message != NULL) {
            return result_of(transfer, message->data.result, reason, cap);
        }
        if (fetch_over(fetch)) {
            return FETCH_STOPPED;
        }
        const uint64_t silent_ms = now_ms() - transfer->heard_ms;
        if (idle_ms > 0 && silent_ms >= idle_ms) {
            (void)snprintf(reason, cap, "the stream was silent for too long");
            return transfer->started ? FETCH_CUT : FETCH_FAILED;
        }
        const int most_ms = idle_ms > 0 && idle_ms - silent_ms < 60000
                                ? (int)(idle_ms - silent_ms) : 60000;
        struct curl_waitfd fds[2] = {
            {stop_fd(), CURL_WAIT_POLLIN, 0},
            {fetch->out != NULL ? fetch->out->fd : stop_fd(), 0, 0}};
        if (curl_multi_poll(transfer->multi, fds, 2,
                            fetch_wait_ms(fetch, most_ms), NULL) != CURLM_OK) {
            (void)snprintf(reason, cap, "libcurl failed");
            return FETCH_CUT;
        }
        if (fetch->out != NULL) {
            (void)out_check(fetch->out);
        }
    }
}

enum fetch_end fetch_curl(struct fetch *fetch, const struct fetch_hooks *hooks,
                          char *reason, size_t cap)
{
    struct transfer transfer;
    enum fetch_end end = FETCH_FAILED;
    memset(&transfer, 0, sizeof transfer);
    transfer.fetch = fetch;
    transfer.hooks = hooks;
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        (void)snprintf(reason, cap, "libcurl cannot be used");
        return FETCH_FAILED;
    }
    transfer.head = (char *)malloc(HEAD_MAX);
    transfer.easy = curl_easy_init();
    transfer.multi = curl_multi_init();
    if (transfer.head == NULL || transfer.easy == NULL ||
        transfer.multi == NULL || set_up(&transfer) != 0 ||
        curl_multi_add_handle(transfer.multi, transfer.easy) != CURLM_OK) {
        (void)snprintf(reason, cap, "libcurl cannot be used");
    } else {
        end = drive(&transfer, reason, cap);
        (void)curl_multi_remove_handle(transfer.multi, transfer.easy);
    }
    (void)curl_multi_cleanup(transfer.multi);
    curl_easy_cleanup(transfer.easy);
    curl_slist_free_all(transfer.lines);
    free(transfer.head);
    curl_global_cleanup();
    return end;
}

#else

enum fetch_end fetch_curl(struct fetch *fetch, const struct fetch_hooks *hooks,
                          char *reason, size_t cap)
{
    (void)hooks;
    (void)snprintf(reason, cap, "%s: this build of sse has no libcurl, which "
                   "check and record read URLs with; cat reads http://, "
                   "without it, too", fetch->request.source);
    return FETCH_FAILED;
}

#endif
