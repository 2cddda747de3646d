/*
 * drain.h - how much of a body is read on that is no stream: it may explain a
 * failure, and its end keeps the connection for the next request.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SSE_ADAPTERS_DRAIN_H
#define SSE_ADAPTERS_DRAIN_H

/** Milliseconds, where nothing comes behind it. */
#define SSE_PRIV_DRAIN_FINAL_MS 2000u
/** And where another request does. */
#define SSE_PRIV_DRAIN_SHORT_MS 250u
/** Bytes of a redirect's body. */
#define SSE_PRIV_DRAIN_MOST 65536u

#endif /* SSE_ADAPTERS_DRAIN_H */
