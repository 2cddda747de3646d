/*
 * library.h - documents are kept, with passages to be found again.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef CHAT_LIBRARY_H
#define CHAT_LIBRARY_H

#include "store/calls.h"

struct library;

struct library *library_open(struct store *store);
void library_close(struct library *library);

/**
 * Keeps a document and its passages.
 *
 * @param name, media_type, text  Copied.  The text is well-formed UTF-8.
 * @param done  Receives a struct store_document, whose `result` says whether
 *              all of it is saved.
 */
void library_add(struct library *library, int64_t user_seq, const char *name,
                 const char *media_type, const char *text, size_t len,
                 void (*done)(struct store_call *call), void *user);

/** The user's newest documents.  `done` receives a struct store_documents. */
void library_list(struct library *library, int64_t user_seq,
                  void (*done)(struct store_call *call), void *user);

#endif /* CHAT_LIBRARY_H */
