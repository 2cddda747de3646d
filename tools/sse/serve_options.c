/*
 * serve_options.c - the command line of `sse serve`.
 *
 * SPDX-License-Identifier: MIT
 */
#include "serve.h"

#include "flags.h"
#include "input.h"
#include "say.h"
#include "tool.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* Most bytes of a file with a token. */
#define TOKEN_FILE 4096

const char serve_help[] =
    "usage: sse serve [FLAGS]\n"
    "\n"
    "A server of topics.  POST /topic/NAME publishes the body as one event,\n"
    "GET /topic/NAME subscribes, GET /topic/A,B to several at once.  GET\n"
    "/healthz and /metrics tell how it is.  SIGTERM ends it when the streams\n"
    "have been ended, SIGINT at once.\n"
    "\n"
    "  --listen ADDR:PORT   an address in numbers, or a port alone for\n"
    "                       127.0.0.1; port 0 takes a free one\n"
    "                       (127.0.0.1:8080)\n"
    "  --token T            publishing needs `Authorization: Bearer T`;\n"
    "                       @FILE reads T, which others then do not see\n"
    "  --cors ORIGIN        pages of this origin may use it; * for all\n"
    "  --access-log FILE    a line for each request; - for stdout\n"
    "\n"
    "What a topic keeps for those who come back or fall behind:\n"
    "  --retain N           events (1024)\n"
    "  --retain-bytes N     bytes of these (4 MiB)\n"
    "  --retain-ms MS       their age; 0 for any (0)\n"
    "  --retain-total BYTES memory for all topics together (1 GiB)\n"
    "  --max-topics N       topics at a time (10000)\n"
    "  --lag close|skip     who falls behind is closed and comes back, or\n"
    "                       goes on behind a `gap` event (close)\n"
    "\n"
    "Streams:\n"
    "  --sndbuf BYTES       kernel memory for what is sent to each; 0\n"
    "                       leaves it to the system (32768)\n"
    "  --retry-ms MS        reconnection time told; 0 tells none (2000)\n"
    "  --keep-alive MS      silence before a comment; 0 for none (15000)\n"
    "  --keep-alive-form one|two\n"
    "                       the comment's form: one line, or two (one)\n"
    "  --write-timeout MS   without progress, then closed (30000)\n"
    "  --lifetime MS        of a stream, then ended; 0 for any (0)\n"
    "  --drain MS           over which SIGTERM spreads the ends (5000)\n"
    "\n"
    "Limits:\n"
    "  --max-conns N        connections, more get 503 (100000)\n"
    "  --max-conns-per-address N\n"
    "                       of these, from one address; 0 for any (0)\n"
    "  --max-body BYTES     of what is published (1 MiB)\n"
    "  --head-timeout MS    for a whole head (10000)\n"
    "  --body-timeout MS    for a whole body (30000)\n"
    "\n"
    "  -h, --help           this text\n"
    "\n"
    "Exit status\n"
    "  0    SIGTERM\n"
    "  1    it cannot listen, or the system failed\n"
    "  2    the command line is wrong\n"
    "  130  SIGINT\n";

enum {
    HELP = 1,
    LISTEN,
    TOKEN,
    CORS,
    ACCESS_LOG,
    RETAIN,
    RETAIN_BYTES,
    RETAIN_MS,
    RETAIN_TOTAL,
    MAX_TOPICS,
    LAG,
    SNDBUF,
    RETRY_MS,
    KEEP_ALIVE,
    KEEP_ALIVE_FORM,
    WRITE_TIMEOUT,
    LIFETIME,
    DRAIN,
    MAX_CONNS,
    MAX_CONNS_PER_ADDRESS,
    MAX_BODY,
    HEAD_TIMEOUT,
    BODY_TIMEOUT
};

