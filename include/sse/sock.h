/*
 * sock.h - an event loop, an HTTP/1.1 server for streams and, by client.h, a
 * client, over POSIX sockets.
 *
 * SPDX-License-Identifier: MIT
 *
 * One thread runs a loop and everything that hangs on it; only
 * sse_loop_post() may be called from other threads.  Several loops in several
 * threads are independent of each other.
 *
 * Callbacks come from sse_loop_turn() (or sse_loop_run()), never from inside
 * another call, with two exceptions: sse_server_close() runs the close
 * callbacks of what it closes, and sse_client_close() the last hooks of a
 * client that had not ended.  Every object may be ended from inside any
 * callback, its own included.
 *
 * The process-wide handling of signals is left alone: writes are made so that
 * SIGPIPE is not raised.
 */
#ifndef SSE_SOCK_H
#define SSE_SOCK_H

#include <sse/event.h>
#include <sse/export.h>
#include <sse/status.h>
#include <sse/writer.h>

/* ---- Loop -------------------------------------------------------------- */

/** What a watch is for, and what is ready. */
#define SSE_LOOP_READ 0x1u   /**< bytes, an end of file, or a connection */
#define SSE_LOOP_WRITE 0x2u  /**< room to write */
#define SSE_LOOP_ERROR 0x4u  /**< failed or closed; told without being asked */
#define SSE_LOOP_HANGUP 0x8u /**< the peer sends no more, even behind bytes not
                                  yet read; told where the system can (Linux) */

/** An event loop: file descriptors, timers, and calls posted by other
 *  threads. */
typedef struct sse_loop sse_loop;

/**
 * Tells that a watched descriptor is ready.
 *
 * @param fd     The descriptor.
 * @param ready  SSE_LOOP_* bits.  With SSE_LOOP_ERROR come the read and write
 *               bits that were asked for, so that reading or writing finds the
 *               error.  A descriptor that stays ready is told again in the
 *               next turn.
 * @param user   As given to sse_loop_fd_watch().
 */
typedef void (*sse_loop_fd_fn)(sse_loop *loop, int fd, uint32_t ready,
                               void *user);

/** A timer.  The caller's memory, zeroed before its first use, and to be left
 *  in its place while it runs.  Members are private. */
typedef struct sse_timer {
    struct sse_timer *next_, *prev_; /* NULL while it does not run */
    uint64_t when_ms_;
    void (*fn_)(sse_loop *loop, struct sse_timer *timer, void *user);
    void *user_;
} sse_timer;

/** Runs once, when the time has come; may start its timer again. */
typedef void (*sse_timer_fn)(sse_loop *loop, sse_timer *timer, void *user);

/** A call posted from another thread. */
typedef void (*sse_post_fn)(void *user);

/** Work for the end of a turn. */
typedef void (*sse_task_fn)(void *user);

/** A task: the caller's memory, zeroed before its first use, and to be left in
 *  its place while it waits.  Members are private. */
typedef struct sse_task {
    struct sse_task *next_;
    sse_task_fn fn_;
    void *user_;
    int queued_;
} sse_task;

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Makes a loop.
 *
 * @param loop  Out, required; NULL unless SSE_OK.
 * @return SSE_OK, SSE_ERR_NO_MEMORY, SSE_ERR_SYSTEM (see errno),
 *         SSE_ERR_INVALID.
 * @since 0.1.0
 */
SSE_API sse_status sse_loop_open(sse_loop **loop);

/**
 * Frees a loop.  Not from inside one of its turns.  Servers on it must have
 * been closed, and no thread may post any more; what was posted and has not
 * run yet is dropped, timers are forgotten, descriptors stay open.
 *
 * @param loop  NULL is ignored.
 * @since 0.1.0
 */
SSE_API void sse_loop_close(sse_loop *loop);

/**
 * Turns until sse_loop_stop().
 *
 * @return SSE_OK             stopped.
 *         SSE_ERR_REENTRY    called from inside a turn.
 *         SSE_ERR_SYSTEM     waiting failed, see errno.
 *         SSE_ERR_NO_MEMORY  poll() needs a larger array than there is.
 * @since 0.1.0
 */
SSE_API sse_status sse_loop_run(sse_loop *loop);

/**
 * Makes the running turn the last one; called before one, makes the next
 * return at once.  For the loop's own thread: from elsewhere, post a function
 * that calls this.
 *
 * @since 0.1.0
 */
SSE_API void sse_loop_stop(sse_loop *loop);

