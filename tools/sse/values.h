/*
 * values.h - values of flags that several subcommands take.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SSE_TOOL_VALUES_H
#define SSE_TOOL_VALUES_H

#include <stddef.h>
#include <stdint.h>

/* Not 0 for a token: RFC 9110, section 5.6.2. */
int value_is_token(const char *text, size_t len);

/* Bytes of the name in a line `Name: value`; it ends at one of `ends`.  0 if
 * it is no token, or if the value has control characters in it. */
size_t value_header_name(const char *line, const char *ends);

/* Longest address in numbers, its NUL included. */
#define VALUE_ADDRESS 64

/* Reads ADDRESS:PORT, an IPv6 address in brackets, `localhost` for 127.0.0.1
 * as for a port alone.  0, or -1 with the reason told on stderr. */
int value_listen(const char *command, const char *text,
                 char address[VALUE_ADDRESS], uint16_t *port);

/* Not 0 for an http or https URL. */
int value_is_url(const char *text);

/* Looks at the name of a file, `-` for standard input, where no URL may
 * stand.  0, or -1 with the reason told on stderr. */
int value_file(const char *command, const char *name);

#endif /* SSE_TOOL_VALUES_H */
