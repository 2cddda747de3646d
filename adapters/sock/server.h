/*
 * server.h - the inside of the server: who holds what, and who may end it.
 *
 * SPDX-License-Identifier: MIT
 *
 *     server.c   settings, the end of its turn, its own end
 *     accept.c   the listening socket, and who gets in; peers.c counts them
 *     conn.c     a connection's life: socket, states, time limits
 *     input.c    bytes from the peer; head.c, target.c, field.c read heads
 *     body.c     the body of a request; chunked.c decodes it
 *     request.c  a request as the application sees it
 *     reply.c    heads of responses, with date.c; fail.c answers by itself
 *     stream.c   the answer as a stream; frame.c is its coding
 *     output.c   one gathered write at the end of the turn
 *     take.c     connections that somebody else takes over
 *
 * Life and death.  A connection is ended by sse_priv_conn_close() alone, which
 * closes its descriptor and runs the close callbacks, and leaves the struct
 * itself, in state DEAD, until the end of the turn, so that whoever still has
 * it on the stack can see that.  After every call into the application the
 * state is looked at again before anything else is touched.  Its request and
 * stream are gone by then.
 *
 * Calls of the application only note what is to be done and put the connection
 * on the server's list `touched`; the work itself is done at the end of the
 * turn by sse_priv_conn_work(), so that no callback ever runs inside a call.
 */
#ifndef SSE_SOCK_SERVER_H
#define SSE_SOCK_SERVER_H

#include <sse/sock.h>

#include "buf.h"
#include "chunked.h"
#include "head.h"
#include "list.h"
#include "loop.h"

/** Bytes read at once at most. */
#define SSE_PRIV_READ_SIZE 65536u
/** Answers waiting for a slow reader beyond which no request is taken on. */
#define SSE_PRIV_OUT_HIGH 65536u
/** Seconds told by Retry-After. */
#define SSE_PRIV_RETRY_AFTER "2"
/** Length of "Sun, 06 Nov 1994 08:49:37 GMT". */
#define SSE_PRIV_DATE_LEN 29u

typedef struct sse_priv_conn sse_priv_conn;

/** The message of a request: given back as soon as nobody can ask for it. */
typedef struct sse_priv_incoming {
    sse_priv_head head; /* head.store is of its own, from malloc */
    sse_priv_chunked chunked;
    char *body;         /* with room for a NUL */
    size_t body_len, body_cap;
    uint64_t body_max;
} sse_priv_incoming;

struct sse_stream {
    sse_request *request;
    sse_priv_buf *head;  /* of the response, until it is committed */
    sse_priv_buf *queue; /* payload */
    sse_priv_frame frame; /* around the first frame.left bytes of queue */
    sse_stream_fn on_writable;
    void *writable_user;
    sse_stream_close_fn on_close;
    void *close_user;
    uint64_t wrote_ms;
    uint8_t committed; /* the head is on its way */
    uint8_t chunked;
    uint8_t ended;     /* sse_stream_end() */
    uint8_t marked;    /* the mark of the end is in the frame */
    uint8_t aborted;
    uint8_t reset;     /* as aborted, and with a reset */
    uint8_t wants_space; /* a write was refused */
};

struct sse_request {
    sse_priv_conn *conn;
    sse_priv_incoming *in; /* NULL once given back */
    sse_stream *stream;
    sse_request_close_fn on_close;
    void *close_user;
    uint8_t is_head;  /* HEAD: no body in the answer */
    uint8_t is_http10;
    uint8_t answered; /* the answer is in conn->out */
    uint8_t over;     /* its close callbacks are running */
};

typedef enum sse_priv_conn_state {
    SSE_PRIV_CONN_IDLE = 0, /* no byte of a request has come */
    SSE_PRIV_CONN_HEAD,     /* within a head */
    SSE_PRIV_CONN_BODY,     /* within a body */
    SSE_PRIV_CONN_BUSY,     /* the application has the request */
    SSE_PRIV_CONN_CLOSING,  /* out is to be sent, nothing more will come */
    SSE_PRIV_CONN_LINGER,   /* all is sent; reads until the peer has seen it */
    SSE_PRIV_CONN_DEAD
} sse_priv_conn_state;

