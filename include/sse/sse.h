/*
 * sse.h - all of the core: parse, write, reconnect, replay.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SSE_SSE_H
#define SSE_SSE_H

#include <sse/event.h>
#include <sse/export.h>
#include <sse/parser.h>
#include <sse/replay.h>
#include <sse/source.h>
#include <sse/status.h>
#include <sse/utf8.h>
#include <sse/version.h>
#include <sse/writer.h>

#endif /* SSE_SSE_H */
