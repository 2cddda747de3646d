/*
 * accounts.h - users and the sessions they have.
 *
 * SPDX-License-Identifier: MIT
 *
 * What an operation finds is read from the call that `done` receives; its
 * `result` says whether there is anything.
 */
#ifndef CHAT_ACCOUNTS_H
#define CHAT_ACCOUNTS_H

#include "store/calls.h"

#define ACCOUNT_CACHE 512 /* tokens whose users are remembered */

struct accounts;

typedef void (*accounts_done_fn)(struct store_call *call);

struct accounts *accounts_open(struct store *store);
void accounts_close(struct accounts *accounts);

/** Makes a user.  @param token  Out: the new token, which is stored nowhere.
 *  `done` receives a struct store_user. */
void accounts_add(struct accounts *accounts, const char *name,
                  char token[TOKEN_LEN + 1], accounts_done_fn done,
                  void *user);

/**
 * Finds the user of a token.
 *
 * @return The user's number if it is remembered; then `done` is not called.
 *         -1: `done` will receive a struct store_user, and gives it to
 *         accounts_remember().
 */
int64_t accounts_find(struct accounts *accounts, const char *token,
                      size_t len, accounts_done_fn done, void *user);

/** Remembers a user who was found. */
void accounts_remember(struct accounts *accounts,
                       const struct store_user *found);

/** `done` receives a struct store_sessions.  @param title  NULL for none. */
void accounts_session_add(struct accounts *accounts, int64_t user_seq,
                          const char *title, accounts_done_fn done,
                          void *user);

/** `done` receives a struct store_sessions. */
void accounts_session_list(struct accounts *accounts, int64_t user_seq,
                           accounts_done_fn done, void *user);

/** `done` receives a struct store_messages.  @param before  "" for the newest
 *  messages. */
void accounts_message_list(struct accounts *accounts, int64_t user_seq,
                           const struct id *session, const struct id *before,
                           int64_t limit, accounts_done_fn done, void *user);

/** Finds an answer by its stream, if it did not end before @p since_ms.
 *  `done` receives a struct store_answer. */
void accounts_answer_find(struct accounts *accounts, int64_t user_seq,
                          const struct id *stream, int64_t since_ms,
                          accounts_done_fn done, void *user);

#endif /* CHAT_ACCOUNTS_H */
