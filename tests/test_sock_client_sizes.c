/*
 * test_sock_client_sizes.c - events of 16 MiB over plain sockets.
 *
 * SPDX-License-Identifier: MIT
 *
 * The tests of libsse-curl, under the names of the plain-socket client.
 */
#define OVER_SOCK 1

#include "test_curl_sizes.c"
