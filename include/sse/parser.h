/*
 * parser.h - bytes of a text/event-stream in, events out.
 *
 * SPDX-License-Identifier: MIT
 *
 * The parser follows the HTML Standard, "Parsing an event stream" and
 * "Interpreting an event stream", to the letter: the same events come out
 * however the stream is cut into chunks, each on the byte that completes it.
 * It owns no memory, takes no lock, reads no clock and calls nothing but
 * memcpy, memmove, memset and memcmp.
 *
 * Two ways of use, with the same rules and hooks:
 *
 *   push   sse_parser_init() with a callback, then sse_parser_feed();
 *   pull   sse_parser_init() with NULL for it, then sse_parser_next().
 *
 * Distinct parsers are independent of each other; one parser belongs to one
 * thread at a time.
 */
#ifndef SSE_PARSER_H
#define SSE_PARSER_H

#include <sse/event.h>
#include <sse/export.h>
#include <sse/status.h>

/** Smallest scratch sse_parser_init() accepts, in bytes. */
#define SSE_SCRATCH_MIN 256

/**
 * Receives one event, on the byte of the blank line that completes it.
 *
 * @param event  Borrowed: the struct and the bytes it points to (in the chunk
 *               being fed or in the scratch) die when this returns.
 * @param user   The pointer given to sse_parser_init().
 * @return SSE_GO, SSE_PAUSE or SSE_STOP; the latter two end the running feed
 *         after this event.
 */
typedef int (*sse_event_fn)(const sse_event *event, void *user);

/**
 * Receives one comment line.
 *
 * @param text    What stands after the colon, untouched; borrowed until this
 *                returns.
 * @param len     Bytes at @p text.
 * @param offset  Bytes of the stream up to and with the first byte of the
 *                line end.
 * @return SSE_GO, SSE_PAUSE or SSE_STOP.
 */
typedef int (*sse_comment_fn)(const char *text, size_t len, uint64_t offset,
                              void *user);

/**
 * Receives each reconnection time that counts: ASCII digits alone, at least
 * one, and at most 64 bits wide.  It holds from this line on, with or without
 * an event around it.
 *
 * @return SSE_GO, SSE_PAUSE or SSE_STOP.
 */
typedef int (*sse_retry_fn)(uint64_t retry_ms, uint64_t offset, void *user);

/**
 * Receives one line whose field name the standard does not know and therefore
 * ignores.  Some gateways report failures in such a line.
 *
 * @param name, name_len    The field name; borrowed until this returns.
 * @param value, value_len  The value after the colon and at most one space.
 * @return SSE_GO, SSE_PAUSE or SSE_STOP.
 */
typedef int (*sse_field_fn)(const char *name, size_t name_len,
                            const char *value, size_t value_len,
                            uint64_t offset, void *user);

/** Why something did not reach its hook. */
typedef enum sse_drop_reason {
    /** The data outgrew the scratch: the event is not delivered. */
    SSE_DROP_DATA = 1,
    /** The event type outgrew its limit: the event is not delivered. */
    SSE_DROP_TYPE = 2,
    /** An id outgrew its limit: that line is ignored, the older id stays. */
    SSE_DROP_ID = 3,
    /** A comment did not fit the scratch that was left, or its hook was set
     *  when a part of it had been read. */
    SSE_DROP_COMMENT = 4,
    /** The same of an unknown field. */
    SSE_DROP_FIELD = 5,
    /** The stream ended within the event: only told for one whose fragments
     *  were already delivered. */
    SSE_DROP_END = 6
} sse_drop_reason;

/** What was dropped. */
typedef struct sse_drop {
    sse_drop_reason reason;
    uint64_t offset; /**< bytes of the stream up to and with the first byte of
                          the line end that closed what was dropped */
    uint64_t bytes;  /**< size: of the joined data for SSE_DROP_DATA, _TYPE
                          and _END, of the whole line for SSE_DROP_FIELD,
                          of the line's value otherwise */
    const char *id;  /**< last event ID after the drop; borrowed */
    size_t id_len;   /**< bytes */
} sse_drop;

/** Receives what was dropped.  @return SSE_GO, SSE_PAUSE or SSE_STOP. */
typedef int (*sse_dropped_fn)(const sse_drop *drop, void *user);

