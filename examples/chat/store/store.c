/*
 * store.c - the store's thread: calls in, one commit for those that wait
 * together, results back to the loop.
 *
 * SPDX-License-Identifier: MIT
 */
#include "store/store.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "store/calls.h"
#include "store/db.h"

#define BATCH_MAX 64 /* calls that share one commit */

struct queue {
    struct store_call *first, *last;
};

struct store {
    sse_loop *loop;
    struct db db;
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t filled;
    struct queue waiting; /* guarded by the mutex, as the rest below */
    struct queue ready;
    int posted;           /* deliver() is on its way to the loop */
    int closing;
    size_t pending;       /* the loop's alone */
};

static void push(struct queue *queue, struct store_call *call)
{
    call->next_ = NULL;
    if (queue->last != NULL) {
        queue->last->next_ = call;
    } else {
        queue->first = call;
    }
    queue->last = call;
}

static struct store_call *pop(struct queue *queue)
{
    struct store_call *call = queue->first;
    if (call != NULL) {
        queue->first = call->next_;
        if (queue->first == NULL) {
            queue->last = NULL;
        }
    }
    return call;
}

/* ---- On the store's thread ---- */

/* One operation within the batch's transaction: a savepoint takes back what a
 * failed one has done, and leaves the others alone. */
static void run_one(struct db *db, struct store_call *call)
{
    /* A full disk may have ended the transaction already. */
    if (sqlite3_get_autocommit(db->handle)) {
        call->result = STORE_FAILED;
        return;
    }
    db->failed = 0;
    db_run(db, "SAVEPOINT call", "");
    if (!db->failed) {
        call->run_(db, call);
    }
    if (db->failed || call->result != STORE_OK) {
        if (db->failed) {
            call->result = STORE_FAILED;
        }
        db->failed = 0;
        db_run(db, "ROLLBACK TO call", "");
    }
    db_run(db, "RELEASE call", "");
    if (db->failed) {
        call->result = STORE_FAILED;
    }
}

static void fail_all(struct store_call *first)
{
    for (; first != NULL; first = first->next_) {
        first->result = STORE_FAILED;
    }
}

static void run_batch(struct db *db, struct store_call *first)
{
    db->now_ms = clock_now_ms();
    db->failed = 0;
    db_run(db, "BEGIN IMMEDIATE", "");
    if (db->failed) {
        fail_all(first);
        return;
    }
    for (struct store_call *call = first; call != NULL; call = call->next_) {
        run_one(db, call);
    }
    db->failed = 0;
    db_run(db, "COMMIT", "");
    if (db->failed) {
        fail_all(first);
        if (!sqlite3_get_autocommit(db->handle)) {
            db->failed = 0;
            db_run(db, "ROLLBACK", "");
        }
    }
}

static struct store_call *take_batch(struct store *store)
{
    struct store_call *first = store->waiting.first;
    struct store_call *last = first;
    for (int i = 1; i < BATCH_MAX && last->next_ != NULL; i++) {
        last = last->next_;
    }
    store->waiting.first = last->next_;
    if (store->waiting.first == NULL) {
        store->waiting.last = NULL;
    }
    last->next_ = NULL;
    return first;
}

static void deliver(void *user)
{
    struct store *store = (struct store *)user;
    pthread_mutex_lock(&store->mutex);
    struct queue ready = store->ready;
    store->ready.first = NULL;
    store->ready.last = NULL;
    store->posted = 0;
    pthread_mutex_unlock(&store->mutex);
    for (struct store_call *call = pop(&ready); call != NULL;
         call = pop(&ready)) {
        if (call->done != NULL) {
            call->done(call);
        }
        if (!call->keep) {
            store_call_free(call);
        }
        store->pending--;
    }
}

static void hand_over(struct store *store, struct store_call *first)
{
    while (first != NULL) {
        struct store_call *next = first->next_;
        push(&store->ready, first);
        first = next;
    }
    if (!store->posted) {
        store->posted = 1;
        if (sse_loop_post(store->loop, deliver, store) != SSE_OK) {
            log_line("out of memory");
            abort();
        }
    }
}

static void *thread_main(void *user)
{
    struct store *store = (struct store *)user;
    pthread_mutex_lock(&store->mutex);
    for (;;) {
        while (store->waiting.first == NULL && !store->closing) {
            pthread_cond_wait(&store->filled, &store->mutex);
        }
        if (store->waiting.first == NULL) {
            break;
        }
        struct store_call *first = take_batch(store);
        pthread_mutex_unlock(&store->mutex);
        run_batch(&store->db, first);
        pthread_mutex_lock(&store->mutex);
        hand_over(store, first);
    }
    pthread_mutex_unlock(&store->mutex);
    return NULL;
}

/* ---- On the loop's thread ---- */

void store_submit(struct store *store, struct store_call *call,
                  void (*run)(struct db *db, struct store_call *call))
{
    call->run_ = run;
    call->result = STORE_OK;
    store->pending++;
    pthread_mutex_lock(&store->mutex);
    push(&store->waiting, call);
    pthread_cond_signal(&store->filled);
    pthread_mutex_unlock(&store->mutex);
}

size_t store_pending(struct store *store)
{
    return store->pending;
}

static void recover_rows(struct db *db, struct store_call *call)
{
    (void)call;
    store_answers_recover(db);
    store_documents_recover(db);
}

/* Answers that a crash left under way stay readable, and never look alive. */
static int recover(struct db *db)
{
    struct store_call call;
    memset(&call, 0, sizeof call);
    call.run_ = recover_rows;
    run_batch(db, &call);
    return call.result == STORE_OK ? 0 : -1;
}

struct store *store_open(sse_loop *loop, const char *path, char *error,
                         size_t error_cap)
{
    struct store *store = (struct store *)mem_zero(1, sizeof *store);
    store->loop = loop;
    if (db_open(&store->db, path, error, error_cap) != 0) {
        db_close(&store->db);
        free(store);
        return NULL;
    }
    pthread_mutex_init(&store->mutex, NULL);
    pthread_cond_init(&store->filled, NULL);
    if (recover(&store->db) != 0 ||
        pthread_create(&store->thread, NULL, thread_main, store) != 0) {
        (void)snprintf(error, error_cap, "it cannot be written to");
        db_close(&store->db);
        pthread_cond_destroy(&store->filled);
        pthread_mutex_destroy(&store->mutex);
        free(store);
        return NULL;
    }
    return store;
}

void store_close(struct store *store)
{
    if (store == NULL) {
        return;
    }
    pthread_mutex_lock(&store->mutex);
    store->closing = 1;
    pthread_cond_signal(&store->filled);
    pthread_mutex_unlock(&store->mutex);
    (void)pthread_join(store->thread, NULL);
    deliver(store);
    db_close(&store->db);
    pthread_cond_destroy(&store->filled);
    pthread_mutex_destroy(&store->mutex);
    free(store);
}
