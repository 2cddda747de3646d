/*
 * version.c - which version is linked.
 *
 * SPDX-License-Identifier: MIT
 */
#include <sse/version.h>

#define TEXT_OF(x) #x
#define TEXT(x) TEXT_OF(x)

const char *sse_version(void)
{
    return TEXT(SSE_VERSION_MAJOR) "." TEXT(SSE_VERSION_MINOR) "." TEXT(
        SSE_VERSION_PATCH);
}

long sse_version_num(void)
{
    return SSE_VERSION_NUM;
}
