/*
 * calls.h - what the store can be asked to do.
 *
 * SPDX-License-Identifier: MIT
 *
 * Each operation has a struct with what it wants and, behind a blank line,
 * what it hands back.  `user_seq` is the owner everywhere: rows of somebody
 * else answer STORE_NOT_FOUND, as rows that do not exist do.  Strings given
 * must live until `done` has run; store_call_copy() sees to that.  Numbers that
 * are not known are -1, strings NULL.
 */
#ifndef CHAT_CALLS_H
#define CHAT_CALLS_H

#include "base/ids.h"
#include "store/store.h"

/* ---- Users ---- */

struct store_user {
    struct store_call call;
    const char *name; /* store_user_add() */
    unsigned char hash[TOKEN_HASH_LEN];

    int64_t seq;
    struct id id;
};

void store_user_add(struct store *store, struct store_user *want);
/** By the hash of the token. */
void store_user_find(struct store *store, struct store_user *want);

/* ---- Sessions ---- */

struct session_row {
    struct id id;
    const char *title; /* NULL before it has one */
    int64_t message_count;
    int64_t last_message_at; /* ms; -1 without messages */
};

struct store_sessions {
    struct store_call call;
    int64_t user_seq;
    const char *title; /* store_session_add(); NULL for none */

    struct id id;      /* store_session_add() */
    struct session_row *rows;
    size_t count;
};

void store_session_add(struct store *store, struct store_sessions *want);
/** The user's newest sessions, the one with the newest message first. */
void store_session_list(struct store *store, struct store_sessions *want);

/* ---- Messages ---- */

enum answer_status {
    ANSWER_STREAMING = 1,
    ANSWER_COMPLETE,
    ANSWER_TRUNCATED,
    ANSWER_CANCELLED,
    ANSWER_FAILED
};

const char *answer_status_name(enum answer_status status);
enum answer_status answer_status_read(const char *name);

struct token_usage {
    int64_t prompt, completion, total;
};

struct message_row {
    struct id id;
    int assistant; /* not 0 for an answer */
    const char *content;
    size_t content_len;
    enum answer_status status;
    const char *finish_reason;
    int64_t response_time_ms;
    int64_t created_at;
    struct id stream; /* of an answer; "" for the user's messages */
};

struct store_messages {
    struct store_call call;
    int64_t user_seq;
    struct id session;
    struct id before; /* only older ones than this; "" for the newest */
    int64_t limit;

    struct message_row *rows; /* oldest first */
    size_t count;
};

void store_message_list(struct store *store, struct store_messages *want);

/** A stored answer: enough to tell its stream once more. */
struct answer_row {
    int64_t seq;
    struct id id;
    struct id user_message;
    struct id stream;
    enum answer_status status;
    const char *content;
    size_t content_len;
    const char *finish_reason;
    const char *error_code;
    struct token_usage usage;
    int64_t ended_at; /* ms; -1 while it is streaming */
};

struct store_send {
    struct store_call call;
    int64_t user_seq;
    struct id session;
    const char *content;
    size_t content_len;
    const char *key; /* NULL without an idempotency key */
    size_t history;  /* most messages wanted as history */

    int replayed;    /* not 0: the key was used before, and `answer` is it */
    struct answer_row answer;
    struct message_row *rows; /* history, oldest first, the new one last */
    size_t count;
};

/** Saves a message and the row of its answer, in one transaction. */
void store_send(struct store *store, struct store_send *want);

/** In milliseconds; -1 for what is not known. */
struct answer_timing {
    int64_t first_byte_ms;  /* of the upstream's answer, from its request on */
    int64_t first_token_ms; /* from the user's message on */
    int64_t longest_gap_ms; /* between two pieces of text */
    int64_t response_ms;    /* from the user's message to the end */
};

