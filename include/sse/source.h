/*
 * source.h - when to connect, when to connect again, when to stop for good.
 *
 * SPDX-License-Identifier: MIT
 *
 * A source is the state machine behind an EventSource: it is told what a
 * transport meets (a response, bytes, events, an end) and answers with the one
 * thing to do next.  It does no input or output, allocates nothing, reads no
 * clock and draws its jitter from the caller's seed, so a thousand simulated
 * days run in a moment and twice the same.
 *
 *     for (;;) {
 *         sse_source_next(&source, now_ms(), &action);
 *         switch (action.kind) {
 *         case SSE_ACTION_CONNECT:  send the request            break;
 *         case SSE_ACTION_READ:     go on with it until .until_ms  break;
 *         case SSE_ACTION_WAIT:     sleep until .until_ms       break;
 *         case SSE_ACTION_CLOSE:    done, as asked for          return 0;
 *         case SSE_ACTION_FAIL:     done, it failed             return 1;
 *         case SSE_ACTION_NONE:     told before                 return 0;
 *         }
 *     }
 *
 * Times are milliseconds of any monotonic clock of the caller's; only their
 * differences count, and one that runs backwards is taken to stand still.
 * Distinct sources are independent; one source belongs to one thread at a time.
 *
 * What a response leads to, unless the policy hook says otherwise:
 *
 *     200, text/event-stream          the stream is open
 *     200, another media type         fails for good
 *     204                             closes for good
 *     408 425 429 500 502 503 504     again, not before Retry-After
 *     any other status                fails for good
 *
 * A connection that cannot be made, breaks, stands still beyond a limit, or
 * ends as its framing promised is made again, with these exceptions: a request
 * that is not idempotent is never repeated once an event of it was delivered,
 * and its regular end closes the source; `reconnect` off and `max_reconnects`
 * end it too.
 *
 * The delay before the next attempt starts from the reconnection time: the
 * stream's own `retry`, else `retry_ms`; at least 100 ms (less only if
 * `retry_ms` is less), at most `max_retry_ms`.  Jitter is only ever added: up
 * to a quarter after a healthy stream and after a first failure; after n
 * failures in a row the delay lies anywhere between the reconnection time and
 * its (n-1)-fold doubling, which `max_retry_ms` caps.  A stream was healthy if
 * it stayed open for `healthy_ms`, or if it delivered an event and then ended
 * regularly.  One that delivered an event and then broke earlier counts as a
 * failure only if it is the first, and forgives none.
 */
#ifndef SSE_SOURCE_H
#define SSE_SOURCE_H

#include <sse/export.h>
#include <sse/parser.h>
#include <sse/status.h>

/** A time that never comes, and a duration nobody told. */
#define SSE_NEVER UINT64_MAX

/** Longest Retry-After that is waited for, in ms: a day. */
#define SSE_RETRY_AFTER_MAX_MS UINT64_C(86400000)

/** Why an attempt or the whole source ended.  Appended to, never renumbered. */
typedef enum sse_reason {
    SSE_REASON_NONE = 0,               /**< nothing ended */
    SSE_REASON_END = 1,                /**< the body ended as framed */
    SSE_REASON_CUT = 2,                /**< the connection broke in the body */
    SSE_REASON_CONNECT = 3,            /**< no connection, or no response */
    SSE_REASON_CONNECT_TIMEOUT = 4,    /**< not connected in time */
    SSE_REASON_FIRST_BYTE_TIMEOUT = 5, /**< no response in time */
    SSE_REASON_IDLE_TIMEOUT = 6,       /**< nothing came for too long */
    SSE_REASON_TOTAL_TIMEOUT = 7,      /**< the limit on the whole passed */
    SSE_REASON_STATUS = 8,             /**< the HTTP status is no stream's */
    SSE_REASON_NO_CONTENT = 9,         /**< 204: the server said enough */
    SSE_REASON_MEDIA_TYPE = 10,        /**< not text/event-stream, or coded
                                            in a way nobody asked for */
    SSE_REASON_REDIRECT = 11,          /**< a loop, too many, no place to go */
    SSE_REASON_RETRY_AFTER = 12,       /**< told to wait for over a day */
    SSE_REASON_MAX_RECONNECTS = 13,    /**< as often as allowed; see `cause` */
    SSE_REASON_REPLAY = 14,            /**< may not be repeated; see `cause` */
    SSE_REASON_CALLER = 15,            /**< the caller asked */
    SSE_REASON_FATAL = 16,             /**< a failure that no retry can mend */
    SSE_REASON_TOO_LONG = 17,          /**< an event or head beyond its limit */
    SSE_REASON_POLICY = 18             /**< the policy hook; see `cause` */
} sse_reason;

