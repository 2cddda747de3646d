/*
 * library.c - documents are kept, with passages to be found again.
 *
 * SPDX-License-Identifier: MIT
 */
#include "service/library.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "service/passages.h"

#define BATCH 500 /* passages saved at a time: a few tens of milliseconds */

struct library {
    struct store *store;
};

/* A document on its way in. */
struct arrival {
    struct library *library;
    struct store_document *document;
    struct passage *passages; /* they point into the document */
    size_t count, next;
    void (*done)(struct store_call *call);
    void *user;
};

static void finish(struct arrival *arrival, enum store_result result)
{
    struct store_call *call = &arrival->document->call;
    call->result = result;
    call->user = arrival->user;
    arrival->done(call);
    store_call_free(call);
    free(arrival->passages);
    free(arrival);
}

static void save_next(struct arrival *arrival);

static void on_saved(struct store_call *call)
{
    struct arrival *arrival = (struct arrival *)call->user;
    if (call->result != STORE_OK || arrival->next == arrival->count) {
        finish(arrival, call->result);
    } else {
        save_next(arrival);
    }
}

static void save_next(struct arrival *arrival)
{
    struct store_passages *want = (struct store_passages *)store_call_new(
        sizeof *want, on_saved, arrival);
    size_t left = arrival->count - arrival->next;
    want->document_seq = arrival->document->seq;
    want->count = left < BATCH ? left : BATCH;
    want->list = want->count > 0 ? arrival->passages + arrival->next : NULL;
    arrival->next += want->count;
    want->last = arrival->next == arrival->count;
    store_passages_add(arrival->library->store, want);
}

static void on_added(struct store_call *call)
{
    struct arrival *arrival = (struct arrival *)call->user;
    call->keep = 1;
    if (call->result == STORE_OK) {
        save_next(arrival);
    } else {
        finish(arrival, call->result);
    }
}

void library_add(struct library *library, int64_t user_seq, const char *name,
                 const char *media_type, const char *text, size_t len,
                 void (*done)(struct store_call *call), void *user)
{
    struct arrival *arrival = (struct arrival *)mem_zero(1, sizeof *arrival);
    struct store_document *want = (struct store_document *)store_call_new(
        sizeof *want, on_added, arrival);
    arrival->library = library;
    arrival->document = want;
    arrival->done = done;
    arrival->user = user;
    want->user_seq = user_seq;
    want->name = store_call_copy(&want->call, name, strlen(name));
    want->media_type =
        store_call_copy(&want->call, media_type, strlen(media_type));
    want->content = store_call_copy(&want->call, text, len);
    want->content_len = len;
    arrival->passages = passages_cut(want->content, len, &arrival->count);
    store_document_add(library->store, want);
}

void library_list(struct library *library, int64_t user_seq,
                  void (*done)(struct store_call *call), void *user)
{
    struct store_documents *want =
        (struct store_documents *)store_call_new(sizeof *want, done, user);
    want->user_seq = user_seq;
    store_document_list(library->store, want);
}

struct library *library_open(struct store *store)
{
    struct library *library =
        (struct library *)mem_zero(1, sizeof *library);
    library->store = store;
    return library;
}

void library_close(struct library *library)
{
    free(library);
}
