/*
 * curl_loop.h - libcurl transfers and event streams in an sse_loop.
 *
 * SPDX-License-Identifier: MIT
 *
 * Everything here belongs to the loop's thread, but sse_curl_resume() and
 * sse_curl_cancel() on its streams, which any thread may call.
 */
#ifndef CURL_LOOP_H
#define CURL_LOOP_H

#include <sse/curl.h>
#include <sse/sock.h>

/** A CURLM that lives in an sse_loop, and the group of its streams. */
typedef struct curl_loop curl_loop;

/**
 * Makes a CURLM and hangs it into a loop.  curl_global_init() is the
 * application's, before this.
 *
 * @param loop             To outlive it.
 * @param max_connections  To one host at a time, and kept open for the next
 *                         request when they are idle; more transfers wait
 *                         their turn.  0: no limit, libcurl's own pool.
 * @param curl             Out: to be given to curl_loop_close().
 * @return SSE_OK, SSE_ERR_INVALID, SSE_ERR_NO_MEMORY, SSE_ERR_SYSTEM.
 */
sse_status curl_loop_open(sse_loop *loop, unsigned max_connections,
                          curl_loop **curl);

/** Starts a stream: sse_curl_attach(), and sees to it that the loop notices.
 *  Not from inside a hook of a stream but on_end.
 *  @return As sse_curl_attach(). */
sse_status curl_loop_add(curl_loop *curl, sse_curl *stream);

/** The CURLM, for plain transfers beside the streams. */
CURLM *curl_loop_multi(curl_loop *curl);

/** The group, e.g. for sse_curl_group_on_message(). */
sse_curl_group *curl_loop_group(curl_loop *curl);

/** Takes it out of the loop and frees it, pooled connections too.  Its streams
 *  must have been closed, and no thread may still resume or cancel one.  Not
 *  from inside a hook of a stream.
 *  @param curl  May be NULL. */
void curl_loop_close(curl_loop *curl);

#endif /* CURL_LOOP_H */
