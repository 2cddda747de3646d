/*
 * check_head.c - status and headers of a response: what a reader refuses, and
 * what keeps events from coming one by one.
 *
 * SPDX-License-Identifier: MIT
 */
#define _POSIX_C_SOURCE 200809L

#include "check.h"

#include <string.h>
#include <strings.h>

/* The value of a header, without the white space around it; its length, or 0
 * with NULL if there is none. */
static const char *find_header(const struct fetch_head *head, const char *name,
                               size_t *len)
{
    const size_t name_len = strlen(name);
    for (size_t at = 0; at < head->len;) {
        const char *const line = head->text + at;
        const char *const end =
            (const char *)memchr(line, '\n', head->len - at);
        size_t n = end != NULL ? (size_t)(end - line) : head->len - at;
        at += n + 1;
        n -= n > 0 && line[n - 1] == '\r';
        if (n > name_len && line[name_len] == ':' &&
            strncasecmp(line, name, name_len) == 0) {
            size_t from = name_len + 1;
            while (from < n && (line[from] == ' ' || line[from] == '\t')) {
                from++;
            }
            *len = n - from;
            return line + from;
        }
    }
    *len = 0;
    return NULL;
}

/* Does a value hold a word, whatever the case? */
static int holds(const char *value, size_t len, const char *word)
{
    const size_t word_len = strlen(word);
    for (size_t at = 0; at + word_len <= len; at++) {
        if (strncasecmp(value + at, word, word_len) == 0) {
            return 1;
        }
    }
    return 0;
}

static int shown(size_t len)
{
    return (int)(len < 200 ? len : 200);
}

static void check_type(struct check *check, const struct fetch_head *head)
{
    static const char stream[] = "text/event-stream";
    const size_t stream_len = sizeof stream - 1;
    size_t len = 0;
    const char *const type = find_header(head, "Content-Type", &len);
    const char *const rest = type != NULL ? type + stream_len : NULL;
    if (type == NULL) {
        check_find(&check->report, CHECK_MEDIA_TYPE, 0, 0,
                   "there is no Content-Type; readers want "
                   "text/event-stream");
    } else if (len < stream_len || strncasecmp(type, stream, stream_len) != 0 ||
               (len > stream_len && strchr("; \t", *rest) == NULL)) {
        check_find(&check->report, CHECK_MEDIA_TYPE, 0, 0,
                   "the media type is %.*s; readers want text/event-stream",
                   shown(len), type);
    } else if (holds(rest, len - stream_len, "charset") &&
               !holds(rest, len - stream_len, "utf-8")) {
        check_find(&check->report, CHECK_MEDIA_TYPE, 0, 0,
                   "the media type is %.*s, but a stream is always UTF-8",
                   shown(len), type);
    }
}

static void check_delivery(struct check *check, const struct fetch_head *head)
{
    struct check_report *const report = &check->report;
    size_t len = 0;
    const char *value = find_header(head, "Content-Encoding", &len);
    if (value != NULL && !holds(value, len, "identity")) {
        check_find(report, CHECK_CODING, 0, 0,
                   "Content-Encoding: %.*s; events come late unless each is "
                   "flushed through it", shown(len), value);
    }
    value = find_header(head, "Content-Length", &len);
    if (value != NULL) {
        check_find(report, CHECK_LENGTH, 0, 0,
                   "Content-Length: %.*s; a stream of known length was "
                   "gathered before it was sent", shown(len), value);
    }
    value = find_header(head, "Cache-Control", &len);
    if (value == NULL) {
        check_find(report, CHECK_CACHE, 0, 0,
                   "there is no Cache-Control; no-store keeps caches out, "
                   "no-transform keeps proxies from changing it");
    } else if (!holds(value, len, "no-store") &&
               !holds(value, len, "no-cache")) {
        check_find(report, CHECK_CACHE, 0, 0,
                   "Cache-Control: %.*s; without no-store or no-cache a "
                   "cache may answer", shown(len), value);
    } else if (!holds(value, len, "no-transform")) {
        check_find(report, CHECK_CACHE, 0, 0,
                   "Cache-Control: %.*s; without no-transform a proxy may "
                   "compress and gather", shown(len), value);
    }
    value = find_header(head, "X-Accel-Buffering", &len);
    if (value == NULL || !holds(value, len, "no")) {
        check_find(report, CHECK_BUFFERING, 0, 0,
                   "X-Accel-Buffering is not \"no\"; nginx in front would "
                   "gather events unless it is configured not to");
    }
}

void check_head(struct check *check, const struct fetch_head *head)
{
    size_t len = 0;
    if (head->status != 200) {
        const char *const place = find_header(head, "Location", &len);
        check_find(&check->report, CHECK_STATUS, 0, 0,
                   head->status == 204
                       ? "status %d: readers stop for good%s%.*s"
                       : "status %d, not 200%s%.*s",
                   head->status, place != NULL ? "; it leads to " : "",
                   shown(len), place != NULL ? place : "");
        return;
    }
    check_type(check, head);
    check_delivery(check, head);
}
