/*
 * follow.c - a request becomes a reader of a channel.
 *
 * SPDX-License-Identifier: MIT
 */
#include "http/follow.h"

#include "http/web.h"

int follow_place(struct exchange *exchange)
{
    if (exchange->place) {
        return 0;
    }
    int status = limits_take(&exchange->web->limits, exchange->user_seq);
    if (status != 0) {
        exchange_error(exchange, status, "too_many_streams",
                       status == 429
                           ? "You have too many streams open; end one first."
                           : "The server has too many streams. Try again"
                             " later.");
        return -1;
    }
    exchange->place = 1;
    return 0;
}

void follow(struct exchange *exchange, struct channel *channel)
{
    if (exchange->request == NULL) {
        channel_missed(channel);
        return;
    }
    if (follow_place(exchange) != 0) {
        return;
    }
    const char *last_id =
        sse_request_header(exchange->request, "Last-Event-ID");
    switch (channel_attach(channel, exchange->request, last_id)) {
    case CHANNEL_READING:
        exchange->place = 0; /* it is the reader's now */
        exchange->answered = 1;
        break;
    case CHANNEL_READ:
        exchange_send(exchange, 204, NULL, NULL, 0, NULL, NULL);
        break;
    case CHANNEL_GONE:
        channel_missed(channel);
        break;
    }
}
