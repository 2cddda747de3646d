/*
 * json_oracle.h - is it JSON?  RFC 8259 rule by rule, for comparison with the
 * cursor of libsse-llm, with which it shares no code.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef FUZZ_JSON_ORACLE_H
#define FUZZ_JSON_ORACLE_H

#include <sse/status.h>

#include <stddef.h>

/** @return SSE_OK; SSE_ERR_PROTOCOL; SSE_ERR_LIMIT if it nests deeper than
 *  SSE_JSON_DEPTH_MAX before anything else is wrong. */
sse_status fuzz_json_verdict(const char *text, size_t len);

#endif /* FUZZ_JSON_ORACLE_H */