/**
 * One turn: waits for readiness, then runs the callbacks of ready descriptors,
 * of due timers and of posts, in this order, and then sends what streams and
 * answers have gathered.
 *
 * @param timeout_ms  Longest wait; 0 does not wait, -1 waits for something to
 *                    happen.  Timers and posts end the wait in any case.
 * @return SSE_OK           also when a signal cut the wait short.
 *         SSE_STOPPED      sse_loop_stop() was called; that is now settled.
 *         SSE_ERR_REENTRY  called from inside a turn; nothing happened.
 *         SSE_ERR_SYSTEM, SSE_ERR_NO_MEMORY as sse_loop_run().
 * @since 0.1.0
 */
SSE_API sse_status sse_loop_turn(sse_loop *loop, int timeout_ms);

/**
 * How long the loop may rest, for a foreign loop that carries this one: it
 * watches sse_loop_fd() for reading, rests no longer than this, and calls
 * sse_loop_turn(loop, 0) after either.  To be asked anew after each turn and
 * after each call of this header made outside of a turn.
 *
 * @return Milliseconds; 0 if there is something to do now, -1 for no limit.
 * @since 0.1.0
 */
SSE_API int sse_loop_timeout_ms(const sse_loop *loop);

/**
 * The loop's own descriptor, readable when a turn has something to do but for
 * timers.
 *
 * @return The descriptor, owned by the loop; -1 where the system has nothing
 *         but poll().
 * @since 0.1.0
 */
SSE_API int sse_loop_fd(const sse_loop *loop);

/**
 * The time, from a clock that never goes back.  Within a turn it stands still
 * at the moment the wait ended.
 *
 * @return Milliseconds since some moment in the past.
 * @since 0.1.0
 */
SSE_API uint64_t sse_loop_now_ms(const sse_loop *loop);

/**
 * Watches a descriptor, or changes what it is watched for.  To be forgotten
 * before it is closed.
 *
 * @param fd        The caller's, nonblocking.
 * @param interest  SSE_LOOP_READ, _WRITE, _HANGUP; 0 for failures alone.
 * @param fn        Called when it is ready, required.  Readiness found before
 *                  the descriptor was forgotten and watched again is not told.
 * @param user      Given to @p fn.
 * @return SSE_OK, SSE_ERR_NO_MEMORY, SSE_ERR_SYSTEM (see errno),
 *         SSE_ERR_INVALID.
 * @since 0.1.0
 */
SSE_API sse_status sse_loop_fd_watch(sse_loop *loop, int fd, uint32_t interest,
                                     sse_loop_fd_fn fn, void *user);

/** Watches a descriptor no more: from here on its callback is not called, not
 *  even for what is ready in the running turn.  One that is not watched is
 *  ignored.  @since 0.1.0 */
SSE_API void sse_loop_fd_forget(sse_loop *loop, int fd);

/** sse_loop_fd_forget() and close() in one.  @since 0.1.0 */
SSE_API void sse_loop_fd_close(sse_loop *loop, int fd);

/**
 * Starts a timer, or starts it anew.  Never allocates.
 *
 * @param timer     The caller's, see sse_timer.
 * @param after_ms  From now; 0 means in the next turn.  Due timers run in the
 *                  order of their milliseconds.
 * @param fn        Required.
 * @param user      Given to @p fn.
 * @return SSE_OK, SSE_ERR_INVALID.
 * @since 0.1.0
 */
SSE_API sse_status sse_timer_start(sse_loop *loop, sse_timer *timer,
                                   uint64_t after_ms, sse_timer_fn fn,
                                   void *user);

/** Stops a timer; its callback will not run.  One that does not run is
 *  ignored.  @since 0.1.0 */
SSE_API void sse_timer_stop(sse_loop *loop, sse_timer *timer);

/**
 * Has a function run once at the end of the turn, when all that was ready has
 * been read and answers have been sent; outside of a turn, or by a running
 * task, at the end of the next one, which does not wait then.  For work that
 * is better done once for all that a turn brought.  Never allocates.
 *
 * @param task  The caller's, see sse_task; one that waits already is left as
 *              it is.
 * @param fn    Required.
 * @param user  Given to @p fn.
 * @return SSE_OK, SSE_ERR_INVALID.
 * @since 0.1.0
 */
SSE_API sse_status sse_task_start(sse_loop *loop, sse_task *task,
                                  sse_task_fn fn, void *user);

/** Takes a task back; its function will not run.  One that does not wait is
 *  ignored.  @since 0.1.0 */