struct store_answer {
    struct store_call call;
    int64_t user_seq;           /* store_answer_find() */
    int64_t since_ms;           /* store_answer_find(): those that ended
                                   before count as not found */
    struct answer_row answer;   /* wanted to be saved, or found */
    struct answer_timing timing; /* store_answer_finish() */
};

/** Saves the text so far of an answer under way. */
void store_answer_checkpoint(struct store *store, struct store_answer *want);
/** Saves the whole answer with its status. */
void store_answer_finish(struct store *store, struct store_answer *want);
/** Finds an answer by the id of its stream. */
void store_answer_find(struct store *store, struct store_answer *want);

/** For store_open(): ends what a crash left under way, and drops documents
 *  that came in by half. */
void store_answers_recover(struct db *db);
void store_documents_recover(struct db *db);

/* ---- Documents ---- */

struct passage {
    const char *text;
    size_t len;
    int64_t first_line, last_line; /* from 1 */
};

struct store_document {
    struct store_call call;
    int64_t user_seq;
    const char *name;
    const char *media_type;
    const char *content;
    size_t content_len;

    struct id id;
    int64_t seq;
};

struct document_row {
    struct id id;
    const char *name;
    const char *media_type;
    int64_t bytes;
    int64_t created_at;     /* ms */
    const char *extraction; /* status of the newest job; NULL without one */
};

struct store_documents {
    struct store_call call;
    int64_t user_seq;

    struct document_row *rows; /* newest first */
    size_t count;
};

/** The user's newest documents, without their text. */
void store_document_list(struct store *store, struct store_documents *want);

struct store_passages {
    struct store_call call;
    int64_t document_seq;
    const struct passage *list;
    size_t count;
    int last; /* not 0: the document is complete with these */
};

/** Saves a document, which nobody sees before its last passages are saved. */
void store_document_add(struct store *store, struct store_document *want);
void store_passages_add(struct store *store, struct store_passages *want);

struct found_passage {
    const char *document;
    const char *text;
    int64_t first_line, last_line;
};

struct store_search {
    struct store_call call;
    int64_t user_seq;
    const char *const *words; /* any of which counts */
    size_t word_count;
    int64_t limit;

    struct found_passage *rows; /* best first */
    size_t count;
};

/** Finds the user's passages that fit the words best (bm25). */
void store_passage_search(struct store *store, struct store_search *want);

/* ---- Extractions ---- */

enum job_status { JOB_RUNNING = 1, JOB_COMPLETE, JOB_FAILED };

struct job_chunk_row {
    int64_t chunk;
    const char *facts;      /* JSON; NULL if the chunk failed */
    const char *error_code; /* NULL if it did not */
};

struct job_row {
    int64_t seq;
    struct id id;
    enum job_status status;
    const char *result;     /* JSON */
    const char *error_code;
};

struct store_job {
    struct store_call call;
    int64_t user_seq;
    struct id document;
    int completed;        /* store_job_find(): the newest completed one */

    struct job_row job;
    struct job_chunk_row *chunks; /* in order */
    size_t chunk_count;
    const char *name;     /* of the document */
    const char *content;  /* store_job_begin(), store_job_resume() */
    size_t content_len;
};

/** Makes a job; STORE_BUSY while the document has one running. */
void store_job_begin(struct store *store, struct store_job *want);
/** The newest job of a document, with its chunks. */
void store_job_find(struct store *store, struct store_job *want);
/** Some job that was running when the process ended, with all it needs to go
 *  on, newer than `job.seq`; `user_seq` and `document` are handed back, too. */
void store_job_resume(struct store *store, struct store_job *want);

struct store_job_save {
    struct store_call call;
    int64_t job_seq;
    int64_t chunk;          /* store_job_chunk() */
    const char *facts;
    const char *error_code; /* of the chunk, or of the job */
    enum job_status status; /* store_job_finish() */
    const char *result;
};

void store_job_chunk(struct store *store, struct store_job_save *want);
void store_job_finish(struct store *store, struct store_job_save *want);

#endif /* CHAT_CALLS_H */
