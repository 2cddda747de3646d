/*
 * text.c - what a failure means, to the source and to people.
 *
 * SPDX-License-Identifier: MIT
 */
#include "stream.h"

#include <stdio.h>
#include <string.h>

/* Failures that the same request meets again however often it is sent. */
static int is_fatal(CURLcode code)
{
    static const CURLcode fatal[] = {
        CURLE_UNSUPPORTED_PROTOCOL,
        CURLE_FAILED_INIT,
        CURLE_URL_MALFORMAT,
        CURLE_NOT_BUILT_IN,
        CURLE_WEIRD_SERVER_REPLY,
        CURLE_REMOTE_ACCESS_DENIED,
        CURLE_OUT_OF_MEMORY,
        CURLE_BAD_FUNCTION_ARGUMENT,
        CURLE_UNKNOWN_OPTION,
        CURLE_SSL_ENGINE_NOTFOUND,
        CURLE_SSL_ENGINE_SETFAILED,
        CURLE_SSL_ENGINE_INITFAILED,
        CURLE_SSL_CERTPROBLEM,
        CURLE_SSL_CIPHER,
        CURLE_PEER_FAILED_VERIFICATION,
        CURLE_USE_SSL_FAILED,
        CURLE_LOGIN_DENIED,
        CURLE_SSL_CACERT_BADFILE,
        CURLE_SSL_CRL_BADFILE,
        CURLE_SSL_ISSUER_ERROR,
        CURLE_SSL_PINNEDPUBKEYNOTMATCH,
        CURLE_SSL_INVALIDCERTSTATUS,
        CURLE_AUTH_ERROR,
        CURLE_RECURSIVE_API_CALL,
    };
    for (size_t i = 0; i < sizeof(fatal) / sizeof(fatal[0]); i++) {
        if (fatal[i] == code) {
            return 1;
        }
    }
    return 0;
}

sse_reason sse_priv_curl_reason(const sse_curl *stream, CURLcode code)
{
    if (stream->fault != SSE_REASON_NONE) {
        return stream->fault;
    }
    if (code == CURLE_OK) {
        return SSE_REASON_END;
    }
    if (code == CURLE_BAD_CONTENT_ENCODING) {
        return SSE_REASON_MEDIA_TYPE;
    }
    if (is_fatal(code)) {
        return SSE_REASON_FATAL;
    }
    if (stream->mode != SSE_PRIV_HEAD) {
        return SSE_REASON_CUT;
    }
    /* No limit of libcurl's is in force but the one on connecting. */
    return code == CURLE_OPERATION_TIMEDOUT ? SSE_REASON_CONNECT_TIMEOUT
                                            : SSE_REASON_CONNECT;
}

void sse_priv_curl_describe(sse_curl *stream, sse_reason reason)
{
    char *text = stream->text;
    const size_t cap = sizeof(stream->text);
    if (reason == SSE_REASON_STATUS) {
        (void)snprintf(text, cap, "HTTP status %d", stream->http_status);
    } else if (reason == SSE_REASON_MEDIA_TYPE && stream->code == CURLE_OK &&
               stream->mode == SSE_PRIV_REFUSED) {
        size_t len;
        const char *coding = sse_priv_header(stream->head.at, stream->head.len,
                                             "Content-Encoding", &len);
        if (sse_media_type_is_stream(stream->media_type,
                                     strlen(stream->media_type)) &&
            coding != NULL) {
            (void)snprintf(text, cap, "content coding %.*s not asked for",
                           (int)(len < 64 ? len : 64), coding);
        } else {
            (void)snprintf(text, cap, "media type %s, not text/event-stream",
                           stream->media_type[0] != '\0' ? stream->media_type
                                                         : "missing");
        }
    } else if (stream->fault == SSE_REASON_NONE &&
               stream->code != CURLE_OK) {
        (void)snprintf(text, cap, "%s",
                       stream->curl_error[0] != '\0'
                           ? stream->curl_error
                           : curl_easy_strerror(stream->code));
    } else if (stream->fault_status != SSE_OK) {
        (void)snprintf(text, cap, "%s: %s", sse_reason_text(reason),
                       sse_strerror(stream->fault_status));
    } else {
        (void)snprintf(text, cap, "%s", sse_reason_text(reason));
    }
}