SSE_API void sse_task_stop(sse_loop *loop, sse_task *task);

/**
 * Has a function called by the loop's thread.  Any thread, at any time between
 * sse_loop_open() and sse_loop_close(); not from a signal handler (there,
 * write to a pipe that the loop watches).
 *
 * Calls of one thread run in their order, each once, in the next turn at the
 * earliest.
 *
 * @param fn    Required.
 * @param user  Given to @p fn.
 * @return SSE_OK, SSE_ERR_NO_MEMORY, SSE_ERR_INVALID.
 * @since 0.1.0
 */
SSE_API sse_status sse_loop_post(sse_loop *loop, sse_post_fn fn, void *user);

#ifdef __cplusplus
}
#endif

/* ---- Server ------------------------------------------------------------ */

/** An HTTP/1.1 server on a loop.  HTTP/1.0 is answered and closed. */
typedef struct sse_server sse_server;

/** One request.  Lives from its sse_request_fn until its close callback has
 *  run: after it was answered, or after the peer went away. */
typedef struct sse_request sse_request;

/** The answer to a request as a stream.  Lives until its close callback has
 *  run. */
typedef struct sse_stream sse_stream;

/**
 * Says how large the body of a request may be, once its head is there and
 * before any of its body is read.  Not asked for a request without a body.
 *
 * @param request  Method, path, query, headers and peer can be read.
 * @param user     As given to sse_server_open().
 * @return Bytes; a larger body is answered with 413.  UINT64_MAX is bounded by
 *         max_body_total alone.
 */
typedef uint64_t (*sse_body_limit_fn)(const sse_request *request, void *user);

/**
 * Gives the body of an answer of the server's own: to a request that is
 * malformed, too large, too slow, or one too many (there it is left out while
 * very many are refused at once).
 *
 * @param status      400 and above.
 * @param media_type  Out: NUL-terminated; "text/plain" if it is left alone.
 * @param user        As given to sse_server_open().
 * @return NUL-terminated, and sent with a line feed behind it.  It and the
 *         media type are borrowed until the next call of this function.
 */
typedef const char *(*sse_error_body_fn)(int status, const char **media_type,
                                         void *user);

/** Settings of a server.  To be filled by sse_server_config_init(), then
 *  changed where needed. */
typedef struct sse_server_config {
    size_t size;          /**< set by sse_server_config_init(); leave it */
    const char *address;  /**< numeric IPv4 or IPv6 address to listen on;
                               copied; "127.0.0.1" */
    uint16_t port;        /**< 0 takes a free one, see sse_server_port(); 0 */
    size_t max_head;      /**< bytes of a request's head; more is answered 431,
                               within the request line 414; 16 KiB */
    size_t max_body;      /**< bytes of a request's body, where body_limit does
                               not say otherwise; more is answered 413; 1 MiB */
    size_t max_conns;     /**< connections; more are answered 503; 10,000 */
    size_t max_body_total; /**< bytes of memory for the bodies of all requests
                                together; more is answered 503; 64 MiB */
    uint32_t head_timeout_ms;  /**< for a whole head, however slowly its bytes
                                    come; then 408; 10 s */
    uint32_t body_timeout_ms;  /**< for a whole body; then 408; 30 s */
    uint32_t idle_timeout_ms;  /**< between two requests; then closed; 60 s */
    uint32_t write_timeout_ms; /**< without any progress while there are bytes
                                    to send; then closed; 30 s */
    size_t stream_buffer; /**< bytes queued for each stream; its memory, up to
                               twice that, is taken as needed and given back
                               when they are sent; 64 KiB */
    uint32_t keep_alive_ms; /**< silence on a stream before a comment is sent;
                                 0 sends none; 15 s */
    sse_block_form keep_alive_form; /**< its form; SSE_BLOCK_ONE_LINE */
    int sndbuf;           /**< SO_SNDBUF of connections in bytes, which bounds
                               the kernel's memory for a reader that stalls; 0
                               leaves it to the system; 0 */
    sse_body_limit_fn body_limit; /**< or NULL; NULL */
    sse_error_body_fn error_body; /**< NULL: a line of plain text; NULL */
    size_t max_conns_per_address; /**< of max_conns, for each address of a
                                       peer (IPv6: each /64); more are answered
                                       503; 0 for no such limit; 0 */
} sse_server_config;

/** Receives a request, its head and body complete.  To be answered here or
 *  later, by sse_request_respond() or sse_stream_open(), once. */
typedef void (*sse_request_fn)(sse_request *request, void *user);

