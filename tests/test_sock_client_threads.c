/*
 * test_sock_client_threads.c - plain sockets: resume and cancel from other threads.
 *
 * SPDX-License-Identifier: MIT
 *
 * The tests of libsse-curl, under the names of the plain-socket client.
 */
#define OVER_SOCK 1

#include "test_curl_threads.c"
