/*
 * load.h - what the parts of the load client share.
 *
 *     load.c         command line, the choice of a load, the figures
 *     load_fan.c     subscribers of one topic, and who publishes to it
 *     load_stream.c  streams that the server ends by itself
 *     load_text.c    what all of these get, read once
 *     load_conn.c    connections: connecting, sending, reading
 *     load_http.c    responses: head, framing, body
 *     load_proc.c    what a server's process and the kernel use
 *
 * One thread and one epoll set, on Linux alone.  Every event that comes is
 * checked: nothing lost, nothing twice, everything in order.  Those of streams
 * are all read by the library's parser; of a topic those that come first, and
 * all others have to be the same bytes.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SSE_BENCH_LOAD_H
#define SSE_BENCH_LOAD_H

#include <sse/parser.h>

#include <stddef.h>
#include <stdint.h>

/* The command line. */
struct load_options {
    const char *mode;
    const char *host; /* numeric IPv4 */
    unsigned port;
    const char *path;     /* what is asked for */
    const char *pub_path; /* where to publish */
    unsigned conns;
    unsigned stalled;  /* of these never read */
    unsigned window;   /* publishes in flight; 0: by rate */
    double rate;       /* a second */
    double seconds;    /* of publishing */
    double drain;      /* seconds that the last deliveries may take */
    unsigned size;     /* bytes of data */
    unsigned events;   /* of each stream */
    unsigned streams;  /* in all; 0: one for each connection */
    unsigned idle_from; /* subscribers at the first reading of memory */
    int reconnect;     /* a connection for each stream */
    int awake;         /* never sleeps while events are on their way */
    int pid;           /* of the server; 0: unknown */
    int cpu;           /* -1: any */
};

/* Response under way. */
struct load_http {
    uint8_t state; /* of load_http.c */
    uint8_t framing;
    uint8_t line_len;
    uint8_t zero; /* the chunk is the last one */
    int status;
    uint64_t left; /* bytes of the body or of the chunk */
    char line[80]; /* of the head or of a chunk's head */
};

enum load_kind { LOAD_READER, LOAD_STALLED, LOAD_PUBLISHER };
enum load_state {
    LOAD_CLOSED, LOAD_CONNECTING, LOAD_WAITING, LOAD_OPEN, LOAD_READY
};

struct load;

/* One connection. */
struct load_conn {
    struct load *load;
    int fd;
    unsigned index;
    uint8_t kind, state;
    struct load_http http;
    sse_parser parser;
    char *scratch;
    uint64_t at;      /* events so far */
    size_t got;       /* bytes of load_text so far */
    int apart;        /* what it gets is not load_text */
    uint64_t message; /* publisher: what it published last */
    int busy;         /* publisher: waits for its response */
    int pending;      /* publisher: its message is under way */
};

/* What the readers of a topic get, as far as one of them has got it. */
struct load_text {
    char *bytes;
    size_t len, cap;
    uint64_t *ends; /* of its events */
    uint64_t events;
    sse_parser parser;
};

/* What went wrong; all 0 in a good run. */
struct load_errors {
    uint64_t connect, status, order, lost, cut, publish;
};

/* One published message. */
struct load_message {
    uint64_t sent_ns;
    unsigned got;
    unsigned publisher;
};

struct load {
    struct load_options options;
    int epoll;
    struct load_conn *conns; /* readers, then publishers */
    unsigned count;
    unsigned publishers;
    unsigned connecting;
    unsigned ready;
    unsigned done;  /* streams that ended */
    unsigned begun; /* streams that began */
    uint64_t now_ns;
    uint64_t last_ns; /* of the last event */
    uint64_t events;
    struct load_errors errors;
    struct load_message *messages;
    uint64_t published;
    uint64_t acknowledged;
    uint64_t complete; /* delivered to all */
    uint64_t room;
    uint32_t *order; /* messages as the first reader got them */
    uint64_t ordered;
    double *latency; /* of the last delivery, in ms */
    struct load_text text;
};

uint64_t load_clock_ns(void);
void load_die(const char *what);
void *load_alloc(size_t count, size_t size);

/* Connections. */
void load_conn_begin(struct load *load, unsigned index, enum load_kind kind);
void load_conn_send(struct load_conn *conn, const char *bytes, size_t len);
void load_conn_close(struct load_conn *conn);
void load_request(struct load_conn *conn);
/* Handles what is ready, waiting so long at most. */
void load_turn(struct load *load, int wait_ms);
/* Connects readers up to a number and waits until their streams are open. */
void load_connect(struct load *load, unsigned upto);

/* Responses: feeds bytes, which go to load_body() without their framing, and
 * tells load_response() of the end.  -1 if they are none. */
int load_http_feed(struct load_conn *conn, const char *bytes, size_t len);
void load_http_reset(struct load_http *http);
void load_body(struct load_conn *conn, const char *bytes, size_t len);
void load_head(struct load_conn *conn);
void load_response(struct load_conn *conn);

/* Loads. */
int load_fan_event(const sse_event *event, void *user);
/* The reader has got this message, which is the right one. */
void load_fan_got(struct load_conn *conn, uint64_t number);
void load_text_open(struct load *load, uint64_t most_events);
void load_text_feed(struct load_conn *conn, const char *bytes, size_t len);
void load_fan_response(struct load_conn *conn);
void load_fan(struct load *load);
int load_stream_event(const sse_event *event, void *user);
void load_stream_end(struct load_conn *conn);
void load_stream(struct load *load);
void load_idle(struct load *load);
/* The number that begins the data of an event; UINT64_MAX if none does. */
uint64_t load_number(const sse_event *event);

/* Processes. */
double load_cpu_s(int pid);
double load_user_kib(int pid);
double load_kernel_kib(void);

#endif /* SSE_BENCH_LOAD_H */