/** Runs exactly once for a request: a little after it was answered or its
 *  stream ended, or when the peer hung up or the server was closed.  The
 *  pointer is dead when this returns. */
typedef void (*sse_request_close_fn)(sse_request *request, void *user);

/** Tells that a stream takes bytes again. */
typedef void (*sse_stream_fn)(sse_stream *stream, void *user);

/** Runs exactly once for a stream.  @p clean is not 0 if all of it, the mark
 *  of its end included, was handed to the system.  The pointer is dead when
 *  this returns. */
typedef void (*sse_stream_close_fn)(sse_stream *stream, int clean, void *user);

/** A connection that was taken over, see sse_request_take(). */
typedef struct sse_taken {
    int fd;            /**< nonblocking, and watched for reading still */
    int chunked;       /**< the stream is to be sent in chunks */
    const char *bytes; /**< to be sent before anything else: the head of the
                            response; borrowed until the end of the turn */
    size_t len;        /**< bytes of these */
    sse_server *server; /**< to be told of the end, by sse_server_release() */
    uint32_t ticket;   /**< for that */
    uint32_t reserved; /**< 0 */
} sse_taken;

/** Tells that a server has drained. */
typedef void (*sse_server_fn)(sse_server *server, void *user);

/** What a server holds and has done. */
typedef struct sse_server_stats {
    uint64_t conns;       /**< connections now */
    uint64_t streams;     /**< streams now */
    uint64_t body_bytes;  /**< memory held for bodies now */
    uint64_t accepted;    /**< connections in all */
    uint64_t requests;    /**< requests handed to the callback in all */
    uint64_t refused;     /**< connections answered 503 for max_conns or
                               max_conns_per_address in all */
    uint64_t bad;         /**< requests answered with an error of the server's
                               own (400, 408, 413...) in all */
    uint64_t stalled;     /**< connections closed by write_timeout_ms in all */
    uint64_t reserved[4];
} sse_server_stats;

