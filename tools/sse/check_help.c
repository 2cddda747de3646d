/*
 * check_help.c - what `sse check --help` prints.
 *
 * SPDX-License-Identifier: MIT
 */
#include "check.h"
#include "request_help.h"

const char check_help[] =
    "usage: sse check [FLAGS] [URL | FILE | -]\n"
    "\n"
    "Says what is wrong or odd with an event stream, and where: the line and\n"
    "the byte, both of the beginning of what is meant.  An error is what a\n"
    "reader refuses, loses or reads otherwise than it was meant; a note is\n"
    "legal, and known to trouble somebody.\n"
    "\n"
    "  --json            an object a line: level, code, line, offset, text;\n"
    "                    and last a summary\n"
    "  --all             every finding; otherwise ten of a kind are shown,\n"
    "                    and all counted\n"
    "  --max-events N    ends after N events\n"
    "  --max-bytes N     ends after N bytes\n"
    "  --max-time MS     ends after MS milliseconds\n"
    "\n"
    "URLs: one connection, of which status and headers are looked at too;\n"
    "redirects are not followed\n"
    REQUEST_HELP
    "\n"
    "  -h, --help        this text\n"
    "\n"
    "Errors\n"
    "  status media-type near-field json html text id-nul id-long type-long\n"
    "  retry utf-8 unfinished\n"
    "Notes\n"
    "  bom line-end unknown-field no-colon empty-data no-data retry-value\n"
    "  nul line-long id-large last-line empty coding length cache buffering\n"
    "\n"
    "Exit status\n"
    "  0    no errors\n"
    "  1    errors, or no connection, a cut one, or reading or writing failed\n"
    "  2    the command line is wrong\n"
    "  3    a clean end within an event, and no other error\n"
    "  130  SIGINT\n"
    "The last line on stderr says why.\n";
