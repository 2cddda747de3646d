/*
 * stream.h - inside of a stream and of a group of them.
 *
 * SPDX-License-Identifier: MIT
 *
 *     sse_curl.c  a stream made and unmade, and what callers may ask it
 *     drive.c     from attempt to attempt, as the source says
 *     request.c   an easy handle set up and sent; headers.c has its lines
 *     response.c  the head of a response, judged
 *     body.c      its body, to the parser or aside
 *     text.c      what a failure means
 *     group.c     the streams of one CURLM; run.c is a loop around one
 *     buffer.c    bounded buffers; clock.c
 *
 * A stream belongs to the thread of its group; what other threads may do goes
 * through sse_curl::raised.
 */
#ifndef SSE_ADAPTERS_CURL_STREAM_H
#define SSE_ADAPTERS_CURL_STREAM_H

#include "../header.h"
#include "../redirect.h"
#include "../scratch.h"

#include <sse/curl.h>

/* Bits of sse_curl::raised, set by any thread. */
#define SSE_PRIV_RESUME 0x1u
#define SSE_PRIV_CANCEL 0x2u
#define SSE_PRIV_QUEUED 0x4u /* it is in the group's list of raised streams */

/** What is to become of the running transfer's bytes. */
typedef enum sse_priv_mode {
    SSE_PRIV_IDLE = 0,     /* no transfer */
    SSE_PRIV_HEAD = 1,     /* the response has not been judged */
    SSE_PRIV_STREAM = 2,   /* to the parser */
    SSE_PRIV_REFUSED = 3,  /* the body of a response that is no stream */
    SSE_PRIV_REDIRECT = 4, /* the body of a redirect */
    SSE_PRIV_FLUSH = 5     /* the transfer is over, a paused event is left */
} sse_priv_mode;

/** A buffer that grows up to a limit; kept NUL-terminated. */
typedef struct sse_priv_buffer {
    char *at;
    size_t len, cap, max;
} sse_priv_buffer;

struct sse_curl {
    sse_curl_config config; /* with all pointers into memory of our own */
    char *method, *body, *accept_encoding;
    struct curl_slist *headers; /* the caller's */
    struct curl_slist *lines;   /* of the running request */
    CURL *easy;                 /* the caller's */
    CURL *away;   /* copy of it without credentials, for other origins */
    CURL *active; /* the one that is in the CURLM; NULL if none is */
    sse_priv_route route;

    sse_parser parser;
    sse_source source;
    sse_priv_scratch scratch;

    sse_priv_mode mode;
    sse_priv_buffer head;
    sse_priv_buffer refused;  /* start of the body of a refused response */
    size_t discarded;         /* bytes of a body that nobody wants */
    size_t skip;              /* bytes that curl delivers again */
    uint64_t drain_until_ms;  /* REFUSED and REDIRECT end here */
    int http_status;          /* of the head */
    int head_complete, incomplete;
    int paused, resumed, stopped, cancelled, ended, closing;
    sse_reason fault;         /* why this side broke the transfer off */
    sse_status fault_status;  /* SSE_OK if the reason says it */
    CURLcode code;            /* of the last transfer */
    sse_status final;         /* once ended */
    sse_source_state told;    /* state last told to on_state; 0 if none */
    uint64_t attempts, events;
    char media_type[256];     /* cut if longer */
    char curl_error[CURL_ERROR_SIZE];
    char text[384];           /* what went wrong, for people */

    sse_curl_group *group;    /* atomic; NULL before attach */
    size_t slot;              /* in its heap */
    uint32_t raised;          /* atomic, SSE_PRIV_* */
    sse_curl *next_raised;
};

/** One stream in the heap, the earliest on top. */
typedef struct sse_priv_entry {
    CURL *active; /* what curl_multi_info_read() names */
    sse_curl *stream;
    uint64_t due_ms;
} sse_priv_entry;

struct sse_curl_group {
    CURLM *multi;
    sse_priv_entry *heap;
    size_t count, cap;
    sse_curl *raised; /* atomic: streams with something for the loop */
    void (*wake)(void *user);
    void *wake_user;
    void (*on_message)(CURLMsg *message, void *user);
    void *message_user;
    int stepping;
};