/** How many connections an address has; see peers.c. */
typedef struct sse_priv_peer {
    uint8_t key[17];  /* family, then the address or its network */
    uint32_t count;   /* 0: the entry is free */
    uint32_t next;    /* in its chain, or among the free ones */
} sse_priv_peer;

#define SSE_PRIV_NO_PEER UINT32_MAX

typedef struct sse_priv_peers {
    sse_priv_peer *items;
    uint32_t *chains; /* as many as items, a power of two */
    uint32_t cap, used, free;
} sse_priv_peers;

struct sse_priv_conn {
    sse_server *server;
    sse_priv_link all;     /* in server->conns, or server->dead */
    sse_priv_link touched; /* in server->touched, or in no list */
    sse_timer timer;
    sse_request *request;
    sse_priv_buf *out;     /* bytes to send before those of a stream */
    sse_priv_buf *ahead;   /* received behind the request under way */
    uint64_t since_ms;     /* when the state began */
    uint64_t sent_ms;      /* when the peer last took bytes, or had none to */
    int fd;
    uint8_t interest;
    uint8_t state;
    uint8_t served;   /* a request was handed over on it */
    uint8_t last;     /* close it after the answer under way */
    uint8_t eof;      /* the peer sends no more */
    uint8_t blocked;  /* the system takes no bytes for now */
    uint8_t refusal;  /* beyond max_conns: gets a 503 */
    uint8_t family;   /* of the peer's address: 4, 6, or 0 */
    uint8_t peer[16];
    uint32_t counted; /* in server->peers, or SSE_PRIV_NO_PEER */
};

struct sse_server {
    sse_loop *loop;
    sse_server_config config;
    sse_request_fn fn;
    void *user;
    int listen_fd;
    uint16_t port;
    uint8_t closed, draining;
    sse_priv_link conns, touched, dead;
    size_t detached; /* connections that were taken over, see take.c */
    size_t refusals; /* connections that get a 503 and count for themselves */
    sse_priv_peers peers;
    sse_priv_spares spares;
    sse_task work, bury;
    sse_timer accept_timer, drain_timer;
    sse_server_fn on_drained;
    void *drained_user;
    sse_server_stats stats;
    int64_t date_s;
    char date[SSE_PRIV_DATE_LEN + 1];
    char peer_text[46];
    char read_bytes[SSE_PRIV_READ_SIZE];
};

/* accept.c */
/** Listens, and takes connections on from then on.
 *  @param address  IPv4 or IPv6, in digits.
 *  @return SSE_OK; SSE_ERR_INVALID (no address); SSE_ERR_SYSTEM (see errno);
 *          SSE_ERR_NO_MEMORY. */
sse_status sse_priv_server_listen(sse_server *server, const char *address,
                                  uint16_t port);

/* peers.c */
/** Counts a connection of the peer whose address is in it.
 *  @return 0 if it has too many already, or there is no memory. */
int sse_priv_peers_enter(sse_server *server, sse_priv_conn *conn);
/** One of its connections is gone.  @param peer  conn->counted. */
void sse_priv_peers_leave(sse_server *server, uint32_t peer);
void sse_priv_peers_free(sse_server *server);

/* server.c */
/** Frees the dead, and the server if it is closed, as soon as can be. */
void sse_priv_server_bury(sse_server *server);
/** Looks whether a draining server is done. */
void sse_priv_server_check_drained(sse_server *server);

/* conn.c */
/** A connection that was accepted, which it owns from now on.
 *  @return NULL: it cannot be watched, or there is no memory; then the
 *          descriptor is still the caller's. */
