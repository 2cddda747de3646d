/*
 * request.h - what is sent to the upstream, and where.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef CHAT_LLM_REQUEST_H
#define CHAT_LLM_REQUEST_H

#include <jansson.h>
#include <stddef.h>

/**
 * Writes the URL to ask: a base without a path gets /v1/chat/completions, one
 * with a path /chat/completions behind it, one that ends so already stays as
 * it is; with an agent it is /v2/gen-ai/agents/ID/chat/completions behind the
 * base.
 *
 * @return 0; -1 if it does not fit or the agent's name is no plain word.
 */
int request_url(const char *base, const char *agent, char *dst, size_t cap);

/** The JSON text of a request.  @param messages  Taken over.
 *  @return free() it; never NULL. */
char *request_body(const char *model, json_t *messages);

#endif /* CHAT_LLM_REQUEST_H */