/** What to do next. */
typedef enum sse_action_kind {
    /** Nothing, ever again: the end was told before. */
    SSE_ACTION_NONE = 0,
    /** Send the request now.  Told once for each attempt. */
    SSE_ACTION_CONNECT = 1,
    /** Drop the connection if there is one, then nothing until `until_ms`. */
    SSE_ACTION_WAIT = 2,
    /** Go on with the connection; ask again at `until_ms` at the latest. */
    SSE_ACTION_READ = 3,
    /** Drop the connection: it ended the way it was meant to.  Told once. */
    SSE_ACTION_CLOSE = 4,
    /** Drop the connection: it failed for good.  Told once. */
    SSE_ACTION_FAIL = 5
} sse_action_kind;

/** Where a source stands, for people to look at. */
typedef enum sse_source_state {
    SSE_SOURCE_CONNECTING = 1, /**< the response has not come yet */
    SSE_SOURCE_OPEN = 2,       /**< the stream is being read */
    SSE_SOURCE_WAITING = 3,    /**< for the next attempt */
    SSE_SOURCE_CLOSED = 4      /**< for good */
} sse_source_state;

/** The next thing to do, and all there is to know about it. */
typedef struct sse_action {
    sse_action_kind kind;
    sse_reason reason;   /**< WAIT, CLOSE, FAIL: why */
    sse_reason cause;    /**< what happened on the wire; differs from `reason`
                              where a rule of this side ended the source */
    int http_status;     /**< of the attempt's response; 0 if none came */
    uint64_t until_ms;   /**< WAIT, READ: a time of the caller's clock, or
                              SSE_NEVER */
    uint64_t delay_ms;   /**< WAIT: the delay that was planned */
    uint64_t attempt;    /**< number of the latest request; the first is 1 */
    uint64_t failures;   /**< failures in a row */
    const char *last_event_id; /**< CONNECT: to be sent byte for byte as
                                    Last-Event-ID unless empty; borrowed from
                                    the parser, until its next call */
    size_t last_event_id_len;  /**< bytes */
} sse_action;

/** What the policy hook may turn a case into. */
typedef enum sse_verdict {
    SSE_VERDICT_OPEN = 1,  /**< take the response as the stream */
    SSE_VERDICT_RETRY = 2, /**< another attempt after `delay_ms` */
    SSE_VERDICT_CLOSE = 3, /**< end, as asked for */
    SSE_VERDICT_FAIL = 4   /**< end, failed */
} sse_verdict;

/** One case for the policy hook: a response or an end, and what the rules
 *  make of it. */
typedef struct sse_decision {
    sse_reason reason;       /**< in: as in sse_action */
    sse_reason cause;        /**< in: as in sse_action */
    int response;            /**< in: not 0 if a response is judged; only then
                                  SSE_VERDICT_OPEN is possible */
    int http_status;         /**< in: of the attempt's response; 0 if none */
    const char *media_type;  /**< in: of the response judged; may be NULL */
    size_t media_type_len;   /**< bytes */
    uint64_t retry_after_ms; /**< in: SSE_NEVER if not told */
    uint64_t attempt;        /**< in: number of the request */
    uint64_t failures;       /**< in: failures in a row, this one included */
    uint64_t events;         /**< in: events delivered so far, all in all */
    sse_verdict verdict;     /**< in and out: what is to happen */
    uint64_t delay_ms;       /**< in and out: the delay if it is RETRY */
} sse_decision;

/**
 * Has the last word on every response and every end but the caller's own: it
 * may renew a token after a 401 and turn FAIL into RETRY, or accept another
 * media type.  Runs inside sse_source_open(), sse_source_end() and, after a
 * time limit, sse_source_next(); must not call the same source.
 *
 * @param decision  Filled in; change `verdict` and `delay_ms` alone.  Borrowed.
 * @param user      From the configuration.
 */
