/*
 * accounts.c - users and the sessions they have.
 *
 * SPDX-License-Identifier: MIT
 */
#include "service/accounts.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

struct remembered {
    unsigned char hash[TOKEN_HASH_LEN];
    int64_t seq; /* 0: the place is empty */
};

struct accounts {
    struct store *store;
    struct remembered cache[ACCOUNT_CACHE];
};

struct accounts *accounts_open(struct store *store)
{
    struct accounts *accounts =
        (struct accounts *)mem_zero(1, sizeof *accounts);
    accounts->store = store;
    return accounts;
}

void accounts_close(struct accounts *accounts)
{
    free(accounts);
}

void accounts_add(struct accounts *accounts, const char *name,
                  char token[TOKEN_LEN + 1], accounts_done_fn done,
                  void *user)
{
    struct store_user *want =
        (struct store_user *)store_call_new(sizeof *want, done, user);
    token_make(token);
    token_hash(token, TOKEN_LEN, want->hash);
    want->name = store_call_copy(&want->call, name, strlen(name));
    store_user_add(accounts->store, want);
}

/* Each hash has one place, found by its first bytes; they are random. */
static struct remembered *place(struct accounts *accounts,
                                const unsigned char *hash)
{
    size_t index = ((size_t)hash[0] << 8 | hash[1]) % ACCOUNT_CACHE;
    return &accounts->cache[index];
}

int64_t accounts_find(struct accounts *accounts, const char *token,
                      size_t len, accounts_done_fn done, void *user)
{
    unsigned char hash[TOKEN_HASH_LEN];
    token_hash(token, len, hash);
    const struct remembered *known = place(accounts, hash);
    if (known->seq > 0 && memcmp(known->hash, hash, sizeof hash) == 0) {
        return known->seq;
    }
    struct store_user *want =
        (struct store_user *)store_call_new(sizeof *want, done, user);
    memcpy(want->hash, hash, sizeof hash);
    store_user_find(accounts->store, want);
    return -1;
}

void accounts_remember(struct accounts *accounts,
                       const struct store_user *found)
{
    struct remembered *slot = place(accounts, found->hash);
    memcpy(slot->hash, found->hash, sizeof slot->hash);
    slot->seq = found->seq;
}

void accounts_session_add(struct accounts *accounts, int64_t user_seq,
                          const char *title, accounts_done_fn done,
                          void *user)
{
    struct store_sessions *want =
        (struct store_sessions *)store_call_new(sizeof *want, done, user);
    want->user_seq = user_seq;
    if (title != NULL) {
        want->title = store_call_copy(&want->call, title, strlen(title));
    }
    store_session_add(accounts->store, want);
}

void accounts_session_list(struct accounts *accounts, int64_t user_seq,
                           accounts_done_fn done, void *user)
{
    struct store_sessions *want =
        (struct store_sessions *)store_call_new(sizeof *want, done, user);
    want->user_seq = user_seq;
    store_session_list(accounts->store, want);
}

void accounts_message_list(struct accounts *accounts, int64_t user_seq,
                           const struct id *session, const struct id *before,
                           int64_t limit, accounts_done_fn done, void *user)
{
    struct store_messages *want =
        (struct store_messages *)store_call_new(sizeof *want, done, user);
    want->user_seq = user_seq;
    want->session = *session;
    want->before = *before;
    want->limit = limit;
    store_message_list(accounts->store, want);
}

void accounts_answer_find(struct accounts *accounts, int64_t user_seq,
                          const struct id *stream, int64_t since_ms,
                          accounts_done_fn done, void *user)
{
    struct store_answer *want =
        (struct store_answer *)store_call_new(sizeof *want, done, user);
    want->user_seq = user_seq;
    want->since_ms = since_ms;
    want->answer.stream = *stream;
    store_answer_find(accounts->store, want);
}
