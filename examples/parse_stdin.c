/*
 * parse_stdin.c - prints the events of a stream on standard input:
 *
 *     curl -sN https://example.org/stream | build/examples/parse_stdin
 *
 * The whole use of the parser: a struct, a scratch buffer, a callback, and
 * bytes in pieces of whatever size they come in.  Nothing to free.
 *
 * SPDX-License-Identifier: MIT
 */
#include <sse/parser.h>

#include <stdio.h>

/* The event and all it points to die when this returns. */
static int on_event(const sse_event *event, void *user)
{
    (void)user;
    printf("%.*s", (int)event->type_len, event->type);
    if (event->id_len > 0) {
        printf(" (%.*s)", (int)event->id_len, event->id);
    }
    printf(": %.*s\n", (int)event->data_len, event->data);
    return fflush(stdout) == 0 ? SSE_GO : SSE_STOP;
}

/* Without this hook an event too large for the scratch is skipped silently. */
static int on_dropped(const sse_drop *drop, void *user)
{
    (void)user;
    fprintf(stderr, "%lu bytes dropped before byte %lu\n",
            (unsigned long)drop->bytes, (unsigned long)drop->offset);
    return SSE_GO;
}

int main(void)
{
    static char scratch[64 * 1024];
    char chunk[4096];
    sse_parser parser;
    sse_status status = sse_parser_init(&parser, scratch, sizeof scratch,
                                        on_event, NULL);
    sse_parser_on_dropped(&parser, on_dropped);
    while (status == SSE_OK) {
        const size_t len = fread(chunk, 1, sizeof chunk, stdin);
        if (len == 0) {
            break;
        }
        size_t consumed = 0;
        status = sse_parser_feed(&parser, chunk, len, &consumed);
    }
    if (status == SSE_OK) {
        status = sse_parser_finish(&parser, !ferror(stdin));
    }
    if (ferror(stdin) || ferror(stdout)) {
        perror(ferror(stdin) ? "standard input" : "standard output");
        return 1;
    }
    if (status != SSE_OK) {
        fprintf(stderr, "%s\n",
                status == SSE_INCOMPLETE
                    ? "the stream ended in the middle of an event"
                    : sse_strerror(status));
        return 1;
    }
    return 0;
}