static const struct flag table[] = {
    {"--help", 'h', 0, HELP},
    {"--listen", '\0', 1, LISTEN},
    {"--token", '\0', 1, TOKEN},
    {"--cors", '\0', 1, CORS},
    {"--access-log", '\0', 1, ACCESS_LOG},
    {"--retain", '\0', 1, RETAIN},
    {"--retain-bytes", '\0', 1, RETAIN_BYTES},
    {"--retain-ms", '\0', 1, RETAIN_MS},
    {"--retain-total", '\0', 1, RETAIN_TOTAL},
    {"--max-topics", '\0', 1, MAX_TOPICS},
    {"--lag", '\0', 1, LAG},
    {"--sndbuf", '\0', 1, SNDBUF},
    {"--retry-ms", '\0', 1, RETRY_MS},
    {"--keep-alive", '\0', 1, KEEP_ALIVE},
    {"--keep-alive-form", '\0', 1, KEEP_ALIVE_FORM},
    {"--write-timeout", '\0', 1, WRITE_TIMEOUT},
    {"--lifetime", '\0', 1, LIFETIME},
    {"--drain", '\0', 1, DRAIN},
    {"--max-conns", '\0', 1, MAX_CONNS},
    {"--max-conns-per-address", '\0', 1, MAX_CONNS_PER_ADDRESS},
    {"--max-body", '\0', 1, MAX_BODY},
    {"--head-timeout", '\0', 1, HEAD_TIMEOUT},
    {"--body-timeout", '\0', 1, BODY_TIMEOUT},
    {NULL, '\0', 0, 0}};

#define MOST_BYTES ((uint64_t)1 << 40)
#define MOST_MS ((uint64_t)INT32_MAX)

static int set_word(const char *name, const char *text, const char *first,
                    const char *second, int *is_second)
{
    *is_second = strcmp(text, second) == 0;
    if (!*is_second && strcmp(text, first) != 0) {
        say("serve: %s is %s or %s, not \"%s\"", name, first, second, text);
        return -1;
    }
    return 0;
}

/* What stands in a header field. */
static int check_visible(const char *what, const char *text)
{
    for (const char *at = text; *at != '\0' || at == text; at++) {
        if (*at <= 0x20 || *at >= 0x7f) {
            say("serve: %s wants visible characters, at least one", what);
            return -1;
        }
    }
    return 0;
}

/* The token itself, or @FILE for its one line: arguments are seen by others. */
static int set_token(struct serve_options *options, const char *text)
{
    static char line[TOKEN_FILE + 2];
    size_t len = 0;
    options->token = text;
    if (*text != '@') {
        return check_visible("--token", text);
    }
    if (value_file("serve", text + 1) < 0) {
        return -1;
    }
    char *const bytes = input_all(text + 1, TOKEN_FILE, &len);
    if (bytes == NULL) {
        return SERVE_UNREAD;
    }
    memcpy(line, bytes, len);
    free(bytes);
    while (len > 0 && (line[len - 1] == '\n' || line[len - 1] == '\r')) {
        len--;
    }
    /* A NUL within it is no visible character either. */
    for (size_t i = 0; i < len; i++) {
        line[i] = line[i] != '\0' ? line[i] : ' ';
    }
    line[len] = '\0';
    options->token = line;
    return check_visible(text, line);
}

static int set_text(struct serve_options *options, int id, const char *text)
{
    int second = 0;
    switch (id) {
    case LISTEN:
        return value_listen("serve", text, options->address,
                            &options->server.port);
    case ACCESS_LOG:
        if (*text == '\0') {
            say("serve: --access-log wants the name of a file, or `-`");
            return -1;
        }
        options->log_path = text;
        return 0;
    case LAG:
        if (set_word("--lag", text, "close", "skip", &second) < 0) {
            return -1;
        }
        options->hub.topic.lag = second ? SSE_HUB_SKIP : SSE_HUB_CLOSE;
        return 0;
    case KEEP_ALIVE_FORM:
        if (set_word("--keep-alive-form", text, "one", "two", &second) < 0) {
            return -1;
        }
        options->hub.topic.keep_alive_form =
            second ? SSE_BLOCK_TWO_LINES : SSE_BLOCK_ONE_LINE;
        return 0;
    default:
        break;
    }
    if (id == TOKEN) {
        return set_token(options, text);
    }
    options->cors = text;
    return check_visible("--cors", text);
}

/* The least and the most that a number may be. */
static void get_range(int id, uint64_t *least, uint64_t *most)
{
    *least = 0;
    *most = MOST_MS;
    if (id == RETAIN || id == RETAIN_BYTES || id == RETAIN_TOTAL ||
        id == MAX_TOPICS || id == MAX_CONNS || id == HEAD_TIMEOUT ||
        id == BODY_TIMEOUT || id == WRITE_TIMEOUT) {
        *least = 1;
    }
    if (id == RETAIN_BYTES || id == RETAIN_TOTAL || id == MAX_BODY) {
        *most = MOST_BYTES < SIZE_MAX / 16 ? MOST_BYTES : SIZE_MAX / 16;
    }
}

