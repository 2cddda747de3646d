/*
 * curl.h - event streams over libcurl, in a multi loop or blocking.
 *
 * SPDX-License-Identifier: MIT
 *
 * One sse_curl is one stream: it holds the parser and the source (source.h),
 * sends the request, checks the response before any byte reaches the parser,
 * and connects again when and as the source says.  Streams that share a CURLM
 * belong to one group, which one thread drives:
 *
 *     sse_curl_group_open(multi, &group);
 *     sse_curl_open(easy, &config, &stream);
 *     sse_curl_attach(stream, group);
 *     while (sse_curl_group_turn(group, 1000) == SSE_OK) {
 *         ... other work of this thread ...
 *     }
 *
 * sse_curl_group_turn() is for programs whose loop is curl_multi_poll().  In
 * any other loop the program drives the CURLM by its socket and timer
 * functions as libcurl documents it, and calls sse_curl_group_step() after
 * each call to curl_multi_socket_action().  sse_curl_run() is the blocking
 * form: a CURLM of its own and one stream.
 *
 * The application owns libcurl's global state: it calls curl_global_init()
 * before anything here, and curl_global_cleanup() after.
 *
 * The easy handle stays the caller's, with everything about TLS, proxies,
 * authentication, cookies, HTTP versions, addresses and sockets as the caller
 * set it.  These options belong to the adapter from sse_curl_open() to
 * sse_curl_close(), and no others:
 *
 *     CURLOPT_URL HTTPHEADER HTTPGET POST NOBODY UPLOAD CUSTOMREQUEST
 *     POSTFIELDS COPYPOSTFIELDS POSTFIELDSIZE_LARGE ACCEPT_ENCODING
 *     WRITEFUNCTION WRITEDATA HEADERFUNCTION HEADERDATA HEADER ERRORBUFFER
 *     FOLLOWLOCATION FAILONERROR HTTP_TRANSFER_DECODING
 *     HTTP_CONTENT_DECODING SUPPRESS_CONNECT_HEADERS NOSIGNAL
 *     CONNECTTIMEOUT_MS TIMEOUT_MS LOW_SPEED_LIMIT LOW_SPEED_TIME
 *
 * Redirects are followed here, five in a row at most: after 301 and 308 later
 * connections go straight to the new place, after 302, 303 and 307 to the old
 * one; a POST becomes a GET on 301, 302 and 303.  On another origin (scheme,
 * host or port) and from there on the caller's own headers, body and
 * credentials do not travel: neither `headers` nor what the easy handle holds
 * as user name, password, bearer token, cookie, referer, netrc or client
 * certificate.  `Accept`, `Cache-Control` and `Last-Event-ID` do.
 *
 * A group, its streams and their easy handles belong to one thread at a time;
 * sse_curl_resume() and sse_curl_cancel() alone may be called from any thread,
 * also from hooks, as long as the stream has not been closed.
 */
#ifndef SSE_CURL_H
#define SSE_CURL_H

#include <curl/curl.h>
#include <sse/export.h>
#include <sse/parser.h>
#include <sse/source.h>
#include <sse/status.h>

/** One stream.  Opaque; owned by whoever opened it. */
typedef struct sse_curl sse_curl;

/** The streams of one CURLM.  Opaque; owned by whoever opened it. */
typedef struct sse_curl_group sse_curl_group;

/** The head of a final response, redirects followed.  All borrowed for the
 *  call that hands it over. */
typedef struct sse_curl_response {
    int http_status;         /**< as received */
    const char *media_type;  /**< Content-Type, NUL-terminated; NULL if none */
    const char *url;         /**< where it came from, NUL-terminated */
    const char *head;        /**< status line and header lines as received */
    size_t head_len;         /**< bytes */
    uint64_t retry_after_ms; /**< SSE_NEVER if not told */
} sse_curl_response;

/**
 * Receives each final response's head, before it is judged.
 *
 * @return SSE_GO, or SSE_STOP to end the stream here; SSE_PAUSE counts as
 *         SSE_GO.
 */
typedef int (*sse_curl_response_fn)(const sse_curl_response *response,
                                    void *user);

/**
 * Receives each change of state: connecting, open, waiting (for
 * action->delay_ms, because of action->reason) and, once, closed.
 *
 * @param action  What the source said, see there; borrowed.  With open only
 *                `kind`, `http_status` and `attempt` say something.
 */
