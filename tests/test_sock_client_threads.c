/*
 * test_sock_client_threads.c - resume and cancel over plain sockets.
 *
 * SPDX-License-Identifier: MIT
 *
 * The tests of libsse-curl, under the names of the plain-socket client.
 */
#define OVER_SOCK 1

#include "test_curl_threads.c"
