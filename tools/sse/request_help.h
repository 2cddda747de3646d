/*
 * request_help.h - flags of a request, as the subcommands that make one
 * connection explain them.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SSE_TOOL_REQUEST_HELP_H
#define SSE_TOOL_REQUEST_HELP_H

#define REQUEST_HELP                                                           \
    "  -H, --header LINE\n"                                                    \
    "                    a request header, \"Name: value\", or @FILE for\n"   \
    "                    its lines; may be repeated\n"                         \
    "  -X, --request METHOD\n"                                                 \
    "                    the request method\n"                                 \
    "  -d, --data BODY   sends BODY, or @FILE or @- as it is; implies POST\n"  \
    "                    and a JSON media type unless -X, -H say otherwise\n"  \
    "  --last-event-id ID\n"                                                   \
    "                    sent as Last-Event-ID\n"                              \
    "  --connect-timeout MS\n"                                                 \
    "                    name look-up, connection, TLS (10000; 0: none)\n"     \
    "  --idle-timeout MS\n"                                                    \
    "                    a silent stream counts as broken (0: never)\n"

#endif /* SSE_TOOL_REQUEST_HELP_H */