/* What a number of the hub goes to.  Returns 0 if it is none. */
static int set_hub_number(struct serve_options *options, int id,
                          uint64_t number)
{
    sse_topic_config *const topic = &options->hub.topic;
    switch (id) {
    case RETAIN:
        topic->retain_events = (size_t)number;
        return 1;
    case RETAIN_BYTES:
        topic->retain_bytes = (size_t)number;
        options->has_retain_bytes = 1;
        return 1;
    case RETAIN_MS:
        topic->retain_ms = number;
        return 1;
    case RETAIN_TOTAL:
        options->hub.retain_total = (size_t)number;
        return 1;
    case MAX_TOPICS:
        options->hub.max_topics = (size_t)number;
        return 1;
    case RETRY_MS:
        topic->retry_ms = (uint32_t)number;
        return 1;
    case KEEP_ALIVE:
        topic->keep_alive_ms = (uint32_t)number;
        return 1;
    case LIFETIME:
        options->hub.lifetime_ms = (uint32_t)number;
        return 1;
    default:
        return 0;
    }
}

static int set_number(struct serve_options *options, const struct flags *flags,
                      int id, const char *text)
{
    uint64_t least = 0;
    uint64_t most = 0;
    uint64_t number = 0;
    get_range(id, &least, &most);
    if (flags_number(flags, id, text, least, most, &number) < 0) {
        return -1;
    }
    if (set_hub_number(options, id, number)) {
        return 0;
    }
    switch (id) {
    case SNDBUF:
        options->server.sndbuf = (int)number;
        break;
    case WRITE_TIMEOUT:
        options->hub.write_timeout_ms = (uint32_t)number;
        options->server.write_timeout_ms = (uint32_t)number;
        break;
    case DRAIN:
        options->drain_ms = (uint32_t)number;
        break;
    case MAX_CONNS:
        options->server.max_conns = (size_t)number;
        break;
    case MAX_CONNS_PER_ADDRESS:
        options->server.max_conns_per_address = (size_t)number;
        break;
    case MAX_BODY:
        options->server.max_body = (size_t)number;
        break;
    case HEAD_TIMEOUT:
        options->server.head_timeout_ms = (uint32_t)number;
        break;
    default:
        options->server.body_timeout_ms = (uint32_t)number;
        break;
    }
    return 0;
}

static void set_defaults(struct serve_options *options)
{
    memset(options, 0, sizeof *options);
    sse_server_config_init(&options->server);
    sse_hub_config_init(&options->hub);
    memcpy(options->address, "127.0.0.1", sizeof "127.0.0.1");
    options->server.address = options->address;
    options->server.port = 8080;
    options->server.max_conns = 100000;
    options->server.sndbuf = 32768;
    options->drain_ms = 5000;
}

/* What one flag asks of another: the largest body has to fit. */
static void fit(struct serve_options *options)
{
    const size_t body = options->server.max_body;
    if (!options->has_retain_bytes &&
        options->hub.topic.retain_bytes / 4 < body) {
        options->hub.topic.retain_bytes = body * 4;
    }
    if (options->server.max_body_total / 4 < body) {
        options->server.max_body_total = body * 4;
    }
}

int serve_options_read(struct serve_options *options, int argc,
                       char *const *argv)
{
    struct flags flags;
    const char *value = NULL;
    set_defaults(options);
    flags_init(&flags, "serve", table, argc, argv);
    for (;;) {
        const int id = flags_next(&flags, &value);
        if (id == FLAGS_END) {
            fit(options);
            return 0;
        }
        if (id == FLAGS_ERROR) {
            return -1;
        }
        if (id == FLAGS_OPERAND) {
            say("serve: \"%s\" is one word too many", value);
            return -1;
        }
        if (id == HELP) {
            return 1;
        }
        const int is_text = id == LISTEN || id == TOKEN || id == CORS ||
                            id == ACCESS_LOG || id == LAG ||
                            id == KEEP_ALIVE_FORM;
        const int done = is_text ? set_text(options, id, value)
                                 : set_number(options, &flags, id, value);
        if (done < 0) {
            return done;
        }
    }
}
