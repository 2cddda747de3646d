/*
 * client.h - event streams over plain sockets, in the loop of sock.h or
 * blocking.
 *
 * SPDX-License-Identifier: MIT
 *
 * One sse_client is one stream: it holds the parser and the source (source.h),
 * sends the request, checks the response before any byte reaches the parser,
 * and connects again when and as the source says.  It is sse/curl.h without
 * libcurl: the same rules, and the same calls under other names.
 *
 *     sse_client_open(&config, &client);
 *     sse_client_attach(client, loop);
 *     sse_loop_run(loop);
 *
 * sse_client_run() is the blocking form: a loop of its own and one stream.
 * sse/sock.h includes this header.
 *
 * It speaks HTTP/1.1 over TCP, IPv4 and IPv6, and nothing else: no TLS, no
 * proxy, no content coding, no cookies.  A URL with https, also one that a
 * redirect leads to, fails with a text that says so; libsse-curl is for those.
 *
 * Responses are read strictly: a malformed head, folded lines, two lengths, a
 * length beside a transfer coding, or a coding other than chunked end the
 * stream for good.  In a body, what breaks the framing counts as a broken
 * connection.  Where it is whole and both sides agree, a connection is kept
 * for the next request.
 *
 * Names are looked up by getaddrinfo(), which may block the loop, for seconds
 * if the network is ill.  Who cannot have that gives `addresses`, or a URL
 * with a numeric host.  All addresses of a host are tried, families in turn,
 * each a quarter of a second after the one before; the first that connects is
 * taken (RFC 8305 has the idea).
 *
 * Redirects, origins and what travels: as sse/curl.h says.  User name and
 * password in the URL are sent as Basic credentials unless the caller's own
 * headers hold Authorization.
 *
 * A client belongs to the thread of its loop; sse_client_resume() and
 * sse_client_cancel() alone may be called from any thread, also from hooks, as
 * long as the client has not been closed.
 */
#ifndef SSE_CLIENT_H
#define SSE_CLIENT_H

#include <sse/export.h>
#include <sse/parser.h>
#include <sse/sock.h>
#include <sse/source.h>
#include <sse/status.h>

/** One stream.  Opaque; owned by whoever opened it. */
typedef struct sse_client sse_client;

/**
 * Receives the head of each request as it is about to go out on a connection:
 * those after a redirect too, and once more where it has to be sent anew since
 * a kept connection turned out to be closed.  It holds what the caller's
 * headers hold, credentials included.
 *
 * @param head      Request line and header lines, the blank line included; not
 *                  NUL-terminated; borrowed.
 * @param head_len  Bytes.
 */
typedef void (*sse_client_request_fn)(const char *head, size_t head_len,
                                      void *user);

/** The head of a final response, redirects followed.  All borrowed for the
 *  call that hands it over. */
typedef struct sse_client_response {
    int http_status;         /**< as received */
    const char *media_type;  /**< Content-Type, NUL-terminated; NULL if none */
    const char *url;         /**< where it came from, NUL-terminated */
    const char *head;        /**< status line and header lines as received */
    size_t head_len;         /**< bytes */
    uint64_t retry_after_ms; /**< SSE_NEVER if not told */
} sse_client_response;

/**
 * Receives each final response's head, before it is judged.
 *
 * @return SSE_GO, or SSE_STOP to end the stream here; SSE_PAUSE counts as
 *         SSE_GO.
 */
typedef int (*sse_client_response_fn)(const sse_client_response *response,
                                      void *user);

/**
 * Receives each change of state: connecting, open, waiting (for
 * action->delay_ms, because of action->reason) and, once, closed.
 *
 * @param action  What the source said, see there; borrowed.  With open only
 *                `kind`, `http_status` and `attempt` say something.
 */
typedef void (*sse_client_state_fn)(sse_source_state state,
                                    const sse_action *action, void *user);

