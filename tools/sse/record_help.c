/*
 * record_help.c - what `sse record --help` prints.
 *
 * SPDX-License-Identifier: MIT
 */
#include "replay.h"
#include "request_help.h"

const char record_help[] =
    "usage: sse record [FLAGS] [-o FILE] [URL | FILE | -]\n"
    "\n"
    "Keeps a stream for `sse replay`: its bytes as they come, each with its\n"
    "time, and of a response the status and the headers, but for cookies and\n"
    "those that frame the message.  One connection, whatever the answer is;\n"
    "redirects are kept, not followed.\n"
    "\n"
    "  -o, --output FILE\n"
    "                    where to; made or replaced only if something comes\n"
    "                    (standard output)\n"
    "  --max-bytes N     ends after N bytes\n"
    "  --max-time MS     ends after MS milliseconds\n"
    "\n"
    "URLs\n"
    REQUEST_HELP
    "\n"
    "  -h, --help        this text\n"
    "\n"
    "Exit status.  What came is kept whatever the end\n"
    "  0    the stream ended cleanly, or at --max-bytes or --max-time\n"
    "  1    no connection, a cut one, no event stream, or the output failed\n"
    "  2    the command line is wrong\n"
    "  3    a clean end in the middle of an event\n"
    "  130  SIGINT\n"
    "The last line on stderr says why.\n";
