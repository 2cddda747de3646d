/*
 * client_look.c - the addresses of a client's host: looked up, or the
 * caller's.
 *
 * SPDX-License-Identifier: MIT
 */
#define _POSIX_C_SOURCE 200809L

#include "client.h"

#include <netdb.h>
#include <stdlib.h>
#include <string.h>

static void set_port(sse_priv_address *address, uint32_t port)
{
    if (address->at.any.sa_family == AF_INET) {
        address->at.v4.sin_port = htons((uint16_t)port);
    } else {
        address->at.v6.sin6_port = htons((uint16_t)port);
    }
}

static int is_usable(const struct addrinfo *at)
{
    return (at->ai_family == AF_INET || at->ai_family == AF_INET6) &&
           at->ai_addrlen <= sizeof(struct sockaddr_storage);
}

/* The first of the family that comes behind `from`; NULL if none does. */
static const struct addrinfo *next_of(const struct addrinfo *from, int family,
                                      int same)
{
    while (from != NULL &&
           (!is_usable(from) || (from->ai_family == family) != same)) {
        from = from->ai_next;
    }
    return from;
}

/* The resolver's order within a family, and the families in turn, its
 * favourite first. */
static size_t take_in_turn(const struct addrinfo *list,
                           sse_priv_address *found)
{
    while (list != NULL && !is_usable(list)) {
        list = list->ai_next;
    }
    const int family = list != NULL ? list->ai_family : AF_INET;
    const struct addrinfo *ours = next_of(list, family, 1);
    const struct addrinfo *theirs = next_of(list, family, 0);
    size_t count = 0;
    while (count < SSE_PRIV_CLIENT_ADDRESSES &&
           (ours != NULL || theirs != NULL)) {
        const int turn = ours != NULL && (count % 2 == 0 || theirs == NULL);
        const struct addrinfo *const at = turn ? ours : theirs;
        found[count].len = at->ai_addrlen;
        memcpy(&found[count].at.room, at->ai_addr, at->ai_addrlen);
        count++;
        if (turn) {
            ours = next_of(ours->ai_next, family, 1);
        } else {
            theirs = next_of(theirs->ai_next, family, 0);
        }
    }
    return count;
}

/* An IPv6 address without brackets, its zone without the percent-encoding of
 * the percent sign.  Returns 0 if it is too long for any name. */
static int copy_host(const sse_priv_url_view *view, char *host, size_t cap)
{
    const size_t bracket = view->host[0] == '[';
    size_t n = 0;
    for (size_t i = bracket; i < view->host_len; i++) {
        if (n + 1 == cap) {
            return 0;
        }
        if (bracket && view->host[i] == ']') {
            break;
        }
        host[n++] = view->host[i];
        if (view->host[i] == '%' && view->host_len - i > 2 &&
            memcmp(view->host + i, "%25", 3) == 0) {
            i += 2;
        }
    }
    host[n] = '\0';
    return 1;
}

/* Returns 0, with the reason in trouble, if there is no address. */
static int ask(sse_client *client, const sse_priv_url_view *view)
{
    char host[256];
    struct addrinfo hints;
    struct addrinfo *list = NULL;
    memset(&hints, 0, sizeof hints);
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    int error = EAI_NONAME;
    if (copy_host(view, host, sizeof host)) {
        error = getaddrinfo(host, NULL, &hints, &list);
    }
    if (error != 0) {
        sse_priv_client_trouble(client, "no address of %.100s: %s", host,
                                gai_strerror(error));
        return 0;
    }
    client->link.count = take_in_turn(list, client->link.found);
    freeaddrinfo(list);
    if (client->link.count == 0) {
        sse_priv_client_trouble(client, "no address of %.100s", host);
    }
    return client->link.count > 0;
}

int sse_priv_client_look_up(sse_client *client,
                            const sse_priv_url_view *view)
{
    sse_priv_client_link *const link = &client->link;
    link->found = (sse_priv_address *)calloc(SSE_PRIV_CLIENT_ADDRESSES,
                                             sizeof *link->found);
    if (link->found == NULL) {
        sse_priv_client_trouble(client, "out of memory");
        return 0;
    }
    const size_t known = client->config.address_count;
    if (known > 0 && strlen(client->home_host) == view->host_len &&
        memcmp(client->home_host, view->host, view->host_len) == 0) {
        link->count = known < SSE_PRIV_CLIENT_ADDRESSES
                          ? known
                          : SSE_PRIV_CLIENT_ADDRESSES;
        memcpy(link->found, client->addresses,
               link->count * sizeof *link->found);
    } else if (!ask(client, view)) {
        return 0;
    }
    for (size_t i = 0; i < link->count; i++) {
        set_port(&link->found[i], view->port);
    }
    return 1;
}
