/*
 * stop.h - SIGINT, SIGTERM and SIGHUP as something that can be waited for.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SSE_TOOL_STOP_H
#define SSE_TOOL_STOP_H

/* Takes SIGINT over, SIGTERM and SIGHUP unless they are ignored.  The first
 * signal asks for a stop, a second one kills.  0, or -1 with errno set. */
int stop_watch(void);

/* Number of the signal that asked for a stop, or 0. */
int stop_asked(void);

/* Descriptor that is readable from the first signal on; -1 before
 * stop_watch().  Never to be read from. */
int stop_fd(void);

#endif /* SSE_TOOL_STOP_H */
