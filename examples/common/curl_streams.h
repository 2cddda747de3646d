/*
 * curl_streams.h - the streams of several URLs, in a group of the caller's,
 * that print what comes.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef CURL_STREAMS_H
#define CURL_STREAMS_H

#include <sse/curl.h>

typedef struct curl_streams curl_streams;

/** Says on stderr how `program` is called.  @return 2, to exit with. */
int curl_streams_usage(const char *program);

/**
 * Opens a stream for each URL.  An event goes to stdout as `2 type: data`, 2
 * being the place of its URL; why a stream waits or ended goes to stderr.
 *
 * @param urls  Up to a NULL, as `argv + 1` is.
 * @return To be given to curl_streams_close(); NULL if memory ran out.
 */
curl_streams *curl_streams_open(sse_curl_group *group, char *const *urls);

/** Closes and frees them; one that still runs is cancelled.
 *  @return How many failed before. */
size_t curl_streams_close(curl_streams *streams);

#endif /* CURL_STREAMS_H */
