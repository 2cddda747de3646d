/*
 * script_server.h - a TCP server on the loopback that does as it is told: one
 * script for each connection, byte for byte.
 *
 * SPDX-License-Identifier: MIT
 *
 * It knows no HTTP but where a request ends.  Every function may be called
 * from the test's thread while the server's own threads run; every wait of
 * the server ends when it is closed.
 */
#ifndef TESTS_SCRIPT_SERVER_H
#define TESTS_SCRIPT_SERVER_H

#include <stddef.h>
#include <stdint.h>

/** What to do next on a connection. */
typedef enum script_kind {
    SCRIPT_END = 0,     /**< close, both directions, after what was sent */
    SCRIPT_REQUEST = 1, /**< read a request and keep it; also done unasked
                             before the first step */
    SCRIPT_SEND = 2,    /**< send `len` bytes */
    SCRIPT_DRIP = 3,    /**< send them one by one, each in a segment */
    SCRIPT_FILL = 4,    /**< send `len` bytes `number` times, counting what
                             the system takes; see script_server_sent() */
    SCRIPT_SLEEP = 5,   /**< stand still for `number` ms */
    SCRIPT_GATE = 6,    /**< wait until script_server_open_gate(number) */
    SCRIPT_RESET = 7,   /**< abort: the peer meets a reset */
    SCRIPT_HANG = 8     /**< wait until the peer closes */
} script_kind;

/** One step. */
typedef struct script_step {
    script_kind kind;
    const char *bytes; /**< borrowed until the server is closed */
    size_t len;        /**< bytes */
    uint64_t number;
} script_step;

/* Steps of a script, as initialisers; text is a string literal. */
#define SCRIPT_TEXT(text) {SCRIPT_SEND, text, sizeof(text) - 1, 0}
#define SCRIPT_BYTEWISE(text) {SCRIPT_DRIP, text, sizeof(text) - 1, 0}
#define SCRIPT_DO(kind, number) {kind, NULL, 0, number}

/** The steps of one connection, up to one with SCRIPT_END. */
typedef const script_step *script;

/** A running server. */
typedef struct script_server script_server;

/**
 * Starts a server on a free port of 127.0.0.1.
 *
 * @param scripts  One for each connection in the order they come; the last
 *                 one serves all further ones.  Borrowed.
 * @param count    At least 1.
 * @return NULL if the system refuses.
 */
script_server *script_server_start(const script *scripts, size_t count);

/** The same on ::1.  @return NULL, too, where there is no IPv6. */
script_server *script_server_start_v6(const script *scripts, size_t count);

/** Its port. */
uint16_t script_server_port(const script_server *server);

/** Writes `http://ADDRESS:PORT` and @p path into a buffer of the server's,
 *  good until the next call. */
const char *script_server_url(script_server *server, const char *path);

/** Connections accepted so far. */
size_t script_server_connections(script_server *server);

/** Requests read so far, over all connections. */
size_t script_server_requests(script_server *server);

/** One request, head and body as they came, NUL-terminated; NULL if it has not
 *  come.  Good until the server is closed. */
const char *script_server_request(script_server *server, size_t index);

/** When that request came, in ms of the monotonic clock; 0 if it has not. */
uint64_t script_server_request_ms(script_server *server, size_t index);

/** Connections that their peers have closed or reset so far. */
size_t script_server_hangups(script_server *server);

/** Bytes of SCRIPT_FILL that the system has taken so far. */
uint64_t script_server_sent(script_server *server);

/** Lets connections pass their SCRIPT_GATE of this number (0 to 63). */
void script_server_open_gate(script_server *server, unsigned number);

/** Ends all connections and frees everything. */
void script_server_stop(script_server *server);

/**
 * Writes the URL of a port at which nobody listens, and keeps it from everybody
 * who might: left free it could be somebody else's by the time it is tried.
 *
 * @return the socket that has it, for close(); -1 if the system refuses.
 */
int script_refusing_url(char *url, size_t cap);

/** Milliseconds of the monotonic clock. */
uint64_t script_now_ms(void);

/** Sleeps. */
void script_sleep_ms(unsigned ms);

#endif /* TESTS_SCRIPT_SERVER_H */