/** Which part of an event too large for the scratch is delivered. */
typedef enum sse_fragment_kind {
    SSE_FRAGMENT_BEGIN = 1, /**< an event that will not fit begins */
    SSE_FRAGMENT_DATA = 2,  /**< the next bytes of its data, lines joined */
    SSE_FRAGMENT_END = 3,   /**< complete: type, id and total are known */
    SSE_FRAGMENT_ABORT = 4  /**< it will not be completed; see `reason` */
} sse_fragment_kind;

/** One part of an event too large for the scratch. */
typedef struct sse_fragment {
    sse_fragment_kind kind;
    sse_drop_reason reason;  /**< SSE_FRAGMENT_ABORT: why */
    const char *data;        /**< SSE_FRAGMENT_DATA: bytes, borrowed */
    size_t data_len;         /**< bytes */
    uint64_t total;          /**< bytes of data delivered so far, with this */
    const sse_event *event;  /**< SSE_FRAGMENT_END: type, id, retry_ms, offset
                                  and fields; no data.  Otherwise NULL */
} sse_fragment;

/**
 * Receives an event too large for the scratch in parts: one BEGIN, any number
 * of DATA, then exactly one END or ABORT.
 *
 * @return SSE_GO, SSE_PAUSE or SSE_STOP.
 */
typedef int (*sse_fragment_fn)(const sse_fragment *fragment, void *user);

/** What happens to an event whose data outgrows the scratch. */
typedef enum sse_overflow {
    /** It is dropped, its id commits, the dropped hook tells; no error. */
    SSE_OVERFLOW_SKIP = 0,
    /** SSE_ERR_TOO_LONG, until a reset. */
    SSE_OVERFLOW_STOP = 1,
    /** SSE_NEED_SPACE, until sse_parser_set_scratch() or
     *  sse_parser_skip_event(). */
    SSE_OVERFLOW_GROW = 2,
    /** It goes to the fragment hook in parts, in constant memory. */
    SSE_OVERFLOW_FRAGMENTS = 3
} sse_overflow;

/** What happens to an event that the end of the stream leaves unfinished. */
typedef enum sse_at_end {
    /** It is discarded, as the standard says. */
    SSE_AT_END_DISCARD = 0,
    /** Whole lines count: the event is delivered without the cut line, unless
     *  that line is data which outgrew the scratch: then it is lost with it. */
    SSE_AT_END_FLUSH_BLOCK = 1,
    /** The cut line counts too: as if two line ends followed.  Where it does
     *  not fit any more, sse_parser_finish() answers as sse_parser_feed(). */
    SSE_AT_END_FLUSH_LINE = 2
} sse_at_end;

/** Counters of what a stream does beside the plain path; the caller's, zeroed
 *  by the caller, only ever added to, but for `cr`: a CR counts there until a
 *  LF follows, which makes the two one of `crlf`. */
typedef struct sse_quirks {
    uint64_t lf, cr, crlf;      /**< line ends, by kind */
    uint64_t comments;          /**< comment lines */
    uint64_t unknown_fields;    /**< lines with a field name nobody knows */
    uint64_t no_colon;          /**< known field names without a colon */
    uint64_t no_space;          /**< known fields with a value right after
                                     the colon */
    uint64_t empty_blocks;      /**< blocks with fields but without data */
    uint64_t nul_ids;           /**< ids ignored for a NUL byte */
    uint64_t bad_retries;       /**< retry values ignored */
    uint64_t byte_order_marks;  /**< 0 or 1 for each connection */
    uint64_t dropped;           /**< calls, or would-be calls, of the dropped
                                     hook */
    uint64_t reserved[4];
} sse_quirks;

/** Parser state.  Lives where the caller puts it and owns nothing, so there is
 *  nothing to free.  Members are private; sizeof is fixed for one SONAME.  It
 *  may be moved with memcpy between calls. */
