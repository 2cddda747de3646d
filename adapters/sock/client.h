/*
 * client.h - the inside of the plain-socket client.
 *
 * SPDX-License-Identifier: MIT
 *
 *     client.c          a client made and unmade, and what callers may ask it
 *     client_open.c     the configuration checked and copied
 *     client_drive.c    from attempt to attempt, as the source says
 *     client_look.c     addresses of a host
 *     client_link.c     connections, and those kept
 *     client_request.c  what goes out
 *     client_io.c       bytes to and from the socket
 *     client_head.c     the head of a response, judged
 *     client_body.c     its body, to the parser or aside
 *     client_text.c     what went wrong, for people
 *
 * Bytes are taken and hooks are run wherever they come from; what follows from
 * them for the attempt is done by sse_priv_client_step() alone, which every
 * callback of the loop ends with.  A client that is closed is freed at the end
 * of the turn, so whoever still has it on the stack can see that.
 */
#ifndef SSE_SOCK_CLIENT_PRIV_H
#define SSE_SOCK_CLIENT_PRIV_H

#include "../header.h"
#include "../redirect.h"
#include "../scratch.h"
#include "../url.h"

#include <sse/client.h>

#include <netinet/in.h>
#include <sys/socket.h>

#include "buf.h"
#include "chunked.h"
#include "loop.h"
#include "response.h"

/* Bits of sse_client::raised, set by any thread. */
#define SSE_PRIV_CLIENT_RESUME 0x1u
#define SSE_PRIV_CLIENT_CANCEL 0x2u

/** Addresses of one host that are tried. */
#define SSE_PRIV_CLIENT_ADDRESSES 8u

/** What is to become of the bytes of the running exchange. */
typedef enum sse_priv_client_mode {
    SSE_PRIV_CLIENT_IDLE = 0,     /* no exchange */
    SSE_PRIV_CLIENT_HEAD = 1,     /* the response has not been judged */
    SSE_PRIV_CLIENT_STREAM = 2,   /* to the parser */
    SSE_PRIV_CLIENT_REFUSED = 3,  /* the body of a response that is no
                                     stream */
    SSE_PRIV_CLIENT_REDIRECT = 4, /* the body of a redirect */
    SSE_PRIV_CLIENT_FLUSH = 5     /* the exchange is over, a paused event is
                                     left */
} sse_priv_client_mode;

/** An address to connect to. */
typedef struct sse_priv_address {
    socklen_t len;
    union {
        struct sockaddr any;
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
        struct sockaddr_storage room;
    } at;
} sse_priv_address;

/** The connection, and the ways to one. */
typedef struct sse_priv_client_link {
    sse_priv_address *found; /* addresses being tried; NULL if none are */
    size_t count, next;      /* of them; those tried */
    int tries[SSE_PRIV_CLIENT_ADDRESSES]; /* sockets not connected yet */
    size_t trying;
    uint64_t next_ms;        /* when the next one is tried */
    uint64_t limit_ms;       /* when connecting has taken too long */
    int fd;                  /* connected; -1 if none is */
    uint8_t kept;            /* it waits for another request */
    uint8_t used_before;     /* it carries not its first request */
    uint8_t unread;          /* the socket is not watched, for a pause */
    uint32_t interest;
    char *peer;              /* `host:port` of fd */
} sse_priv_client_link;

struct sse_client {
    sse_client_config config; /* with all pointers into memory of our own */
    char *method, *body, *user_agent;
    char **headers; /* the caller's */
    size_t header_count;
    sse_priv_address *addresses; /* the caller's; their ports are not set */
    char *home_host;             /* the host they are of */
    sse_priv_route route;

    sse_parser parser;
    sse_source source;
    sse_priv_scratch scratch;

    sse_loop *loop; /* atomic; NULL before attach */
    sse_priv_client_link link;
    sse_timer timer;

    /* The running exchange. */
    sse_priv_client_mode mode;
    sse_priv_buf *out;   /* head of the request, not sent yet */
    size_t body_left;    /* bytes of the body not sent yet */
    int sends_body;
    int unsent;          /* sending failed */
    sse_priv_response head;
    sse_priv_framing framing;
    sse_priv_chunked chunked;
    uint64_t left;       /* of a body with a length */
    size_t run;          /* payload at the front of what comes next */
    int last;            /* nothing of the body comes behind it */
    int got_bytes;       /* of the response */
    sse_priv_buf *ahead; /* received, and not looked at for a pause */
    char *refused;       /* start of the body of a refused response */
    size_t refused_len, refused_cap;
    size_t discarded;    /* bytes of a body that nobody wants */
    uint64_t drain_until_ms; /* REFUSED and REDIRECT end here */
    int follow;          /* the redirect is to be followed */
    int again;           /* the request is to be sent on another connection */

