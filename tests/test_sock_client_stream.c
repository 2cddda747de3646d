/*
 * test_sock_client_stream.c - framings, cuts, resumption over plain sockets.
 *
 * SPDX-License-Identifier: MIT
 *
 * The tests of libsse-curl, under the names of the plain-socket client.
 */
#define OVER_SOCK 1

#include "test_curl_stream.c"