typedef struct sse_parser {
    char *scratch_;         /* caller's, see sse_parser_init() */
    size_t scratch_cap_;    /* bytes */
    sse_event_fn on_event_;
    sse_comment_fn on_comment_;
    sse_retry_fn on_retry_;
    sse_field_fn on_field_;
    sse_dropped_fn on_dropped_;
    sse_fragment_fn on_fragment_;
    void *user_;
    sse_quirks *quirks_;
    /* What a setter brings in, so that a program which never calls the setter
     * does not link it. */
    int (*overflows_)(struct sse_parser *, int, const char *, size_t, int);
    int (*asides_)(struct sse_parser *, int, const char *, size_t);
    int (*flushes_)(struct sse_parser *, int);
    void (*counts_)(sse_quirks *, int, const char *, size_t);
    const char *data_;      /* the event's one data line in the chunk */
    const char *type_;      /* the event's type in the chunk */
    uint64_t offset_;       /* bytes of the stream consumed */
    uint64_t total_;        /* bytes of the event's joined data */
    uint64_t retry_ms_;     /* last one that counted */
    uint64_t number_;       /* digits of a cut retry line */
    size_t held_;           /* data bytes in scratch */
    size_t line_len_;       /* bytes of a cut line's value */
    size_t need_;           /* scratch wanted after SSE_NEED_SPACE */
    uint32_t id_cap_;       /* limit of an id */
    uint32_t type_cap_;     /* limit of an event type */
    uint32_t id_len_;       /* committed */
    uint32_t pending_id_len_;
    uint32_t type_len_;
    uint32_t flags_;
    char head_[8];          /* a cut line not yet classified */
    uint8_t head_len_;
    uint8_t line_;          /* kind of the cut line */
    uint8_t overflow_, at_end_, bom_, fields_;
    uint8_t plain_;         /* nobody hears of more than events */
    uint8_t reserved_[9 - sizeof(size_t)]; /* room to grow without a new
                                              SONAME */
    size_t data_cap_;       /* data the scratch has room for */
} sse_parser;

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Prepares a parser for the first connection.
 *
 * The scratch is split into room for the last event ID and its successor (an
 * eighth of it each, at most 1024 bytes), for the event type (at most 256),
 * and the rest for the data of events that a chunk cuts or that have several
 * data lines.  sse_parser_set_limits() splits otherwise.
 *
 * @param parser       The caller's; need not be cleared before.
 * @param scratch      Working memory, caller-owned, to be kept and left alone
 *                     as long as the parser is in use.
 * @param scratch_cap  Bytes at @p scratch, at least SSE_SCRATCH_MIN; the data
 *                     of one event, with one byte for each of its lines,
 *                     is bounded by sse_parser_data_cap().
 * @param on_event     Receives the events; NULL for pull use.
 * @param user         Given to every hook.
 * @return SSE_OK
 *         SSE_ERR_INVALID   @p parser or @p scratch is NULL.
 *         SSE_ERR_NO_SPACE  @p scratch_cap < SSE_SCRATCH_MIN.
 * @since 0.1.0
 */
SSE_API sse_status sse_parser_init(sse_parser *parser, char *scratch,
                                   size_t scratch_cap, sse_event_fn on_event,
                                   void *user);

/**
 * Feeds the next bytes of the stream.  For push use; a parser without a
 * callback reads on, and only its hooks hear of it.
 *
 * Linear in @p len however the stream was cut: a byte is looked at once, or a
 * few times where a short chunk holds no whole event; never again with a later
 * chunk.  Never allocates, blocks, locks or touches errno.
 *
 * @param chunk     May cut a line, a CRLF pair, a byte order mark or a UTF-8
 *                  sequence; not NUL-terminated; not kept.  NULL only if
 *                  @p len is 0.
 * @param len       Bytes at @p chunk.
 * @param consumed  Out, required: bytes used, whatever is returned.
 * @return SSE_OK            all @p len bytes used; feed more when it comes.
 *         SSE_PAUSED        a hook asked to; go on at chunk + *consumed.
 *         SSE_STOPPED       a hook asked to, or the stream was finished; only
 *                           a reset goes on.
 *         SSE_NEED_SPACE    grow policy: give a larger scratch or skip the
 *                           event, then go on at chunk + *consumed.
 *         SSE_ERR_TOO_LONG  stop policy: an event outgrew the scratch; sticky
 *                           until sse_parser_reset().
 *         SSE_ERR_REENTRY   called from inside a hook; nothing changed.
 *         SSE_ERR_INVALID   a required pointer was NULL; nothing changed.
 * @see HTML Standard, "Interpreting an event stream"
 *      (#event-stream-interpretation)
 * @since 0.1.0
 */
SSE_API sse_status sse_parser_feed(sse_parser *parser, const char *chunk,
                                   size_t len, size_t *consumed);