typedef void (*sse_curl_state_fn)(sse_source_state state,
                                  const sse_action *action, void *user);

/** How a stream ended.  All pointers borrowed for the call. */
typedef struct sse_curl_result {
    sse_status status;    /**< SSE_OK: regular end or 204.  SSE_INCOMPLETE:
                               regular end in the middle of an event.
                               SSE_STOPPED: a hook said so.
                               SSE_ERR_CANCELLED: sse_curl_cancel() or
                               sse_curl_close(), unless it had failed before.
                               SSE_ERR_HTTP_STATUS,
                               _MEDIA_TYPE, _TRANSPORT, _TIMEOUT, _PROTOCOL,
                               _LIMIT, _TOO_LONG, _NO_MEMORY */
    sse_reason reason;    /**< as in sse_action */
    sse_reason cause;     /**< as in sse_action */
    int http_status;      /**< of the latest response; 0 if there was none */
    CURLcode code;        /**< of the latest transfer; CURLE_OK if it did not
                               fail by itself */
    const char *text;     /**< reason for people, one line, NUL-terminated */
    const char *body;     /**< start of the body of a response that was no
                               stream, NUL-terminated; "" if none */
    size_t body_len;      /**< bytes */
    uint64_t events;      /**< delivered, all in all */
    uint64_t attempts;    /**< requests, redirects not counted */
} sse_curl_result;

/** Receives the end, exactly once for each attached stream.  The last hook to
 *  run; sse_curl_close() may be called from it, other hooks must not. */
typedef void (*sse_curl_end_fn)(const sse_curl_result *result, void *user);

/** Sets up hooks, limits and policies of the parser, once, in
 *  sse_curl_open().  @return SSE_OK, or what sse_curl_open() is to answer. */
typedef sse_status (*sse_curl_setup_fn)(sse_parser *parser, void *user);

/** A stream.  sse_curl_config_init() gives the defaults; everything pointed to
 *  is copied by sse_curl_open(). */
typedef struct sse_curl_config {
    size_t size;              /**< set by sse_curl_config_init() */
    const char *url;          /**< http or https, NUL-terminated; required */
    const char *method;       /**< NULL: POST if there is a body, else GET */
    const char *const *headers; /**< lines as `Name: value`, NUL-terminated,
                                   as libcurl takes them.  A line for Accept
                                   or Cache-Control replaces ours; one for
                                   Last-Event-ID counts until the stream has
                                   an id.  Without a line of the caller's no
                                   Content-Type and no Expect is sent */
    size_t header_count;
    const char *body;         /**< request body; NULL: none */
    size_t body_len;          /**< bytes */
    const char *accept_encoding; /**< content codings to ask for and decode;
                                   "" for all libcurl has; NULL: none */
    int idempotent;           /**< 0: never repeated once an event was
                                   delivered; -1, the default: whether the
                                   method is GET or HEAD */
    int reconnect;            /**< 0: one attempt is all; 1 */
    uint32_t connect_timeout_ms;    /**< name look-up to TLS; 0: no limit;
                                         10000 */
    uint32_t first_byte_timeout_ms; /**< from there to the response's head;
                                         0: no limit, the default */
    uint32_t idle_timeout_ms;       /**< between bytes, not while paused;
                                         0: no limit, the default */
    uint64_t total_timeout_ms;      /**< for everything, waits included;
                                         0: no limit, the default */
    uint32_t retry_ms;        /**< see sse_source_config; 3000 */
    uint32_t max_retry_ms;    /**< 30000 */
    uint32_t healthy_ms;      /**< 5000 */
    uint64_t max_reconnects;  /**< SSE_NEVER: no limit, the default */
    size_t scratch_cap;       /**< initial room for the data of an event, in
                                   bytes; 4096 */
    size_t max_event_size;    /**< data of the largest event, in bytes: the
                                   scratch grows up to it, and what is larger
                                   is skipped and told to the dropped hook;
                                   32 at least; 16 MiB */
    size_t max_id_size;       /**< longest id, in bytes; 1024 */
    size_t max_type_size;     /**< longest event type, in bytes; 256 */
    size_t max_head_size;     /**< longest response head, in bytes; 65536 */
    size_t max_error_body;    /**< how much of the body of a response that is
                                   no stream is kept, in bytes; 8192 */
    const char *last_event_id; /**< to start from; NULL: none */
    size_t last_event_id_len; /**< bytes */
    uint64_t seed;            /**< of the jitter; 0: one is drawn */
    sse_event_fn on_event;    /**< required.  SSE_PAUSE stops reading the
                                   socket until sse_curl_resume() */
    sse_curl_response_fn on_response; /**< may be NULL */
    sse_curl_state_fn on_state;       /**< may be NULL */
    sse_curl_end_fn on_end;           /**< may be NULL */
    sse_curl_setup_fn setup_parser;   /**< may be NULL.  A grow or skip policy
                                         needs no setting; a stop or fragment
                                         policy set here holds */
    sse_policy_fn policy;             /**< may be NULL */
    void *user;               /**< given to all hooks, the parser's too */
} sse_curl_config;

