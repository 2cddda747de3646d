/*
 * cat_sock.c - `sse cat` on URLs over plain sockets.
 *
 * SPDX-License-Identifier: MIT
 */
#include "cat.h"

#include "say.h"
#include "tool.h"

int cat_sock(const struct cat_options *options, struct cat_take *take)
{
    (void)take;
    say("%s: this build has no plain-socket client; leave --transport sock out "
        "to use libcurl", options->source);
    return TOOL_FAILED;
}