/* clock.c */

/** Milliseconds of a clock that never goes back. */
uint64_t sse_priv_curl_now_ms(void);

/* buffer.c */

/** Appends what fits below the limit.  @return SSE_OK; SSE_ERR_LIMIT (part of
 *  it did not fit); SSE_ERR_NO_MEMORY (nothing was appended). */
sse_status sse_priv_buffer_add(sse_priv_buffer *buffer, const char *text,
                               size_t len);
/** Frees what it holds; the limit stays. */
void sse_priv_buffer_free(sse_priv_buffer *buffer);

/* headers.c */

/** Copies the caller's header lines.  @return SSE_OK; SSE_ERR_CHARACTER;
 *  SSE_ERR_INVALID; SSE_ERR_NO_MEMORY. */
sse_status sse_priv_curl_copy_headers(const char *const *headers, size_t count,
                                      struct curl_slist **copy);
/** The lines of the next request, to be freed by curl_slist_free_all(); NULL
 *  without memory. */
struct curl_slist *sse_priv_curl_lines(sse_curl *stream);

/* request.c */

/** Sends a request to the route's current place.  @return SSE_OK;
 *  SSE_ERR_NO_MEMORY; SSE_ERR_TRANSPORT (see stream->text). */
sse_status sse_priv_curl_send(sse_curl *stream);
/** Takes the running transfer out of the CURLM, if there is one. */
void sse_priv_curl_drop(sse_curl *stream);
/** Takes our options off the caller's easy handle. */
void sse_priv_curl_release(sse_curl *stream);

/* response.c */

/** CURLOPT_HEADERFUNCTION. */
size_t sse_priv_curl_on_head(char *line, size_t size, size_t count,
                             void *user);
/** Judges the head that has come; mode is no longer SSE_PRIV_HEAD. */
void sse_priv_curl_judge(sse_curl *stream);

/* body.c */

/** Not 0 if it was cancelled.  Another thread's cancel counts from the moment
 *  it is seen, so that it is told as one even if the transfer ends before the
 *  group takes it up. */
int sse_priv_curl_is_cancelled(sse_curl *stream);

/** CURLOPT_WRITEFUNCTION. */
size_t sse_priv_curl_on_body(char *bytes, size_t size, size_t count,
                             void *user);
/** Tells the parser that its stream has ended, and hands over what that
 *  flushes.  @return SSE_PAUSED if a hook paused, otherwise SSE_OK. */
sse_status sse_priv_curl_finish_parser(sse_curl *stream, int clean);

/* drive.c */

/** A transfer of this stream is over. */
void sse_priv_curl_done(sse_curl *stream, CURLcode code);
/** Does what is due and sets the time of the next step.  The stream may be
 *  gone afterwards. */
void sse_priv_curl_step(sse_curl *stream, uint64_t now_ms);
/** Ends the stream: last state, on_end.  It may be gone afterwards. */
void sse_priv_curl_end(sse_curl *stream, const sse_action *action);

/* text.c */

/** Writes into stream->text why the transfer failed. */
void sse_priv_curl_describe(sse_curl *stream, sse_reason reason);
/** What a failed transfer means to the source. */
sse_reason sse_priv_curl_reason(const sse_curl *stream, CURLcode code);

/* group.c */

/** Changes when a stream is to be stepped; 0 for at once. */
void sse_priv_group_due(sse_curl *stream, uint64_t due_ms);
/** Says which handle a stream has in the CURLM; NULL for none. */
void sse_priv_group_active(sse_curl *stream, CURL *active);
/** Takes a stream that has ended out of the heap. */
void sse_priv_group_leave(sse_curl *stream);
/** Takes a stream that is about to be freed out of the list of raised ones. */
void sse_priv_group_forget(sse_curl *stream);
/** Sets a bit of `raised`, and sees to it that the loop hears of it. */
void sse_priv_group_raise(sse_curl *stream, uint32_t bit);

#endif /* SSE_ADAPTERS_CURL_STREAM_H */
