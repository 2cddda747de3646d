/*
 * say.h - messages to people, on stderr.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SSE_TOOL_SAY_H
#define SSE_TOOL_SAY_H

#include <stddef.h>

#if defined(__GNUC__)
#define SAY_FORMAT(text, first) __attribute__((format(printf, text, first)))
#else
#define SAY_FORMAT(text, first)
#endif

/* Writes "sse: ", the message and a line end in one call, so that lines of
 * several programs do not mix.  Control characters in it are made visible:
 * much of what is told came from a peer, and stderr is often a terminal. */
void say(const char *format, ...) SAY_FORMAT(1, 2);

/* The same without the prefix: what `--verbose` shows. */
void say_more(const char *format, ...) SAY_FORMAT(1, 2);

/* Makes control characters visible as \xNN: C0, DEL and C1 (also as UTF-8).
 * Cuts at `cap` and ends with a NUL.  The bytes written before it. */
size_t say_visible(const char *text, size_t len, char *dst, size_t cap);

/* Bytes of the control character at `text`, 0 if none stands there. */
size_t say_control(const char *text, size_t len);

#endif /* SSE_TOOL_SAY_H */