/**
 * Reads up to the end of the next event: the pull form of sse_parser_feed().
 * An event callback given at init is not called.
 *
 *     while (sse_parser_next(&parser, &chunk, &len, &event) == SSE_OK) {
 *         ... use event ...
 *     }
 *
 * @param chunk  In and out: moved behind the bytes used.
 * @param len    In and out: what is left at @p chunk.
 * @param event  Out, with SSE_OK: the event; its bytes lie in the chunk or in
 *               the scratch and live until the next call on this parser.
 *               Cleared with any other answer.
 * @return SSE_OK            *event is the next event.
 *         SSE_INCOMPLETE    the chunk is used up; come again with more.
 *         Otherwise as sse_parser_feed().
 * @since 0.1.0
 */
SSE_API sse_status sse_parser_next(sse_parser *parser, const char **chunk,
                                   size_t *len, sse_event *event);

/**
 * Tells the parser that the stream has ended.  What is unfinished is handled
 * as sse_parser_set_at_end() says; then only sse_parser_reset() goes on.
 *
 * @param clean  Not 0 if the transport ended as its framing promised.  After
 *               a cut connection nothing is flushed, whatever the policy.
 * @return SSE_OK          nothing was left, or all of it was delivered.
 *         SSE_INCOMPLETE  an event was under way; what of it was not
 *                         delivered is lost, its id did not commit.
 *         SSE_PAUSED      with a flush policy alone: a hook asked to, or, in
 *                         pull use, a last event waits, which sse_parser_next()
 *                         with no bytes hands over.  Call this once more for
 *                         the answer.
 *         SSE_NEED_SPACE  with SSE_AT_END_FLUSH_LINE and the grow policy: give
 *                         a larger scratch or skip the event, then call this
 *                         again; the stream has not ended yet.
 *         SSE_STOPPED     a hook asked to, or the stream was finished before.
 *         SSE_ERR_TOO_LONG, SSE_ERR_REENTRY, SSE_ERR_INVALID as above.
 * @see HTML Standard, "Interpreting an event stream": "once the end of the
 *      file is reached, any pending data must be discarded"
 * @since 0.1.0
 */
SSE_API sse_status sse_parser_finish(sse_parser *parser, int clean);

/**
 * Makes the parser ready for the next connection.  Hooks, limits, policies,
 * quirk counters and scratch stay; so do the last event ID and the
 * reconnection time, which belong to the source and not to one connection.
 * An event under way is lost, silently but for the SSE_FRAGMENT_ABORT that
 * closes one already begun.  Ignored from inside a hook.
 *
 * @since 0.1.0
 */
SSE_API void sse_parser_reset(sse_parser *parser);

/* Hooks: each optional, NULL to take it away again.  To be set between calls;
 * all receive the user pointer of sse_parser_init(). */

/** Sets the hook for comment lines.  @since 0.1.0 */
SSE_API void sse_parser_on_comment(sse_parser *parser, sse_comment_fn fn);

/** Sets the hook for reconnection times.  @since 0.1.0 */
SSE_API void sse_parser_on_retry(sse_parser *parser, sse_retry_fn fn);

/** Sets the hook for fields the standard does not know.  @since 0.1.0 */
SSE_API void sse_parser_on_field(sse_parser *parser, sse_field_fn fn);

/** Sets the hook for what was dropped.  @since 0.1.0 */
SSE_API void sse_parser_on_dropped(sse_parser *parser, sse_dropped_fn fn);

/** Sets the counters to add to; NULL for none.  Caller-owned, to outlive the
 *  parser or the next call of this.  @since 0.1.0 */
SSE_API void sse_parser_set_quirks(sse_parser *parser, sse_quirks *quirks);

/**
 * Says what happens to events that outgrow the scratch; SSE_OVERFLOW_SKIP
 * unless set.
 *
 * @param on_fragment  Required for SSE_OVERFLOW_FRAGMENTS, ignored otherwise.
 * @return SSE_OK, or SSE_ERR_INVALID (no such policy, no hook, an event is
 *         under way), or SSE_ERR_REENTRY.
 * @since 0.1.0
 */
SSE_API sse_status sse_parser_set_overflow(sse_parser *parser,
                                           sse_overflow policy,
                                           sse_fragment_fn on_fragment);

/** Says what happens to an unfinished event at a clean end of the stream;
 *  SSE_AT_END_DISCARD unless set.  @return SSE_OK, or SSE_ERR_INVALID.
 *  @since 0.1.0 */
