/*
 * version.h - the version of the headers and of the library.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SSE_VERSION_H
#define SSE_VERSION_H

#include <sse/export.h>

/** Version of these headers: semantic versioning.  The Makefile reads the
 *  triple from here; it is written down nowhere else. */
#define SSE_VERSION_MAJOR 0
#define SSE_VERSION_MINOR 1
#define SSE_VERSION_PATCH 0

/** The triple as one number that grows with every release: 0xMMmmpp. */
#define SSE_VERSION_NUM                                                        \
    ((SSE_VERSION_MAJOR * 65536L) + (SSE_VERSION_MINOR * 256L) +              \
     SSE_VERSION_PATCH)

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Version of the library that is linked, which may be newer than the headers
 * a program was compiled with.
 *
 * @return "MAJOR.MINOR.PATCH", a constant; never NULL, never to be freed.
 *         Any thread may call this at any time.
 * @since 0.1.0
 */
SSE_API const char *sse_version(void);

/**
 * The same as one number, to be compared with SSE_VERSION_NUM.
 *
 * @since 0.1.0
 */
SSE_API long sse_version_num(void);

#ifdef __cplusplus
}
#endif

#endif /* SSE_VERSION_H */
