/*
 * peers.c - how many connections each address has.
 *
 * SPDX-License-Identifier: MIT
 *
 * A table of chains over an array, so that an entry keeps its number for as
 * long as somebody counts in it.  It is there only where a limit is set.
 */
#include "server.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_PEERS 64u

/* An address, or the network that one owner of IPv6 addresses has. */
static void make_key(const sse_priv_conn *conn, uint8_t key[17])
{
    memset(key, 0, 17);
    key[0] = conn->family;
    memcpy(key + 1, conn->peer, conn->family == 4 ? 4 : 8);
}

/* FNV-1a; the table is bounded by max_conns, whatever addresses meet. */
static uint32_t hash(const uint8_t key[17])
{
    uint32_t h = 2166136261u;
    for (size_t i = 0; i < 17; i++) {
        h = (h ^ key[i]) * 16777619u;
    }
    return h ^ (h >> 15);
}

static void link_peer(sse_priv_peers *peers, uint32_t i)
{
    uint32_t *const chain =
        &peers->chains[hash(peers->items[i].key) & (peers->cap - 1)];
    peers->items[i].next = *chain;
    *chain = i;
}

static int grow(sse_priv_peers *peers)
{
    const uint32_t cap = peers->cap == 0 ? FIRST_PEERS : peers->cap * 2;
    uint32_t *const chains = (uint32_t *)malloc(cap * sizeof *chains);
    sse_priv_peer *const items = (sse_priv_peer *)realloc(
        peers->items, cap * sizeof *items);
    if (items != NULL) {
        peers->items = items;
    }
    if (chains == NULL || items == NULL) {
        free(chains);
        return 0;
    }
    free(peers->chains);
    peers->chains = chains;
    peers->cap = cap;
    for (uint32_t i = 0; i < cap; i++) {
        chains[i] = SSE_PRIV_NO_PEER;
    }
    for (uint32_t i = 0; i < peers->used; i++) {
        link_peer(peers, i); /* growing means that none is free */
    }
    return 1;
}

static uint32_t find(const sse_priv_peers *peers, const uint8_t key[17])
{
    if (peers->cap == 0) {
        return SSE_PRIV_NO_PEER;
    }
    uint32_t i = peers->chains[hash(key) & (peers->cap - 1)];
    while (i != SSE_PRIV_NO_PEER &&
           memcmp(peers->items[i].key, key, 17) != 0) {
        i = peers->items[i].next;
    }
    return i;
}

static uint32_t add(sse_priv_peers *peers, const uint8_t key[17])
{
    uint32_t i = peers->free;
    if (i != SSE_PRIV_NO_PEER) {
        peers->free = peers->items[i].next;
    } else if (peers->used < peers->cap || grow(peers)) {
        i = peers->used++;
    } else {
        return SSE_PRIV_NO_PEER;
    }
    memcpy(peers->items[i].key, key, 17);
    peers->items[i].count = 0;
    link_peer(peers, i);
    return i;
}

int sse_priv_peers_enter(sse_server *server, sse_priv_conn *conn)
{
    sse_priv_peers *const peers = &server->peers;
    uint8_t key[17];
    if (server->config.max_conns_per_address == 0 || conn->family == 0) {
        return 1;
    }
    make_key(conn, key);
    uint32_t i = find(peers, key);
    if (i == SSE_PRIV_NO_PEER) {
        i = add(peers, key);
    }
    if (i == SSE_PRIV_NO_PEER ||
        peers->items[i].count >= server->config.max_conns_per_address) {
        return 0;
    }
    peers->items[i].count++;
    conn->counted = i;
    return 1;
}

void sse_priv_peers_leave(sse_server *server, uint32_t peer)
{
    sse_priv_peers *const peers = &server->peers;
    if (peer == SSE_PRIV_NO_PEER || --peers->items[peer].count > 0) {
        return;
    }
    sse_priv_peer *const item = &peers->items[peer];
    uint32_t *at = &peers->chains[hash(item->key) & (peers->cap - 1)];
    while (*at != peer) {
        at = &peers->items[*at].next;
    }
    *at = item->next;
    item->next = peers->free;
    peers->free = peer;
}

void sse_priv_peers_free(sse_server *server)
{
    free(server->peers.items);
    free(server->peers.chains);
}
