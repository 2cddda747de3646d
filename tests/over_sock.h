/*
 * over_sock.h - the names of libsse-curl for the plain-socket client, so that
 * one test holds both.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TESTS_OVER_SOCK_H
#define TESTS_OVER_SOCK_H

#include <sse/sock.h>

#define sse_curl sse_client
#define sse_curl_config sse_client_config
#define sse_curl_response sse_client_response
#define sse_curl_result sse_client_result
#define sse_curl_config_init sse_client_config_init
#define sse_curl_close sse_client_close
#define sse_curl_resume sse_client_resume
#define sse_curl_cancel sse_client_cancel
#define sse_curl_parser sse_client_parser
#define sse_curl_source sse_client_source
#define sse_curl_set_idle sse_client_set_idle
#define sse_curl_note_event sse_client_note_event
#define sse_curl_set_headers sse_client_set_headers
#define sse_curl_error_text sse_client_error_text
#define sse_curl_response_header sse_client_response_header

#endif /* TESTS_OVER_SOCK_H */