typedef void (*sse_policy_fn)(sse_decision *decision, void *user);

/** How a source behaves.  sse_source_config_init() gives the defaults. */
typedef struct sse_source_config {
    size_t size;             /**< set by sse_source_config_init() */
    uint64_t seed;           /**< of the jitter; different for each client */
    uint32_t retry_ms;       /**< reconnection time until the stream names one;
                                  3000 */
    uint32_t max_retry_ms;   /**< cap of it and of the backoff; 30000 */
    uint32_t healthy_ms;     /**< open this long, failures are forgotten;
                                  5000 */
    uint32_t connect_timeout_ms;    /**< until sse_source_connected(); 0: no
                                         limit, the default */
    uint32_t first_byte_timeout_ms; /**< from there to the response; 0: none */
    uint32_t idle_timeout_ms;       /**< between bytes once open; 0: none */
    uint64_t total_timeout_ms;      /**< for everything, waits included;
                                         0: none */
    uint64_t max_reconnects; /**< how often in all; SSE_NEVER: no limit */
    int reconnect;           /**< 0: one attempt is all; 1 */
    int idempotent;          /**< 0: see the rules above; 1 */
    sse_policy_fn policy;    /**< may be NULL */
    void *user;              /**< given to it */
} sse_source_config;

/** State of a source.  Lives where the caller puts it and owns nothing.
 *  Members are private; sizeof is fixed for one SONAME. */
typedef struct sse_source {
    sse_source_config config_;
    const sse_parser *parser_;
    uint64_t random_;       /* state of the jitter */
    uint64_t now_ms_;       /* latest time told */
    uint64_t born_ms_;      /* of the first attempt */
    uint64_t since_ms_;     /* of the phase: request, connection, last byte */
    uint64_t opened_ms_;    /* when the stream opened */
    uint64_t until_ms_;     /* end of the wait */
    uint64_t delay_ms_;     /* planned */
    uint64_t attempt_;
    uint64_t reconnects_;
    uint64_t failures_;     /* in a row */
    uint64_t events_;       /* delivered, all in all */
    uint64_t events_before_; /* delivered before this connection */
    int http_status_;
    uint8_t phase_, reason_, cause_, paused_, failed_;
    uint8_t spare_[7];
    uint64_t reserved_[6];  /* room to grow without a new SONAME */
} sse_source;