    int http_status;     /* of the latest head */
    int incomplete, paused, cancelled, ended, closing;
    int busy; /* one of its callbacks is on the stack */
    sse_reason flush_reason; /* why FLUSH ends */
    sse_reason fault;        /* why this side broke the exchange off */
    sse_status fault_status; /* SSE_OK if the reason says it */
    int system_error;
    sse_status final;        /* once ended */
    sse_source_state told;   /* state last told to on_state; 0 if none */
    uint64_t attempts, events;
    char media_type[256];    /* cut if longer */
    char trouble[192];       /* what the transport met; "" if nothing */
    char text[384];          /* what went wrong, for people */

    sse_priv_signal signal;
    uint32_t raised; /* atomic, SSE_PRIV_CLIENT_* */
    sse_priv_task burial;
};

/* client.c */

/** Frees a client that is not on the loop. */
void sse_priv_client_free(sse_client *client);
/** Takes a client that has ended off the loop and frees it, within a turn at
 *  the end of that. */
void sse_priv_client_let_go(sse_client *client);

/* client_open.c */

/** Checks and copies all that the configuration points to, and makes parser,
 *  source and route of it. */
sse_status sse_priv_client_prepare(sse_client *client);
/** Copies header lines.  @return SSE_OK; SSE_ERR_CHARACTER; SSE_ERR_INVALID;
 *  SSE_ERR_NO_MEMORY. */
sse_status sse_priv_client_copy_headers(const char *const *headers,
                                        size_t count, char ***copy);
void sse_priv_client_free_headers(char **headers, size_t count);

/* client_request.c */

/** Writes the request for the route's current place.  @return SSE_OK;
 *  SSE_ERR_NO_MEMORY. */
sse_status sse_priv_client_write_request(sse_client *client);

/* client_look.c */

/** Fills link.found.  Returns 0, with the reason in trouble, if there is no
 *  address.  May block. */
int sse_priv_client_look_up(sse_client *client,
                            const sse_priv_url_view *view);

/* client_link.c */

/** Begins an exchange with the route's current place, over a connection that
 *  was kept or a new one.  What fails at once is told as an end. */
void sse_priv_client_send(sse_client *client);
/** What is due by now: the next address, or the limit. */
void sse_priv_client_link_step(sse_client *client, uint64_t now_ms);
/** When that is; SSE_NEVER if nothing is. */
uint64_t sse_priv_client_link_due(const sse_client *client);
/** The exchange is over: keeps the connection for another one, or not. */
void sse_priv_client_link_keep(sse_client *client);
void sse_priv_client_link_close(sse_client *client);

/* client_io.c */

/** The connection stands: sends the request, watches for the response. */
void sse_priv_client_begin_io(sse_client *client);
/** Not 0 while some of the request has not been sent. */
int sse_priv_client_is_sending(const sse_client *client);
/** Goes on reading after a pause. */
void sse_priv_client_read_on(sse_client *client);

/* client_head.c */

/** Bytes of a head.  @return How many were used. */
size_t sse_priv_client_take_head(sse_client *client, const char *bytes,
                                 size_t len);

/* client_body.c */

/** Bytes of the response.  @return How many were used: fewer only during a
 *  pause. */
size_t sse_priv_client_take(sse_client *client, const char *bytes, size_t len);
/** The body is whole.  @param left  Bytes that came behind it. */
void sse_priv_client_complete(sse_client *client, size_t left);
/** Tells the parser that its stream has ended, and hands over what that
 *  flushes.  @return SSE_PAUSED if a hook paused, otherwise SSE_OK. */
sse_status sse_priv_client_finish_parser(sse_client *client, int clean);
/** Not 0 once it is to end whatever comes. */
int sse_priv_client_is_cancelled(const sse_client *client);

/* client_drive.c */

/** The exchange is over, for this reason; the connection was let go. */
void sse_priv_client_over(sse_client *client, sse_reason reason);
/** This side breaks the exchange off. */
void sse_priv_client_break(sse_client *client, sse_reason fault,
                           sse_status status);
/** Does what is due and sets the time of the next step.  Outside of a turn the
 *  client may be gone afterwards. */
void sse_priv_client_step(sse_client *client);
/** Callback of the client's timer. */
void sse_priv_client_on_timer(sse_loop *loop, sse_timer *timer, void *user);
/** Callback of its signal. */
void sse_priv_client_on_signal(void *user);
/** Tells a state. */
void sse_priv_client_tell(sse_client *client, sse_source_state state,
                          const sse_action *action);

/* client_text.c */

/** Writes into client->text why the attempt failed. */
void sse_priv_client_describe(sse_client *client, sse_reason reason);
/** Writes into client->trouble, as printf() does. */
void sse_priv_client_trouble(sse_client *client, const char *format, ...)
#if defined(__GNUC__)
    __attribute__((format(printf, 2, 3)))
#endif
    ;

#endif /* SSE_SOCK_CLIENT_PRIV_H */
