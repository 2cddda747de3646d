/*
 * test_sock_client_storm.c - plain sockets in the same storm.
 *
 * SPDX-License-Identifier: MIT
 *
 * The tests of libsse-curl, under the names of the plain-socket client.
 */
#define OVER_SOCK 1

#include "test_curl_storm.c"