/** How a stream ended.  All pointers borrowed for the call. */
typedef struct sse_client_result {
    sse_status status;    /**< SSE_OK: regular end or 204.  SSE_INCOMPLETE:
                               regular end in the middle of an event.
                               SSE_STOPPED: a hook said so.
                               SSE_ERR_CANCELLED: sse_client_cancel() or
                               sse_client_close(), unless it had failed before.
                               SSE_ERR_HTTP_STATUS,
                               _MEDIA_TYPE, _TRANSPORT, _TIMEOUT, _PROTOCOL,
                               _LIMIT, _TOO_LONG, _NO_MEMORY */
    sse_reason reason;    /**< as in sse_action */
    sse_reason cause;     /**< as in sse_action */
    int http_status;      /**< of the latest response; 0 if there was none */
    int system_error;     /**< errno of the latest connection; 0 if it did not
                               fail by itself */
    const char *text;     /**< reason for people, one line, NUL-terminated */
    const char *body;     /**< start of the body of a response that was no
                               stream, NUL-terminated; "" if none */
    size_t body_len;      /**< bytes */
    uint64_t events;      /**< delivered, all in all */
    uint64_t attempts;    /**< requests, redirects not counted */
} sse_client_result;

/** Receives the end, exactly once for each attached client.  The last hook to
 *  run. */
typedef void (*sse_client_end_fn)(const sse_client_result *result, void *user);

/** Sets up hooks, limits and policies of the parser, once, in
 *  sse_client_open().  @return SSE_OK, or what sse_client_open() is to
 *  answer. */
typedef sse_status (*sse_client_setup_fn)(sse_parser *parser, void *user);

/** A stream.  sse_client_config_init() gives the defaults; everything pointed
 *  to is copied by sse_client_open(). */
typedef struct sse_client_config {
    size_t size;              /**< set by sse_client_config_init() */
    const char *url;          /**< http, NUL-terminated; required.  With https
                                   the stream fails at once */
    const char *method;       /**< NULL: POST if there is a body, else GET */
    const char *const *headers; /**< lines as `Name: value`, NUL-terminated;
                                   `Name;` sends one without a value, `Name:`
                                   keeps ours from being sent.  A line for
                                   Accept, Cache-Control, User-Agent or Host
                                   replaces ours; one for Last-Event-ID counts
                                   until the stream has an id; Content-Length
                                   and Transfer-Encoding are left out.  Without
                                   a line of the caller's no Content-Type is
                                   sent */
    size_t header_count;
    const char *body;         /**< request body; NULL: none */
    size_t body_len;          /**< bytes */
    const char *user_agent;   /**< value of User-Agent, also on other origins;
                                   NULL: none */
    const char *const *addresses; /**< numeric IPv4 and IPv6 addresses of the
                                   URL's host, NUL-terminated, to be used
                                   instead of a look-up; a redirect to another
                                   host has that one looked up */
    size_t address_count;     /**< 0: a look-up */
    int idempotent;           /**< 0: never repeated once an event was
                                   delivered; -1, the default: whether the
                                   method is GET or HEAD */
    int reconnect;            /**< 0: one attempt is all; 1 */
    uint32_t connect_timeout_ms;    /**< name look-up and connection, though a
                                         look-up is not cut short; 0: no limit;
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
                                   socket until sse_client_resume() */
    sse_client_request_fn on_request; /**< may be NULL */
    sse_client_response_fn on_response; /**< may be NULL */
    sse_client_state_fn on_state;       /**< may be NULL */
    sse_client_end_fn on_end;           /**< may be NULL */
    sse_client_setup_fn setup_parser;   /**< may be NULL.  A grow or skip
                                   policy needs no setting; a stop or fragment
                                   policy set here holds */
    sse_policy_fn policy;     /**< may be NULL */
    void *user;               /**< given to all hooks, the parser's too */
} sse_client_config;

