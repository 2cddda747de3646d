/*
 * text.c - what a failure means, to the source and to people.
 *
 * SPDX-License-Identifier: MIT
 */
#include "stream.h"

#include <stdio.h>

#include "../ending.h"

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
        sse_priv_ending_type_text(stream->head.at, stream->head.len,
                                  stream->media_type, text, cap);
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
