/*
 * faults.h - what people are told about an error code.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef CHAT_FAULTS_H
#define CHAT_FAULTS_H

/** A sentence for a code such as "upstream_timeout"; a constant, also for a
 *  code that is unknown or NULL. */
const char *fault_message(const char *code);

/** Not 0 if the same request may succeed later. */
int fault_retryable(const char *code);

#endif /* CHAT_FAULTS_H */