#ifdef __cplusplus
extern "C" {
#endif

/** Fills in the defaults.  @since 0.1.0 */
SSE_API void sse_source_config_init(sse_source_config *config);

/**
 * Prepares a source; its first action is SSE_ACTION_CONNECT.
 *
 * @param source  The caller's; need not be cleared before.
 * @param config  Copied; NULL for the defaults.
 * @param parser  Whose last event ID and reconnection time are read, never
 *                changed; to outlive the source and not to move.  NULL: no id
 *                is sent, and `retry_ms` alone counts.
 * @return SSE_OK
 *         SSE_ERR_INVALID  @p source is NULL, or `size` was not set.
 * @since 0.1.0
 */
SSE_API sse_status sse_source_init(sse_source *source,
                                   const sse_source_config *config,
                                   const sse_parser *parser);

/**
 * Says what to do now: the one output of a source.
 *
 * To be asked after each input below and when `until_ms` comes.  With any
 * answer but SSE_ACTION_READ the connection of the attempt is to be dropped,
 * and what it still tells is ignored.
 *
 * @param now_ms  The caller's clock.
 * @param action  Out, required.
 * @since 0.1.0
 */
SSE_API void sse_source_next(sse_source *source, uint64_t now_ms,
                             sse_action *action);

/** Input: the connection stands, TLS included: the connect limit is met and the
 *  first-byte limit runs.  A transport that cannot tell says so at once.
 *  @since 0.1.0 */
SSE_API void sse_source_connected(sse_source *source, uint64_t now_ms);

/**
 * Input: the final response's head has come, redirects followed.
 *
 * @param http_status     200 to 599 as received.
 * @param media_type      Value of Content-Type; borrowed for this call; NULL
 *                        if there was none.
 * @param media_type_len  Bytes at @p media_type.
 * @param retry_after_ms  From sse_retry_after(); SSE_NEVER if not told.
 * @since 0.1.0
 */
SSE_API void sse_source_open(sse_source *source, uint64_t now_ms,
                             int http_status, const char *media_type,
                             size_t media_type_len, uint64_t retry_after_ms);

/** Input: bytes of the body have come, comments too.  @since 0.1.0 */
SSE_API void sse_source_bytes(sse_source *source, uint64_t now_ms);

/** Input: an event, or a part of one, was delivered.  @since 0.1.0 */
SSE_API void sse_source_event(sse_source *source);

/**
 * Input: the attempt has ended.
 *
 * @param reason  SSE_REASON_END (regular), _CUT (broken in the body), _CONNECT
 *                (no response came; after one it counts as _CUT),
 *                _CONNECT_TIMEOUT and its like (found by the transport),
 *                _CALLER (end it all, whatever it does), or one that no retry
 *                mends: _REDIRECT, _MEDIA_TYPE, _TOO_LONG, _FATAL.
 * @since 0.1.0
 */
SSE_API void sse_source_end(sse_source *source, uint64_t now_ms,
                            sse_reason reason);

/** Input: the reader pauses the stream; the idle limit stands still until
 *  sse_source_resume().  @since 0.1.0 */
SSE_API void sse_source_pause(sse_source *source, uint64_t now_ms);

/** Input: the reader goes on; the idle limit starts anew.  @since 0.1.0 */
SSE_API void sse_source_resume(sse_source *source, uint64_t now_ms);

/** Changes the idle limit, in ms, 0 for none: for streams that announce the
 *  interval of their keep-alives.  @since 0.1.0 */
SSE_API void sse_source_set_idle(sse_source *source, uint32_t idle_timeout_ms);

/** Where the source stands.  @since 0.1.0 */
SSE_API sse_source_state sse_source_get_state(const sse_source *source);

/* Pure helpers; any thread may call them at any time. */

/** Not 0 if a Content-Type says `text/event-stream`, in any case, with or
 *  without parameters.  @since 0.1.0 */
SSE_API int sse_media_type_is_stream(const char *media_type, size_t len);

/** Not 0 if the rules above try again after this HTTP status.
 *  @since 0.1.0 */
SSE_API int sse_http_status_is_transient(int http_status);

/**
 * Reads an HTTP date in any of its three forms.
 *
 * @param text, len    E.g. `Sun, 06 Nov 1994 08:49:37 GMT`.
 * @param near_unix_s  A time close by, in seconds since 1970: it settles the
 *                     century of the form with a two-digit year.
 * @param unix_s       Out, required: seconds since 1970.
 * @return SSE_OK, or SSE_ERR_INVALID (no such date; nothing was written).
 * @see RFC 9110, section 5.6.7 ("Date/Time Formats")
 * @since 0.1.0
 */
SSE_API sse_status sse_http_date(const char *text, size_t len,
                                 int64_t near_unix_s, int64_t *unix_s);

/**
 * Turns the value of Retry-After into a delay.
 *
 * @param value, len  Seconds, or an HTTP date.
 * @param now_unix_s  What a date is relative to, in seconds since 1970: the
 *                    response's Date if it has one, else the caller's clock.
 * @param delay_ms    Out, required: 0 for a date that has passed; SSE_NEVER-1
 *                    for more than 64 bits hold.
 * @return SSE_OK, or SSE_ERR_INVALID (neither; nothing was written).
 * @see RFC 9110, section 10.2.3 ("Retry-After")
 * @since 0.1.0
 */
SSE_API sse_status sse_retry_after(const char *value, size_t len,
                                   int64_t now_unix_s, uint64_t *delay_ms);

/** A short English text for a reason, for logs; a constant, never NULL.
 *  @since 0.1.0 */
SSE_API const char *sse_reason_text(sse_reason reason);

/** The status that stands for a final action, for callers of a transport:
 *  SSE_STOPPED for the caller's own end, SSE_OK for any other SSE_ACTION_CLOSE
 *  and for actions that are not final, an error for SSE_ACTION_FAIL.
 *  @since 0.1.0 */
SSE_API sse_status sse_action_status(const sse_action *action);

#ifdef __cplusplus
}
#endif

#endif /* SSE_SOURCE_H */
