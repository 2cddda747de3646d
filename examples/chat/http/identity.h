/*
 * identity.h - who sends a request, and whether this place is meant.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef CHAT_IDENTITY_H
#define CHAT_IDENTITY_H

#include <stddef.h>

#include "http/exchange.h"

#define COOKIE_NAME "sse_chat"

/** Where a request's token came from. */
enum token_source { TOKEN_NONE, TOKEN_BEARER, TOKEN_COOKIE };

/** The token of a request: that of `Authorization: Bearer`, else the cookie's.
 *  @param token  Out: borrowed from the headers.  @param len  Out: bytes. */
enum token_source identity_token(const char *authorization,
                                 const char *cookie, const char **token,
                                 size_t *len);

/** Not 0 if an origin such as http://127.0.0.1:8080 names the host that a
 *  request was sent to. */
int identity_same_origin(const char *origin, const char *host);

/** Not 0 if a name in a Host field cannot be made to point here by a stranger:
 *  an IP address, localhost, or the name that was allowed (or NULL). */
int identity_host_allowed(const char *host, const char *allowed);

/**
 * Checks that the request is meant for this place, and that no foreign page
 * has sent it: Host, and Origin on methods that change something.
 *
 * @return 0; -1 if that was answered with an error.
 */
int identity_check_place(struct exchange *exchange);

/** Finds out who sends the request, fills in `user_seq` and calls the route's
 *  handler, now or later; or answers with an error. */
void identity_find(struct exchange *exchange);

/** Writes the value of Set-Cookie. */
void identity_cookie(const char *token, char *dst, size_t cap);

#endif /* CHAT_IDENTITY_H */