#ifdef __cplusplus
extern "C" {
#endif

/** Fills in the defaults.  @since 0.1.0 */
SSE_API void sse_curl_config_init(sse_curl_config *config);

/**
 * Makes a stream out of an easy handle.  Nothing is sent before
 * sse_curl_attach().
 *
 * @param easy    The caller's, in no multi handle; see above for the options
 *                that are the adapter's until sse_curl_close().
 * @param config  Copied, with all it points to.
 * @param stream  Out: to be given to sse_curl_close().  NULL on failure.
 * @return SSE_OK
 *         SSE_ERR_INVALID    a required member is missing, `size` was not set,
 *                            or the URL is no http or https URL.
 *         SSE_ERR_CHARACTER  CR, LF or NUL in `last_event_id`, CR or LF in a
 *                            header or the method.
 *         SSE_ERR_NO_SPACE   `last_event_id` is longer than `max_id_size`, or
 *                            the scratch is too small for the limits.
 *         SSE_ERR_NO_MEMORY
 *         Otherwise what setup_parser answered.
 * @since 0.1.0
 */
SSE_API sse_status sse_curl_open(CURL *easy, const sse_curl_config *config,
                                 sse_curl **stream);

/**
 * Starts a stream in a group; the request goes out with the next step.
 *
 * Not from inside a hook of any stream but on_end.
 *
 * @return SSE_OK; SSE_ERR_INVALID (NULL, or attached before);
 *         SSE_ERR_NO_MEMORY.
 * @since 0.1.0
 */
SSE_API sse_status sse_curl_attach(sse_curl *stream, sse_curl_group *group);

/**
 * Ends a stream if it has not ended, calling on_end if it was attached, and
 * frees it.  The easy handle is the caller's again; the options named above
 * that pointed into the stream are cleared.  Not from inside a hook of any
 * stream of its group but on_end: elsewhere sse_curl_cancel() is the way.
 *
 * @param stream  May be NULL.
 * @since 0.1.0
 */
SSE_API void sse_curl_close(sse_curl *stream);

/** Goes on after SSE_PAUSE, on the group's thread, from where the reader
 *  stopped: no byte is lost, none comes twice.  The pause leaves the socket
 *  unread, or over HTTP/2 lets the window of this stream close, which libcurl
 *  (7.88) opens 32 MiB wide.  Each pause wants one resume;
 *  one that comes while the pausing hook is still running counts for it.  From
 *  any thread.  @since 0.1.0 */
SSE_API void sse_curl_resume(sse_curl *stream);

/** Ends the stream soon, on the group's thread, also while nothing arrives or
 *  it is paused or waiting.  From any thread.  @since 0.1.0 */
SSE_API void sse_curl_cancel(sse_curl *stream);

/** The parser, for its accessors; not to be fed.  @since 0.1.0 */
SSE_API sse_parser *sse_curl_parser(sse_curl *stream);

/** The source, for its accessors.  @since 0.1.0 */
SSE_API const sse_source *sse_curl_source(const sse_curl *stream);

/** Changes the idle limit, as sse_source_set_idle() does.  From hooks too.
 *  @since 0.1.0 */
SSE_API void sse_curl_set_idle(sse_curl *stream, uint32_t idle_timeout_ms);

/** Tells that a part of an event was delivered: to be called by the fragment
 *  hook of a parser with that policy, whose deliveries only it sees.
 *  @since 0.1.0 */
SSE_API void sse_curl_note_event(sse_curl *stream);

/** What went wrong last, for people, one line: while a stream waits for its
 *  next attempt, why.  @return NUL-terminated, never NULL, borrowed until the
 *  next step.  @since 0.1.0 */
SSE_API const char *sse_curl_error_text(const sse_curl *stream);

/** The easy handle given to sse_curl_open().  @since 0.1.0 */
SSE_API CURL *sse_curl_easy(sse_curl *stream);

/**
 * Replaces the caller's headers from the next request on, e.g. by ones with a
 * renewed token; made to be called from the policy hook.
 *
 * @return SSE_OK; SSE_ERR_CHARACTER; SSE_ERR_INVALID; SSE_ERR_NO_MEMORY;
 *         unless SSE_OK nothing has changed.
 * @since 0.1.0
 */
SSE_API sse_status sse_curl_set_headers(sse_curl *stream,
                                        const char *const *headers,
                                        size_t header_count);

/**
 * The value of a header of a response.
 *
 * @param name  Without the colon, in any case, NUL-terminated.
 * @param len   Out, required: bytes, white space around it left out.
 * @return Into response->head, the first such header; NULL if there is none.
 * @since 0.1.0
 */
SSE_API const char *sse_curl_response_header(const sse_curl_response *response,
                                             const char *name, size_t *len);

/* Groups. */

/**
 * Makes a group of a CURLM, which may carry other transfers too.
 *
 * @param multi  The caller's; to outlive the group.
 * @param group  Out: to be given to sse_curl_group_close().
 * @return SSE_OK; SSE_ERR_INVALID; SSE_ERR_NO_MEMORY.
 * @since 0.1.0
 */
SSE_API sse_status sse_curl_group_open(CURLM *multi, sse_curl_group **group);

/** Frees a group, all streams of which must have been closed.  Not from inside
 *  a hook.  @param group  May be NULL.  @since 0.1.0 */
SSE_API void sse_curl_group_close(sse_curl_group *group);

/**
 * Says how another thread's sse_curl_resume() and sse_curl_cancel() reach the
 * loop; curl_multi_wakeup() unless set, which reaches curl_multi_poll() alone.
 *
 * @param wake  Thread-safe; makes the loop call sse_curl_group_step() soon.
 *              It may be called more often than needed, never under a lock.
 * @since 0.1.0
 */
SSE_API void sse_curl_group_on_wake(sse_curl_group *group,
                                    void (*wake)(void *user), void *user);

/** Sets who hears of finished transfers that are no streams: the messages of
 *  curl_multi_info_read(), which the group empties.  @since 0.1.0 */
SSE_API void sse_curl_group_on_message(sse_curl_group *group,
                                       void (*fn)(CURLMsg *message,
                                                  void *user),
                                       void *user);

/**
 * Does what is due: requests to send, transfers that ended, time limits,
 * waits that are over, resumes and cancels.  on_end and the states but for
 * open run here; the other hooks run in here or inside libcurl's calls that
 * move bytes.
 *
 * Not from inside a hook.
 *
 * @param next_ms  Out, required: milliseconds until it is to be called again
 *                 even if nothing happens; SSE_NEVER if it need not be.
 * @return SSE_OK       streams are left.
 *         SSE_STOPPED  none is.
 *         SSE_ERR_REENTRY, SSE_ERR_INVALID: nothing was done.
 * @since 0.1.0
 */
SSE_API sse_status sse_curl_group_step(sse_curl_group *group,
                                       uint64_t *next_ms);

/**
 * One turn of a loop around curl_multi_poll(): performs, steps, and waits for
 * at most @p timeout_ms for more.
 *
 * @return As sse_curl_group_step(); SSE_ERR_SYSTEM if libcurl's multi handle
 *         failed.
 * @since 0.1.0
 */
SSE_API sse_status sse_curl_group_turn(sse_curl_group *group,
                                       uint32_t timeout_ms);

/**
 * The blocking form: opens a stream, reads it to its end, closes it.
 *
 * @param easy    As for sse_curl_open().
 * @param config  As for sse_curl_open().  To end it early return SSE_STOP from
 *                a hook.  SSE_PAUSE needs another thread that calls
 *                sse_curl_resume(), so it is for the multi form.
 * @return The status of the result that on_end receives, or what
 *         sse_curl_open() answered.
 * @since 0.1.0
 */
SSE_API sse_status sse_curl_run(CURL *easy, const sse_curl_config *config);

#ifdef __cplusplus
}
#endif

#endif /* SSE_CURL_H */
