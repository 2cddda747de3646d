/*
 * writer.h - events in, bytes of a text/event-stream out.
 *
 * SPDX-License-Identifier: MIT
 *
 * Every function writes all it was asked for into the caller's buffer or
 * nothing at all, and keeps no state, so any thread may call it at any time;
 * an event that sse_writer writes in pieces is the exception.  What is written
 * reads back as the same event, but for line ends in the data, which come back
 * as LF.  Where @p written is named it is required, and it is 0 unless SSE_OK
 * or SSE_NEED_SPACE comes back.
 */
#ifndef SSE_WRITER_H
#define SSE_WRITER_H

#include <sse/event.h>
#include <sse/export.h>
#include <sse/status.h>

/** How a block that is no event ends. */
typedef enum sse_block_form {
    /** One line: some decoders invent an event at every blank line. */
    SSE_BLOCK_ONE_LINE = 0,
    /** A blank line behind it: some splitters cut at blank lines only. */
    SSE_BLOCK_TWO_LINES = 1
} sse_block_form;

/** A run of bytes for a gathered write; the shape of POSIX's struct iovec. */
typedef struct sse_piece {
    const char *base; /**< borrowed */
    size_t len;       /**< bytes */
} sse_piece;

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Bytes that sse_event_write() will write for this event.
 *
 * @return SSE_OK
 *         SSE_ERR_NO_FIELDS  no bit of SSE_FIELD_* is set in `fields`.
 *         SSE_ERR_CHARACTER  CR or LF in the type, CR, LF or NUL in the id,
 *                            NUL in the type: a reader would take it for
 *                            another field or ignore it.
 *         SSE_ERR_INVALID    a required pointer is NULL, a bit of `fields` is
 *                            unknown, or the size does not fit size_t.
 * @since 0.1.0
 */
SSE_API sse_status sse_event_size(const sse_event *event, size_t *size);

/**
 * Writes one event: `event`, `id`, `retry` and `data` lines as `fields` says,
 * each with exactly one space after the colon, and the blank line.  Data is
 * split at LF, CR and CRLF into one line each.
 *
 * @param dst      Where to; must not overlap what the event points to.
 * @param cap      Bytes at @p dst.
 * @param written  Out: bytes written.
 * @return SSE_OK
 *         SSE_ERR_NO_SPACE  @p cap is too small; nothing was written.
 *         SSE_ERR_NO_FIELDS, SSE_ERR_CHARACTER, SSE_ERR_INVALID as above.
 * @see HTML Standard, "Parsing an event stream" (#parsing-an-event-stream)
 * @since 0.1.0
 */
SSE_API sse_status sse_event_write(const sse_event *event, char *dst,
                                   size_t cap, size_t *written);

/**
 * The same bytes as pieces for a gathered write (writev and its like): the
 * type, id and data are pointed at, never copied.
 *
 * @param pieces  Out: borrow from @p event and from constants of the library.
 *                NULL only if @p max is 0.
 * @param max     Room at @p pieces.  2 for each line of data and 5 more
 *                always suffice; with SSE_FIELD_RETRY 26 more, since each of
 *                its digits is a piece.
 * @param count   Out, required: pieces filled in; with SSE_ERR_NO_SPACE how
 *                many are needed.
 * @return SSE_OK, SSE_ERR_NO_SPACE, and the errors of sse_event_size().
 * @since 0.1.0
 */
SSE_API sse_status sse_event_gather(const sse_event *event, sse_piece *pieces,
                                    size_t max, size_t *count);

/** State of an event that is written in pieces.  Members are private; it owns
 *  nothing. */
typedef struct sse_writer {
    uint32_t state_;
    uint32_t reserved_[3];
} sse_writer;

/**
 * Begins an event whose data comes in pieces: writes its `event`, `id` and
 * `retry` lines.
 *
 * @param head  As for sse_event_write(), but for its data, which is not read.
 *              With SSE_FIELD_DATA the event has data even if no piece comes.
 * @return SSE_OK; SSE_ERR_NO_SPACE (nothing was written);
 *         SSE_ERR_NO_FIELDS, SSE_ERR_CHARACTER, SSE_ERR_INVALID.
 * @since 0.1.0
 */
SSE_API sse_status sse_writer_begin(sse_writer *writer, const sse_event *head,
                                    char *dst, size_t cap, size_t *written);

/**
 * Goes on with the data.  As much is written as there is room for; line ends
 * become new `data` lines, a CRLF cut between two pieces becomes one.
 *
 * @param text, len  The next bytes of the data.  NULL only if @p len is 0.
 * @param consumed   Out, required: bytes of @p text used.
 * @param cap        Bytes at @p dst; 8 always make progress.
 * @return SSE_OK          all of @p text was used.
 *         SSE_NEED_SPACE  @p dst is full: come again with the rest.
 *         SSE_ERR_INVALID
 * @since 0.1.0
 */
SSE_API sse_status sse_writer_data(sse_writer *writer, const char *text,
                                   size_t len, size_t *consumed, char *dst,
                                   size_t cap, size_t *written);

/** Ends the event.  8 bytes of room suffice.  @return SSE_OK,
 *  SSE_ERR_NO_SPACE (nothing was written), SSE_ERR_INVALID.  @since 0.1.0 */
SSE_API sse_status sse_writer_end(sse_writer *writer, char *dst, size_t cap,
                                  size_t *written);