sse_priv_conn *sse_priv_conn_open(sse_server *server, int fd);
/** Ends it, see above; nothing happens if it is dead already. */
void sse_priv_conn_close(sse_priv_conn *conn);
/** Has sse_priv_conn_work() called at the end of the turn. */
void sse_priv_conn_touch(sse_priv_conn *conn);
/** Goes to a state, from now on. */
void sse_priv_conn_enter(sse_priv_conn *conn, sse_priv_conn_state state);
/** Sets what the socket is watched for and when the timer is due. */
void sse_priv_conn_settle(sse_priv_conn *conn);

/* input.c */
/** @return 0 if the peer hung up while the application has its request. */
int sse_priv_conn_read(sse_priv_conn *conn);
/** Bytes from the peer, some of which may have to wait.
 *  @return How many were used. */
size_t sse_priv_conn_input(sse_priv_conn *conn, const char *bytes, size_t len);

/* fail.c */
/** Answers with an error of the server's own and closes. */
void sse_priv_conn_fail(sse_priv_conn *conn, int status);

/* body.c */
/** The head is complete: what body may follow, and whether it does. */
void sse_priv_conn_begin_body(sse_priv_conn *conn, int more);
/** Bytes of it; with the last one the request goes to the application.
 *  @return How many were used: all of them if the connection failed. */
size_t sse_priv_conn_body(sse_priv_conn *conn, const char *bytes, size_t len);

/* output.c */
/** The request under way is over; the next may come. */
void sse_priv_conn_finish(sse_priv_conn *conn, int clean);
/** What there is to do at the end of a turn.  It may be dead afterwards. */
void sse_priv_conn_work(sse_priv_conn *conn);
/** Not 0 if there are bytes to send. */
int sse_priv_conn_has_output(const sse_priv_conn *conn);

/* request.c */
/** With a message that is still to come.  @return NULL: no memory. */
sse_request *sse_priv_request_new(sse_priv_conn *conn);
/** Gives its message back: nobody can ask for it any more. */
void sse_priv_request_give_back(sse_request *request);
/** Runs the close callbacks, then frees request and stream. */
void sse_priv_request_free(sse_request *request, int clean);
/** Hands it to the application. */
void sse_priv_request_dispatch(sse_request *request);

/* stream.c */
/** Appends the head of a response that is a stream.
 *  @param extra  Go in place of fields of the same name.
 *  @return 0: no memory. */
int sse_priv_stream_head(sse_priv_conn *conn, sse_priv_buf **head, int chunked,
                         const sse_http_header *extra, size_t extra_count);
/** Frees it, without a call of its callbacks. */
void sse_priv_stream_free(sse_stream *stream);
/** Sends the head on its way: it can no longer be changed. */
void sse_priv_stream_commit(sse_stream *stream);
/** After keep_alive_ms of silence. */
void sse_priv_stream_comment(sse_stream *stream);

/* reply.c: heads of responses.  Those that append return 0 if there is no
 * memory; then the head is not complete. */
/** Whether an application may send these: well-formed, and none that says how
 *  a message is framed.  @return SSE_OK; SSE_ERR_INVALID;
 *  SSE_ERR_CHARACTER. */
sse_status sse_priv_check_headers(const sse_http_header *headers,
                                  size_t count);
/** Appends the first line, Date, and what `last` asks for. */
int sse_priv_reply_begin(sse_priv_conn *conn, sse_priv_buf **out, int status);
int sse_priv_reply_field(sse_priv_buf **out, const char *name,
                         const char *value);
/** Content-Length. */
int sse_priv_reply_length(sse_priv_buf **out, size_t len);
/** The blank line. */
int sse_priv_reply_end(sse_priv_buf **out);
/** The words that go with a status; a constant. */
const char *sse_priv_reason(int status);

/* date.c */
/** IMF-fixdate (RFC 9110, "Date/Time Formats"); the second is UTC's. */
void sse_priv_date_write(int64_t second, char dst[SSE_PRIV_DATE_LEN + 1]);

#endif /* SSE_SOCK_SERVER_H */
