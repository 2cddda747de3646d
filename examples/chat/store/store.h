/*
 * store.h - everything that outlives the process, behind one interface.
 *
 * SPDX-License-Identifier: MIT
 *
 * The store is an SQLite database with a thread of its own.  A caller makes a
 * call object, fills in what the operation wants, submits it, and hears of the
 * result on the loop thread.  Calls run in the order they were submitted, each
 * as a whole or not at all; those that wait together share one commit, so the
 * disk is flushed once for all of them.  When `done` runs with STORE_OK the
 * rows are on the disk.
 *
 * Everything an operation hands back lives in the call and dies with it: when
 * `done` returns, unless that sets `keep`.
 */
#ifndef CHAT_STORE_H
#define CHAT_STORE_H

#include <sse/sock.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ids.h"

struct db;
struct store;
struct store_block;

enum store_result {
    STORE_OK = 0,
    STORE_NOT_FOUND, /* no such row, or it is somebody else's */
    STORE_BUSY,      /* an answer or a job is under way already */
    STORE_CONFLICT,  /* the idempotency key was used for another content */
    STORE_FAILED     /* the database failed; nothing was changed */
};

/** The head of every call. */
struct store_call {
    void (*done)(struct store_call *call); /* loop thread; NULL to just free */
    void *user;                            /* the caller's own */
    enum store_result result;
    int keep;  /* set by `done`: the caller frees the call later */
    /* private */
    void (*run_)(struct db *db, struct store_call *call);
    struct store_call *next_;
    struct store_block *blocks_;
};

/**
 * Opens the database, creating or migrating it, ends what a crash left under
 * way, and starts the thread.
 *
 * @param error  Out, if NULL comes back: what to tell the user.
 * @return NULL if it cannot be used, e.g. because another process does.
 */
struct store *store_open(sse_loop *loop, const char *path, char *error,
                         size_t error_cap);

/** Calls whose `done` has not returned yet. */
size_t store_pending(struct store *store);

/** Runs what was submitted, delivers it, and closes the database.
 *  Nothing more may be submitted. */
void store_close(struct store *store);

/** A zeroed call of @p size bytes, its first member a struct store_call. */
void *store_call_new(size_t size, void (*done)(struct store_call *call),
                     void *user);

/** Memory that lives as long as the call.  Zeroed. */
void *store_call_alloc(struct store_call *call, size_t size);

/** A NUL-terminated copy that lives as long as the call. */
char *store_call_copy(struct store_call *call, const char *bytes, size_t len);

/** Frees a call: one never submitted, or one that `done` kept.  NULL is
 *  ignored. */
void store_call_free(struct store_call *call);

/** Submits a call prepared by an operation of calls.h. */
void store_submit(struct store *store, struct store_call *call,
                  void (*run)(struct db *db, struct store_call *call));

#endif /* CHAT_STORE_H */