/**
 * Writes a comment: a colon and @p text, untouched, one line for each line of
 * it.  A comment is what keeps a silent connection open.
 *
 * @param text  What stands after the colon.  NULL only if @p len is 0.
 * @param form  With or without a blank line behind.
 * @return SSE_OK, SSE_ERR_NO_SPACE, SSE_ERR_INVALID.
 * @since 0.1.0
 */
SSE_API sse_status sse_comment_write(const char *text, size_t len,
                                     sse_block_form form, char *dst,
                                     size_t cap, size_t *written);

/** Writes a reconnection time alone.  @return as sse_comment_write().
 *  @since 0.1.0 */
SSE_API sse_status sse_retry_write(uint64_t retry_ms, sse_block_form form,
                                   char *dst, size_t cap, size_t *written);

/** Writes the shortest comment there is.  @return as sse_comment_write().
 *  @since 0.1.0 */
SSE_API sse_status sse_keep_alive_write(sse_block_form form, char *dst,
                                        size_t cap, size_t *written);

/* JSON payloads: what LLM front ends and progress bars read. */

/**
 * Writes text as the inside of a JSON string (RFC 8259, section 7), without
 * the quotation marks: `"`, `\` and what is below U+0020 are escaped, so the
 * result holds no line end and fits one `data` line.  Ill-formed UTF-8 becomes
 * U+FFFD, one for each maximal subpart.
 *
 * @param cap  6 times @p len always suffices.
 * @return SSE_OK, SSE_ERR_NO_SPACE (nothing was written), SSE_ERR_INVALID.
 * @since 0.1.0
 */
SSE_API sse_status sse_json_escape(const char *text, size_t len, char *dst,
                                   size_t cap, size_t *written);

/** State of a job for sse_progress_write(). */
typedef struct sse_progress {
    uint32_t percent;    /**< 0 to 100 */
    const char *stage;   /**< NUL-terminated UTF-8; NULL for none */
    const char *message; /**< NUL-terminated UTF-8; NULL for none */
    uint64_t done;       /**< steps done */
    uint64_t total;      /**< steps in all; 0 if not known */
} sse_progress;

/** A failure for sse_error_write().  All texts NUL-terminated UTF-8. */
typedef struct sse_error {
    const char *code;    /**< for programs, e.g. "upstream_timeout" */
    const char *message; /**< for people */
    const char *stage;   /**< where it happened, e.g. "upstream" */
    int retryable;       /**< not 0 if the same request may succeed later */
    const char *type;    /**< event type; NULL for "error", which browsers'
                              EventSource also fires for its own failures */
} sse_error;

/**
 * Writes `event: start` with `{"status":"streaming",MEMBERS}`.
 *
 * @param id, id_len            The event's id; none if @p id is NULL.
 * @param members, members_len  Further members as JSON text without braces,
 *                              e.g. `"stream_id":"s1"`; none if empty.  Not
 *                              checked.
 * @return SSE_OK, SSE_ERR_NO_SPACE, SSE_ERR_CHARACTER (id), SSE_ERR_INVALID.
 * @since 0.1.0
 */
SSE_API sse_status sse_start_write(const char *id, size_t id_len,
                                   const char *members, size_t members_len,
                                   char *dst, size_t cap, size_t *written);

/** Writes `event: progress` with `{"percent","progress","stage","message",
 *  "done","total"}`; "progress" is percent / 100.  @return as
 *  sse_start_write(); percent above 100 is SSE_ERR_INVALID.  @since 0.1.0 */
SSE_API sse_status sse_progress_write(const char *id, size_t id_len,
                                      const sse_progress *progress, char *dst,
                                      size_t cap, size_t *written);

/** Writes `event: chunk` with `{"content":TEXT}`, the text escaped.
 *  @return as sse_start_write().  @since 0.1.0 */
SSE_API sse_status sse_chunk_write(const char *id, size_t id_len,
                                   const char *text, size_t text_len,
                                   char *dst, size_t cap, size_t *written);

/** Writes `event: done` with `{"status":"complete",MEMBERS}`; otherwise as
 *  sse_start_write().  @since 0.1.0 */
SSE_API sse_status sse_done_write(const char *id, size_t id_len,
                                  const char *members, size_t members_len,
                                  char *dst, size_t cap, size_t *written);

/** Writes an error event with `{"code","message","retryable","stage"}`, all
 *  texts escaped.  @return as sse_start_write(); a code, message or stage of
 *  NULL is SSE_ERR_INVALID.  @since 0.1.0 */
SSE_API sse_status sse_error_write(const char *id, size_t id_len,
                                   const sse_error *error, char *dst,
                                   size_t cap, size_t *written);

/* The response around a stream. */

/** One HTTP header field. */
typedef struct sse_http_header {
    const char *name;  /**< NUL-terminated constant */
    const char *value; /**< NUL-terminated constant */
} sse_http_header;

/**
 * The header fields that any HTTP server should send with a stream: the media
 * type, no caching and no transforming on the way, no buffering in nginx and
 * its like.  Framing (Transfer-Encoding, Connection) is the business of the
 * layer that frames, and is not among them.
 *
 * @param count  Out, required: how many.
 * @return A constant array; any thread may read it at any time.
 * @since 0.1.0
 */
SSE_API const sse_http_header *sse_http_headers(size_t *count);

#ifdef __cplusplus
}
#endif

#endif /* SSE_WRITER_H */
