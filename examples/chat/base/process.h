/*
 * process.h - what this process uses, where the system tells.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef CHAT_PROCESS_H
#define CHAT_PROCESS_H

#include <stdint.h>

/** Open file descriptors; -1 if not known. */
int64_t process_files(void);

/** Bytes of memory in use; -1 if not known. */
int64_t process_memory(void);

#endif /* CHAT_PROCESS_H */
