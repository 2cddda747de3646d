/*
 * record_help.c - what `sse record --help` prints.
 *
 * SPDX-License-Identifier: MIT
 */
#include "replay.h"

const char record_help[] =
    "usage: sse record [FLAGS] [-o FILE] [URL | FILE | -]\n"
    "\n"
    "Keeps a stream for `sse replay`: its bytes as they come, each with its\n"
    "time, and of a response the status and the headers, but for cookies and\n"
    "those that frame the message.  One connection, whatever the answer is;\n"
    "redirects are kept, not followed.\n"
    "\n"
    "  -o, --output FILE\n"
    "                    where to; replaced once something came (standard\n"
    "                    output)\n"
    "  --max-bytes N     ends after N bytes\n"
    "  --max-time MS     ends after MS milliseconds\n"
    "\n"
    "URLs\n"
    "  -H, --header LINE\n"
    "                    a request header, \"Name: value\"; may be repeated\n"
    "  -X, --request METHOD\n"
    "                    the request method\n"
    "  -d, --data BODY   sends BODY, or @FILE or @- as it is; implies POST\n"
    "                    and a JSON media type unless -X, -H say otherwise\n"
    "  --last-event-id ID\n"
    "                    sent as Last-Event-ID\n"
    "  --connect-timeout MS\n"
    "                    name look-up, connection, TLS (10000; 0: none)\n"
    "  --idle-timeout MS\n"
    "                    a silent stream counts as broken (0: never)\n"
    "\n"
    "Exit status.  What came is kept whatever the end\n"
    "  0    the stream ended cleanly, or at --max-bytes or --max-time\n"
    "  1    no connection, a cut one, no event stream, or the output failed\n"
    "  2    the command line is wrong\n"
    "  3    a clean end in the middle of an event\n"
    "  130  SIGINT\n"
    "The last line on stderr says why.\n";
