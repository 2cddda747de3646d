/*
 * request.c - what is sent to the upstream, and where.
 *
 * SPDX-License-Identifier: MIT
 */
#include "llm/request.h"

#include <stdio.h>
#include <string.h>

#include "base/json.h"

#define COMPLETIONS "/chat/completions"

static int plain_word(const char *text)
{
    for (const char *at = text; *at != '\0'; at++) {
        int letter = (*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z');
        int digit = *at >= '0' && *at <= '9';
        if (!letter && !digit && *at != '-' && *at != '_') {
            return 0;
        }
    }
    return text[0] != '\0';
}

int request_url(const char *base, const char *agent, char *dst, size_t cap)
{
    /* A query stays at the end, whatever goes into the path. */
    size_t path_end = strcspn(base, "?#");
    const char *query = base[path_end] == '?' ? base + path_end : "";
    size_t query_len = strcspn(query, "#");
    while (path_end > 0 && base[path_end - 1] == '/') {
        path_end--;
    }
    const char *host = strstr(base, "://");
    host = host != NULL ? host + 3 : base;
    int has_path =
        (const char *)memchr(host, '/', (size_t)(base + path_end - host)) !=
        NULL;
    size_t tail = strlen(COMPLETIONS);
    int len = 0;
    if (agent != NULL && !plain_word(agent)) {
        return -1;
    }
    if (agent != NULL) {
        len = snprintf(dst, cap, "%.*s/v2/gen-ai/agents/%s" COMPLETIONS
                       "%.*s", (int)path_end, base, agent, (int)query_len,
                       query);
    } else if (path_end >= tail &&
               strncmp(base + path_end - tail, COMPLETIONS, tail) == 0) {
        len = snprintf(dst, cap, "%.*s%.*s", (int)path_end, base,
                       (int)query_len, query);
    } else {
        len = snprintf(dst, cap, "%.*s%s" COMPLETIONS "%.*s", (int)path_end,
                       base, has_path ? "" : "/v1", (int)query_len, query);
    }
    return len > 0 && (size_t)len < cap ? 0 : -1;
}

char *request_body(const char *model, json_t *messages)
{
    json_t *body = json_object();
    if (model != NULL) {
        json_put(body, "model", json_string(model));
    }
    json_put(body, "messages", messages);
    json_put(body, "stream", json_true());
    json_put(body, "stream_options",
             json_pack_checked("{s:b}", "include_usage", 1));
    return json_text(body);
}