SSE_API sse_status sse_parser_set_at_end(sse_parser *parser,
                                         sse_at_end policy);

/**
 * Splits the scratch anew.  Only between streams: right after init or reset.
 *
 * @param id_cap    Longest id kept, in bytes.
 * @param type_cap  Longest event type, in bytes, at least 7 ("message").
 *                  Both less than 4 GiB.
 * @return SSE_OK
 *         SSE_ERR_INVALID   a stream is under way, or @p type_cap < 7.
 *         SSE_ERR_NO_SPACE  the scratch leaves less than 32 bytes for data
 *                           with these limits, or the last event ID is longer
 *                           than @p id_cap; nothing changed.
 *         SSE_ERR_REENTRY
 * @since 0.1.0
 */
SSE_API sse_status sse_parser_set_limits(sse_parser *parser, size_t id_cap,
                                         size_t type_cap);

/** Bytes of data, one more for each line after the first included, that the
 *  largest event can have without overflow.  @since 0.1.0 */
SSE_API size_t sse_parser_data_cap(const sse_parser *parser);

/**
 * Gives the parser another scratch and keeps what is in the old one, which
 * must still be readable; it is the caller's again when this returns.  Where
 * the memory behind the old one is free, the old one may be given again with
 * a larger capacity: then nothing is copied.
 *
 * @param scratch_cap  At least as large as the old one.  After SSE_NEED_SPACE
 *                     twice the old one is a good choice; see
 *                     sse_parser_space_needed().
 * @return SSE_OK; SSE_ERR_INVALID (NULL, or the two overlap without
 *         beginning at the same place); SSE_ERR_NO_SPACE (smaller than the old
 *         one); SSE_ERR_REENTRY.
 * @since 0.1.0
 */
SSE_API sse_status sse_parser_set_scratch(sse_parser *parser, char *scratch,
                                          size_t scratch_cap);

/** Smallest scratch that helps after SSE_NEED_SPACE, in bytes; 0 if none is
 *  wanted.  The rest of the event may need more still.  @since 0.1.0 */
SSE_API size_t sse_parser_space_needed(const sse_parser *parser);

/**
 * Gives the event under way up, as SSE_OVERFLOW_SKIP would: the rest of it is
 * read over, its id commits, the dropped hook tells.  For a grow policy that
 * has grown enough.  Without an event under way nothing happens, nor with one
 * that goes out in fragments already.
 *
 * @since 0.1.0
 */
SSE_API void sse_parser_skip_event(sse_parser *parser);

/**
 * Seeds the last event ID, as an application does that kept it from an earlier
 * run.  Replaces the one there is.  Between streams or blocks only.
 *
 * @param id   Copied.  NULL only if @p len is 0, which clears it.
 * @param len  Bytes at @p id.
 * @return SSE_OK; SSE_ERR_NO_SPACE (longer than the limit);
 *         SSE_ERR_CHARACTER (CR, LF or NUL in it); SSE_ERR_INVALID;
 *         SSE_ERR_REENTRY.
 * @since 0.1.0
 */
SSE_API sse_status sse_parser_set_last_event_id(sse_parser *parser,
                                                const char *id, size_t len);

/**
 * The last event ID: what a reconnection sends as `Last-Event-ID`.
 *
 * @param len  Out, required: bytes; 0 if there is none.
 * @return Borrowed until the next call on this parser; never NULL.
 * @see HTML Standard, "last event ID string"
 *      (#concept-event-stream-last-event-id)
 * @since 0.1.0
 */
SSE_API const char *sse_parser_last_event_id(const sse_parser *parser,
                                             size_t *len);

/**
 * The reconnection time that the stream asked for last.
 *
 * @param retry_ms  Out, required, in milliseconds; untouched if there is none.
 * @return Not 0 if a stream of this parser set one.
 * @see HTML Standard, "reconnection time"
 *      (#concept-event-stream-reconnection-time)
 * @since 0.1.0
 */
SSE_API int sse_parser_retry(const sse_parser *parser, uint64_t *retry_ms);

/** Bytes of the current stream consumed so far; within a hook, up to the line
 *  end that it is told of, and for a fragment not exact.  @since 0.1.0 */
SSE_API uint64_t sse_parser_offset(const sse_parser *parser);

#ifdef __cplusplus
}
#endif

#endif /* SSE_PARSER_H */
