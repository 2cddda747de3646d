/*
 * document_handlers.c - documents come in and are listed.
 *
 * SPDX-License-Identifier: MIT
 */
#define _POSIX_C_SOURCE 200809L
#include <string.h>
#include <strings.h>

#include "base/json.h"
#include "base/utf8.h"
#include "http/handlers.h"
#include "http/web.h"

#define NAME_MAX_BYTES 255

static void on_document_added(struct store_call *call)
{
    const struct store_document *made = (struct store_document *)call;
    struct exchange *exchange = (struct exchange *)call->user;
    if (call->result == STORE_OK) {
        size_t bytes = made->content_len;
        json_t *body = json_object();
        json_put(body, "document_id", json_string(made->id.text));
        json_put(body, "bytes", json_integer((json_int_t)bytes));
        exchange_json(exchange, 201, body);
    } else {
        exchange_unsaved(exchange);
    }
    exchange_release(exchange);
}

/* The media type without parameters, if it is one that is taken and no
 * parameter names another charset than UTF-8. */
static const char *media_type_of(const char *type)
{
    static const char *const taken[] = {"text/plain", "text/markdown"};
    size_t len = type != NULL ? strcspn(type, "; \t") : 0;
    const char *found = NULL;
    for (size_t i = 0; i < sizeof taken / sizeof taken[0]; i++) {
        if (len == strlen(taken[i]) && strncasecmp(type, taken[i], len) == 0) {
            found = taken[i];
        }
    }
    const char *at = found != NULL ? strchr(type + len, ';') : NULL;
    for (; at != NULL; at = strchr(at, ';')) {
        at += 1 + strspn(at + 1, " \t");
        if (strncasecmp(at, "charset=", 8) == 0) {
            at += 8 + (at[8] == '"');
            int utf8 = strncasecmp(at, "utf-8", 5) == 0 &&
                       strchr("\"; \t", at[5]) != NULL;
            int ascii = strncasecmp(at, "us-ascii", 8) == 0;
            found = utf8 || ascii ? found : NULL;
        }
    }
    return found;
}

/* @return 0; -1 if it was answered with an error. */
static int read_name(struct exchange *exchange, char name[NAME_MAX_BYTES + 1])
{
    size_t len = 0;
    sse_status status = sse_request_parameter(exchange->request, "name", name,
                                              NAME_MAX_BYTES + 1, &len);
    if (status == SSE_INCOMPLETE || (status == SSE_OK && len == 0)) {
        strcpy(name, "document");
        return 0;
    }
    int plain = status == SSE_OK && utf8_valid(name, len);
    for (size_t i = 0; i < len && plain; i++) {
        plain = (unsigned char)name[i] >= 0x20 && name[i] != 0x7F;
    }
    if (!plain) {
        exchange_bad(exchange, "\"name\" must be a text of at most 255 bytes"
                               " without control characters.");
        return -1;
    }
    return 0;
}

void handle_document_add(struct exchange *exchange)
{
    char name[NAME_MAX_BYTES + 1];
    const char *type = media_type_of(
        sse_request_header(exchange->request, "Content-Type"));
    size_t len;
    const char *text = sse_request_body(exchange->request, &len);
    if (type == NULL) {
        exchange_error(exchange, 415, "unsupported_media_type",
                       "A document must be text/plain or text/markdown, in"
                       " UTF-8.");
        return;
    }
    if (read_name(exchange, name) != 0) {
        return;
    }
    if (len == 0) {
        exchange_bad(exchange, "The document is empty.");
    } else if (memchr(text, '\0', len) != NULL || !utf8_valid(text, len)) {
        exchange_error(exchange, 400, "not_utf8",
                       "The document is not well-formed UTF-8 text.");
    } else {
        exchange_hold(exchange);
        library_add(exchange->web->library, exchange->user_seq, name, type,
                    text, len, on_document_added, exchange);
    }
}

static json_t *document_of(const struct document_row *row)
{
    json_t *one = json_object();
    json_put(one, "document_id", json_string(row->id.text));
    json_put(one, "name", json_text_or_null(row->name));
    json_put(one, "media_type", json_text_or_null(row->media_type));
    json_put(one, "bytes", json_integer((json_int_t)row->bytes));
    json_put(one, "created_at", json_time_or_null(row->created_at));
    json_put(one, "extraction", json_text_or_null(row->extraction));
    return one;
}

static void on_documents_listed(struct store_call *call)
{
    const struct store_documents *found = (struct store_documents *)call;
    struct exchange *exchange = (struct exchange *)call->user;
    if (call->result == STORE_OK) {
        json_t *list = json_array();
        for (size_t i = 0; i < found->count; i++) {
            (void)json_array_append_new(list, document_of(&found->rows[i]));
        }
        json_t *body = json_object();
        json_put(body, "documents", list);
        exchange_json(exchange, 200, body);
    } else {
        exchange_unsaved(exchange);
    }
    exchange_release(exchange);
}

void handle_document_list(struct exchange *exchange)
{
    exchange_hold(exchange);
    library_list(exchange->web->library, exchange->user_seq,
                 on_documents_listed, exchange);
}
