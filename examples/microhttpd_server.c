/*
 * microhttpd_server.c - the core alone behind another HTTP server: what is
 * posted to libmicrohttpd goes to everybody who reads, and who comes back gets
 * what it missed.
 *
 *   microhttpd_server [PORT]   then as with broadcast.c
 *
 * SPDX-License-Identifier: MIT
 */
#define _POSIX_C_SOURCE 200809L

#include <sse/sse.h>

#include <microhttpd.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* All callbacks run in the one thread of the server, so there is no lock. */
static char bytes[1 << 20];
static sse_replay_entry entries[1024];
static sse_replay ring;

/* One who reads: a position in the ring. */
struct reader {
    struct MHD_Connection *connection;
    struct reader *next;
    uint64_t cursor;
    int waits; /* suspended until there is more */
};
static struct reader *readers;

/* libmicrohttpd wants bytes for a reader. */
static ssize_t on_room(void *user, uint64_t position, char *dst, size_t room)
{
    struct reader *const reader = (struct reader *)user;
    sse_piece pieces[2];
    size_t count = 0;
    (void)position;
    if (sse_replay_span(&ring, reader->cursor, pieces, &count) != SSE_OK) {
        return MHD_CONTENT_READER_END_WITH_ERROR; /* the ring overtook it */
    }
    if (count == 0) {
        reader->waits = 1;
        MHD_suspend_connection(reader->connection);
        return 0;
    }
    const size_t len = pieces[0].len < room ? pieces[0].len : room;
    memcpy(dst, pieces[0].base, len);
    reader->cursor += len;
    return (ssize_t)len;
}

static void on_end(void *user)
{
    struct reader **at = &readers;
    while (*at != user) {
        at = &(*at)->next;
    }
    *at = (*at)->next;
    free(user);
}

static enum MHD_Result subscribe(struct MHD_Connection *connection)
{
    const char *const id = MHD_lookup_connection_value(
        connection, MHD_HEADER_KIND, "Last-Event-ID");
    struct reader *const reader = (struct reader *)calloc(1, sizeof *reader);
    if (reader == NULL) {
        return MHD_NO;
    }
    reader->connection = connection;
    reader->cursor = id == NULL ? sse_replay_newest(&ring)
                                : sse_replay_oldest(&ring);
    if (id != NULL) {
        (void)sse_replay_find(&ring, id, strlen(id), &reader->cursor);
    }
    reader->next = readers;
    readers = reader;
    struct MHD_Response *const response = MHD_create_response_from_callback(
        MHD_SIZE_UNKNOWN, 4096, on_room, reader, on_end);
    size_t count = 0;
    const sse_http_header *const headers = sse_http_headers(&count);
    for (size_t i = 0; i < count; i++) {
        (void)MHD_add_response_header(response, headers[i].name,
                                      headers[i].value);
    }
    const enum MHD_Result queued =
        MHD_queue_response(connection, MHD_HTTP_OK, response);
    MHD_destroy_response(response);
    return queued;
}

static enum MHD_Result publish(struct MHD_Connection *connection,
                               const char *body, size_t len)
{
    char id[24];
    (void)snprintf(id, sizeof id, "%llu",
                   (unsigned long long)sse_replay_next_seq(&ring));
    const sse_event event =
        sse_event_with_id(sse_event_of_data(body, len), id, strlen(id));
    const int good = sse_replay_append(&ring, &event, 0, NULL) == SSE_OK;
    for (struct reader *reader = readers; reader != NULL;
         reader = reader->next) {
        if (reader->waits) {
            reader->waits = 0;
            MHD_resume_connection(reader->connection);
        }
    }
    struct MHD_Response *const response = MHD_create_response_from_buffer(
        strlen(id), id, MHD_RESPMEM_MUST_COPY);
    const enum MHD_Result queued = MHD_queue_response(
        connection, good ? MHD_HTTP_OK : MHD_HTTP_BAD_REQUEST, response);
    MHD_destroy_response(response);
    return queued;
}

/* The body of a request, as far as it has come. */
struct post {
    size_t len;
    char body[65536];
};

/* Comes once for the head, once for each part of a body, and once more. */
static enum MHD_Result on_request(void *user,
                                  struct MHD_Connection *connection,
                                  const char *url, const char *method,
                                  const char *version, const char *part,
                                  size_t *part_len, void **state)
{
    struct post *const post = (struct post *)*state;
    (void)user, (void)url, (void)version;
    if (strcmp(method, "POST") != 0) {
        return subscribe(connection);
    }
    if (post == NULL) {
        *state = calloc(1, sizeof *post);
        return *state != NULL ? MHD_YES : MHD_NO;
    }
    if (*part_len == 0) {
        return publish(connection, post->body, post->len);
    }
    if (*part_len > sizeof post->body - post->len) {
        return MHD_NO;
    }
    memcpy(post->body + post->len, part, *part_len);
    post->len += *part_len;
    *part_len = 0;
    return MHD_YES;
}

static void on_completed(void *user, struct MHD_Connection *connection,
                         void **state, enum MHD_RequestTerminationCode code)
{
    (void)user, (void)connection, (void)code;
    free(*state);
}

int main(int argc, char **argv)
{
    unsigned port = 8080;
    char more;
    if (argc > 1 &&
        (sscanf(argv[1], "%5u%c", &port, &more) != 1 || port > 65535)) {
        (void)fprintf(stderr, "microhttpd_server: \"%s\" is no port\n", argv[1]);
        return 2;
    }
    struct sockaddr_in address;
    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons((uint16_t)port);
    /* Beyond all numbers of an earlier run, whose ids readers still have. */
    const uint64_t first = (uint64_t)time(NULL) << 20;
    (void)sse_replay_init(&ring, bytes, sizeof bytes, entries,
                          sizeof entries / sizeof entries[0], first);
    struct MHD_Daemon *const daemon = MHD_start_daemon(
        MHD_USE_INTERNAL_POLLING_THREAD | MHD_ALLOW_SUSPEND_RESUME,
        0, NULL, NULL, on_request, NULL, MHD_OPTION_SOCK_ADDR, &address,
        MHD_OPTION_NOTIFY_COMPLETED, on_completed, NULL, MHD_OPTION_END);
    if (daemon == NULL) {
        (void)fputs("microhttpd_server: cannot listen\n", stderr);
        return 1;
    }
    printf("http://127.0.0.1:%u/\n",
           MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT)->port);
    (void)fflush(stdout);
    for (;;) {
        (void)pause();
    }
}