#ifdef __cplusplus
extern "C" {
#endif

/** Fills in the defaults.  @since 0.1.0 */
SSE_API void sse_client_config_init(sse_client_config *config);

/**
 * Makes a stream.  Nothing is sent before sse_client_attach().
 *
 * @param config  Copied, with all it points to.
 * @param client  Out: to be given to sse_client_close().  NULL on failure.
 * @return SSE_OK
 *         SSE_ERR_INVALID    a required member is missing, `size` was not set,
 *                            the URL is no http or https URL, a header line
 *                            has neither colon nor semicolon, or an address is
 *                            not numeric.
 *         SSE_ERR_CHARACTER  CR, LF or NUL in `last_event_id`, a control
 *                            character or a space in the URL, a control
 *                            character in a header, or a method or a header's
 *                            name that is no token.
 *         SSE_ERR_NO_SPACE   `last_event_id` is longer than `max_id_size`, or
 *                            the scratch is too small for the limits.
 *         SSE_ERR_NO_MEMORY
 *         Otherwise what setup_parser answered.
 * @since 0.1.0
 */
SSE_API sse_status sse_client_open(const sse_client_config *config,
                                   sse_client **client);

/**
 * Starts a stream in a loop; the request goes out with the next turn.  Also
 * from inside callbacks.
 *
 * @param loop  To be closed after the client.
 * @return SSE_OK; SSE_ERR_INVALID (NULL, or attached before).
 * @since 0.1.0
 */
SSE_API sse_status sse_client_attach(sse_client *client, sse_loop *loop);

/**
 * Ends a stream if it has not ended, calling on_end if it was attached, and
 * frees it.  Also from inside callbacks; from inside a hook of the same client
 * the rest follows when that hook has returned, on_end included.
 *
 * @param client  May be NULL.
 * @since 0.1.0
 */
SSE_API void sse_client_close(sse_client *client);

/** Goes on after SSE_PAUSE, on the loop's thread, from where the reader
 *  stopped: no byte is lost, none comes twice.  Each pause wants one resume;
 *  one that comes while the pausing hook is still running counts for it.  From
 *  any thread.  @since 0.1.0 */
SSE_API void sse_client_resume(sse_client *client);

/** Ends the stream soon, on the loop's thread, also while nothing arrives or
 *  it is paused or waiting.  From any thread.  @since 0.1.0 */
SSE_API void sse_client_cancel(sse_client *client);

/** The parser, for its accessors; not to be fed.  @since 0.1.0 */
SSE_API sse_parser *sse_client_parser(sse_client *client);

/** The source, for its accessors.  @since 0.1.0 */
SSE_API const sse_source *sse_client_source(const sse_client *client);

/** Changes the idle limit, as sse_source_set_idle() does.  From hooks too.
 *  @since 0.1.0 */
SSE_API void sse_client_set_idle(sse_client *client, uint32_t idle_timeout_ms);

/** Tells that a part of an event was delivered: to be called by the fragment
 *  hook of a parser with that policy, whose deliveries only it sees.
 *  @since 0.1.0 */
SSE_API void sse_client_note_event(sse_client *client);

/** What went wrong last, for people, one line: while a stream waits for its
 *  next attempt, why.  @return NUL-terminated, never NULL, borrowed until the
 *  next turn.  @since 0.1.0 */
SSE_API const char *sse_client_error_text(const sse_client *client);

/**
 * Replaces the caller's headers from the next request on, e.g. by ones with a
 * renewed token; made to be called from the policy hook.
 *
 * @return SSE_OK; SSE_ERR_CHARACTER; SSE_ERR_INVALID; SSE_ERR_NO_MEMORY;
 *         unless SSE_OK nothing has changed.
 * @since 0.1.0
 */
SSE_API sse_status sse_client_set_headers(sse_client *client,
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
SSE_API const char *
sse_client_response_header(const sse_client_response *response,
                           const char *name, size_t *len);

/**
 * The blocking form: opens a stream, reads it to its end, closes it.
 *
 * @param config  As for sse_client_open().  To end it early return SSE_STOP
 *                from a hook.  SSE_PAUSE needs another thread that calls
 *                sse_client_resume(), so it is for the other form.
 * @return The status of the result that on_end receives, or what
 *         sse_client_open() or sse_loop_open() answered.
 * @since 0.1.0
 */
SSE_API sse_status sse_client_run(const sse_client_config *config);

#ifdef __cplusplus
}
#endif

#endif /* SSE_CLIENT_H */
