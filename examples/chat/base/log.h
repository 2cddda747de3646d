/*
 * log.h - one line on stderr for each thing an operator wants to know.
 *
 * SPDX-License-Identifier: MIT
 *
 * Lines are bounded, and bytes that could forge another line or play with a
 * terminal are written as escapes.  No message, document, token or key is
 * ever given to these functions.
 */
#ifndef CHAT_LOG_H
#define CHAT_LOG_H

#include <stddef.h>

/** Writes `sse-chat: ` and the line. */
void log_line(const char *format, ...)
#if defined(__GNUC__)
    __attribute__((format(printf, 1, 2)))
#endif
    ;

/**
 * Makes foreign bytes fit for one log line: at most @p cap - 1 of them, those
 * outside printable ASCII as \xHH, and every occurrence of @p secret as ***,
 * also where the end of the bytes cuts it.
 *
 * @param secret  NULL or "" for none.
 * @return @p dst, NUL-terminated.
 */
const char *log_quote(char *dst, size_t cap, const char *bytes, size_t len,
                      const char *secret);

#endif /* CHAT_LOG_H */
