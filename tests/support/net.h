/*
 * net.h - the other end of a connection, for tests of servers: a plain
 * loopback client that says what it is told and keeps what it hears.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TESTS_NET_H
#define TESTS_NET_H

#include <stddef.h>
#include <stdint.h>

/** One connection.  Whatever has come is in `bytes`, with a NUL behind. */
typedef struct net_peer {
    int fd;
    char *bytes;
    size_t len, cap;
    int eof;   /**< the other side sends no more */
    int reset; /**< the other side broke off */
} net_peer;

/** How long a wait for what must happen lasts at most, in milliseconds. */
#define NET_PATIENCE_MS 60000

/** A receive buffer that is soon full.  In a much smaller one the window can
 *  come to rest below half of its largest size, and then TCP sends one segment
 *  for each 0.2 s of its persist timer: some 10 KB/s. */
#define NET_SMALL_BUFFER 32768

/** Connects to 127.0.0.1, with such a receive buffer if @p rcvbuf is not 0.
 *  Returns 0 if that failed. */
int net_open(net_peer *peer, uint16_t port, int rcvbuf);

/** Sends what the system takes at once.  Returns how many bytes. */
size_t net_send(net_peer *peer, const char *bytes, size_t len);

/** Sends a text, all of it.  Returns 0 if the system does not take it. */
int net_say(net_peer *peer, const char *text);

/** Receives what is there, @p most bytes at most, without waiting.  Returns
 *  how many. */
size_t net_take(net_peer *peer, size_t most);

/** Receives all that is there.  Returns whether @p text is among all that has
 *  come so far. */
int net_heard(net_peer *peer, const char *text);

/** Receives all that is there.  Returns whether the other side has ended. */
int net_ended(net_peer *peer);

/** The same two, but they wait for it, without a turn of any loop: what was
 *  sent may take a moment even on the loopback.  Return 0 if it never comes. */
int net_waits_for(net_peer *peer, const char *text);
int net_waits_for_the_end(net_peer *peer);

/** How often @p text is among what has come so far. */
size_t net_count(const net_peer *peer, const char *text);

/** Forgets what has come so far. */
void net_clear(net_peer *peer);

/** Sends no more, but still receives. */
void net_shut(net_peer *peer);

void net_close(net_peer *peer);

/** Closes so that the other side gets a reset. */
void net_break(net_peer *peer);

/** How many descriptors this process has open; 0 if that cannot be told. */
size_t net_descriptors(void);

#endif /* TESTS_NET_H */