#ifdef __cplusplus
extern "C" {
#endif

/** Fills in the defaults, which are named at each member.  @since 0.1.0 */
SSE_API void sse_server_config_init(sse_server_config *config);

/**
 * Listens, and serves in the turns of the loop.
 *
 * Requests are parsed strictly (RFC 9112): what is malformed or could be read
 * in two ways is answered with 400 and closed as soon as the byte that shows
 * it has come.  Requests sent ahead on one connection are handed over one
 * after the other, each when the one before it was answered.  A peer that ends
 * its side of the connection while a request waits or a stream runs has hung
 * up.
 *
 * @param config   NULL for the defaults; not kept.
 * @param fn       Receives the requests, required.
 * @param user     Given to @p fn and to config->body_limit.
 * @param server   Out, required; NULL unless SSE_OK.
 * @return SSE_OK
 *         SSE_ERR_INVALID    a required pointer is NULL, the address is not
 *                            numeric, or a size or time is 0 that must not be.
 *         SSE_ERR_SYSTEM     see errno (EADDRINUSE, EACCES, EMFILE...).
 *         SSE_ERR_NO_MEMORY
 * @since 0.1.0
 */
SSE_API sse_status sse_server_open(sse_loop *loop,
                                   const sse_server_config *config,
                                   sse_request_fn fn, void *user,
                                   sse_server **server);

/** The port it listens on.  @since 0.1.0 */
SSE_API uint16_t sse_server_port(const sse_server *server);

/** Copies the counters.  @since 0.1.0 */
SSE_API void sse_server_get_stats(const sse_server *server,
                                  sse_server_stats *stats);

/**
 * Ends gracefully: listens no more, closes connections that are between
 * requests, has running requests and streams come to their end, and closes
 * each connection after that.  Who owns streams ends them now, in his own way.
 *
 * @param within_ms  What still runs after this time is closed as it is.
 * @param done       Called once, from a turn, when no connection is left; may
 *                   close the server; NULL for none.  A second call replaces
 *                   the time and the callback.
 * @param user       Given to @p done.
 * @since 0.1.0
 */
SSE_API void sse_server_drain(sse_server *server, uint32_t within_ms,
                              sse_server_fn done, void *user);

/**
 * Closes a server and its connections as they are.  The close callbacks of its
 * requests and streams run before this returns; afterwards all their pointers
 * are dead.
 *
 * @param server  NULL is ignored.
 * @since 0.1.0
 */
SSE_API void sse_server_close(sse_server *server);

/* Request.  What these return is borrowed: it stays until the request's close
 * callback has run or, if a stream was opened, until the end of the turn in
 * which the first bytes were written to it.  From then on head and body are
 * given back, texts read as "" and headers and parameters as absent. */

/** The method, as sent.  @return NUL-terminated.  @since 0.1.0 */
SSE_API const char *sse_request_method(const sse_request *request);

/** The path, as sent: not decoded, without the query; begins with a slash, or
 *  is "*".  @return NUL-terminated.  @since 0.1.0 */
SSE_API const char *sse_request_path(const sse_request *request);

/**
 * One header field, the first of that name.
 *
 * @param name  Compared without regard to case.
 * @return NUL-terminated, without white space around it; NULL if there is
 *         none.
 * @since 0.1.0
 */
SSE_API const char *sse_request_header(const sse_request *request,
                                       const char *name);

/**
 * One parameter of the query, the first of that name, percent-decoded and
 * with "+" read as a space.
 *
 * @param dst  Receives the value, NUL-terminated.
 * @param cap  Bytes at @p dst.
 * @return @p dst; NULL if there is none, if it does not fit, or if it holds a
 *         NUL byte.  sse_request_parameter() tells which.
 * @since 0.1.0
 */
SSE_API const char *sse_request_query(const sse_request *request,
                                      const char *name, char *dst, size_t cap);

/**
 * The same with all that can be known.
 *
 * @param dst  Receives the value, any bytes, and a NUL behind it.
 * @param len  Out, required: bytes without that NUL.
 * @return SSE_OK
 *         SSE_INCOMPLETE    there is no such parameter.
 *         SSE_ERR_NO_SPACE  it does not fit @p cap; nothing was written.
 *         SSE_ERR_INVALID
 * @since 0.1.0
 */
SSE_API sse_status sse_request_parameter(const sse_request *request,
                                         const char *name, char *dst,
                                         size_t cap, size_t *len);

/** The body, whole.  @param len  Out, required: bytes.  @return Never NULL; a
 *  NUL stands behind it.  @since 0.1.0 */
SSE_API const char *sse_request_body(const sse_request *request, size_t *len);

/** The peer's address in numbers, e.g. "127.0.0.1"; like that also where it
 *  came over a socket of IPv6.  Readable as long as the request lives.
 *  @return Borrowed until the next call of this function on the same server.
 *  @since 0.1.0 */
SSE_API const char *sse_request_peer(const sse_request *request);

/** The version of HTTP that the request came in.  Readable as long as the
 *  request lives.  @return "HTTP/1.1" or "HTTP/1.0", static.  @since 0.1.0 */
SSE_API const char *sse_request_version(const sse_request *request);

/** Sets what is called when the request is over, see sse_request_close_fn.
 *  Replaces what was set before; NULL for none.  @since 0.1.0 */
SSE_API void sse_request_on_close(sse_request *request,
                                  sse_request_close_fn fn, void *user);

/**
 * Answers a request.
 *
 * Content-Length, Connection and Date are added; HEAD gets no body.  Possible
 * once; after sse_stream_open() only until the first write to the stream or
 * its first comment on silence, and the stream then closes, not clean.
 *
 * @param status        200 to 599.
 * @param headers       Copied.  Fields that frame a message (Connection,
 *                      Content-Length, Transfer-Encoding) are refused.
 * @param header_count  How many.
 * @param body          Copied; NULL only if @p body_len is 0.
 * @param body_len      Bytes; 0 for status 204 and 304.
 * @return SSE_OK
 *         SSE_ERR_CLOSED     the peer is gone, or it was answered before.
 *         SSE_ERR_CHARACTER  a name that is no token, or a control character
 *                            in a value.
 *         SSE_ERR_INVALID    see above.
 *         SSE_ERR_NO_MEMORY
 * @since 0.1.0
 */
SSE_API sse_status sse_request_respond(sse_request *request, int status,
                                       const sse_http_header *headers,
                                       size_t header_count, const char *body,
                                       size_t body_len);

/* Stream. */

/**
 * Answers a request with a stream: status 200 and sse_http_headers().
 *
 * Nothing is sent before the first write, so until then a failure can still be
 * answered by sse_request_respond().  After the server's keep_alive_ms without
 * a write the first comment is sent, and the status with it.  HTTP/1.1 gets
 * chunks, one for each gathered write, and the last chunk on sse_stream_end()
 * alone; HTTP/1.0 gets the bytes as they are.  HEAD gets the head, and the
 * stream closes.
 *
 * @param extra        More header fields, or other values for those of
 *                     sse_http_headers(); copied.
 * @param extra_count  How many.
 * @param stream       Out, required; NULL unless SSE_OK.
 * @return SSE_OK, and SSE_ERR_CLOSED, SSE_ERR_CHARACTER, SSE_ERR_INVALID,
 *         SSE_ERR_NO_MEMORY as for sse_request_respond().
 * @since 0.1.0
 */
SSE_API sse_status sse_stream_open(sse_request *request,
                                   const sse_http_header *extra,
                                   size_t extra_count, sse_stream **stream);

/**
 * Queues bytes; they are sent at the end of the turn.
 *
 * @param bytes  Whole blocks of an event stream, copied.  Written as they are.
 * @param len    Bytes.
 * @return SSE_OK
 *         SSE_ERR_NO_SPACE   the buffer is too full for all of them; nothing
 *                            was queued.  The writable callback tells when to
 *                            try again.
 *         SSE_ERR_LIMIT      more than stream_buffer; no time will help.
 *         SSE_ERR_CLOSED     the peer is gone, or the stream was ended.
 *         SSE_ERR_NO_MEMORY, SSE_ERR_INVALID
 * @since 0.1.0
 */
SSE_API sse_status sse_stream_write(sse_stream *stream, const char *bytes,
                                    size_t len);

/** Queues one event, or nothing.  @return as sse_stream_write(), and what
 *  sse_event_size() returns.  @since 0.1.0 */
SSE_API sse_status sse_stream_event(sse_stream *stream,
                                    const sse_event *event);

/** Bytes that the stream would take now; 0 once it is over.  @since 0.1.0 */
SSE_API size_t sse_stream_space(const sse_stream *stream);

/** Sets what is called when at least half of the buffer is free again after an
 *  SSE_ERR_NO_SPACE, unless the stream has been ended since.  Replaces what was
 *  set before; NULL for none.  @since 0.1.0 */
SSE_API void sse_stream_on_writable(sse_stream *stream, sse_stream_fn fn,
                                    void *user);

/** Sets what is called when the stream is over, see sse_stream_close_fn; it
 *  runs before that of the request.  Replaces what was set before; NULL for
 *  none.  @since 0.1.0 */
SSE_API void sse_stream_on_close(sse_stream *stream, sse_stream_close_fn fn,
                                 void *user);

/**
 * Ends a stream: what is queued goes out, then the mark of a clean end, then
 * the close callback runs.
 *
 * @return SSE_OK, SSE_ERR_CLOSED (it is over or ended already),
 *         SSE_ERR_INVALID.
 * @since 0.1.0
 */
SSE_API sse_status sse_stream_end(sse_stream *stream);

/** Closes the connection without the mark of a clean end; what is queued is
 *  lost.  The close callback runs at the end of the turn.  @since 0.1.0 */
SSE_API void sse_stream_abort(sse_stream *stream);

/** As sse_stream_abort(), but the connection is reset instead of closed: what
 *  the peer has not read yet may be lost, too.  For servers that play faults.
 *  @since 0.1.0 */
SSE_API void sse_stream_reset(sse_stream *stream);

/**
 * Takes a connection over, to write a stream to it without a sse_stream: for
 * those who have very many, such as a hub.
 *
 * The head that sse_stream_open() would send is made, and waits in
 * taken->bytes; nothing is sent.  The descriptor is the caller's from now on:
 * he watches it at once with sse_loop_fd_watch() and a function of his own,
 * and ends it with sse_loop_fd_close() and sse_server_release().  The request
 * is over; its close callback runs at the end of the turn.  The server goes on
 * counting the connection, waits for it when it drains, and stays in memory
 * for it when it is closed, but does nothing more with it.
 *
 * @param extra, extra_count  As for sse_stream_open().
 * @param taken               Out, required.
 * @return as sse_stream_open(); unless SSE_OK nothing has changed.  A HEAD
 *         request cannot be taken over: SSE_ERR_INVALID.
 * @since 0.1.0
 */
SSE_API sse_status sse_request_take(sse_request *request,
                                    const sse_http_header *extra,
                                    size_t extra_count, sse_taken *taken);

/** Tells a server that a connection taken over is closed.
 *  @param ticket  sse_taken::ticket.  @since 0.1.0 */
SSE_API void sse_server_release(sse_server *server, uint32_t ticket);

#ifdef __cplusplus
}
#endif

/* ---- Client ------------------------------------------------------------ */

#include <sse/client.h>

#endif /* SSE_SOCK_H */
