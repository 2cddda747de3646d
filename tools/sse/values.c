/*
 * values.c - values of flags that several subcommands take.
 *
 * SPDX-License-Identifier: MIT
 */
#define _POSIX_C_SOURCE 200809L

#include "values.h"

#include "say.h"

#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

int value_is_token(const char *text, size_t len)
{
    static const char token[] =
        "!#$%&'*+-.^_`|~0123456789"
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    return len > 0 && strspn(text, token) >= len;
}

size_t value_header_name(const char *line, const char *ends)
{
    const size_t len = strcspn(line, ends);
    if (line[len] == '\0' || !value_is_token(line, len)) {
        return 0;
    }
    for (const char *at = line + len; *at != '\0'; at++) {
        const unsigned char c = (unsigned char)*at;
        if ((c < 0x20 && c != '\t') || c == 0x7F) {
            return 0;
        }
    }
    return len;
}

/* Digits alone.  -1 if they are no port. */
static long read_port(const char *text)
{
    const size_t len = strlen(text);
    long port = 0;
    if (len == 0 || len > 5 || strspn(text, "0123456789") != len) {
        return -1;
    }
    for (; *text != '\0'; text++) {
        port = port * 10 + (*text - '0');
    }
    return port <= 65535 ? port : -1;
}

/* In numbers; names are not looked up. */
static int is_address(const char *text, int family)
{
    unsigned char bytes[sizeof(struct in6_addr)];
    return inet_pton(family, text, bytes) == 1;
}

int value_listen(const char *command, const char *text,
                 char address[VALUE_ADDRESS], uint16_t *port)
{
    static const char loopback[] = "127.0.0.1";
    const char *const colon = strrchr(text, ':');
    const long number = read_port(colon != NULL ? colon + 1 : text);
    const char *from = colon != NULL ? text : loopback;
    size_t len = colon != NULL ? (size_t)(colon - text) : sizeof loopback - 1;
    int family = AF_INET;
    if (len >= 2 && from[0] == '[' && from[len - 1] == ']') {
        family = AF_INET6;
        from++;
        len -= 2;
    } else if (len == 9 && memcmp(from, "localhost", 9) == 0) {
        from = loopback;
    }
    if (number < 0 || len == 0 || len >= VALUE_ADDRESS) {
        say("%s: --listen wants ADDRESS:PORT such as 127.0.0.1:8080 or "
            "[::1]:0, or a port alone, not \"%s\"", command, text);
        return -1;
    }
    memcpy(address, from, len);
    address[len] = '\0';
    if (!is_address(address, family)) {
        say("%s: --listen wants an address in numbers, IPv6 in brackets, not "
            "\"%s\"", command, text);
        return -1;
    }
    *port = (uint16_t)number;
    return 0;
}

int value_is_url(const char *text)
{
    return strncasecmp(text, "http://", 7) == 0 ||
           strncasecmp(text, "https://", 8) == 0;
}

int value_file(const char *command, const char *name)
{
    if (*name == '\0') {
        say("%s: the name of the file is empty; name one, or `-`", command);
        return -1;
    }
    if (value_is_url(name)) {
        say("%s: %s is a URL; `sse cat` and `sse record` read those", command,
            name);
        return -1;
    }
    return 0;
}
