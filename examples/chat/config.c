/*
 * config.c - settings of sse-chat, from flags and environment.
 *
 * SPDX-License-Identifier: MIT
 */
#define _POSIX_C_SOURCE 200809L
#include "config.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#define DAY_MS 86400000u

enum setting_kind { TEXT, LISTEN, URL, NAME, MILLISECONDS };

/* One setting: its flag without the dashes is also, in capitals and with
 * underscores, its variable behind SSE_CHAT_. */
struct setting {
    const char *flag;
    enum setting_kind kind;
    size_t offset; /* of the member of struct config */
    const char *value;
    const char *help;
};

#define MEMBER(name) offsetof(struct config, name)

static const struct setting settings[] = {
    {"listen", LISTEN, 0, "ADDR:PORT",
     "where to listen, or a port alone (127.0.0.1:8080)"},
    {"db", TEXT, MEMBER(db), "FILE", "the SQLite database (sse-chat.db)"},
    {"upstream", URL, MEMBER(upstream), "URL",
     "an OpenAI-compatible endpoint (none: offline)"},
    {"model", TEXT, MEMBER(model), "NAME", "the model to ask for"},
    {"agent", TEXT, MEMBER(agent), "ID",
     "ask at /v2/gen-ai/agents/ID/chat/completions"},
    {"host", TEXT, MEMBER(host), "NAME",
     "a host name it is reached by, beside localhost"},
    {"keep-alive", MILLISECONDS, MEMBER(keep_alive_ms), "MS",
     "silence before a keep-alive (15000; 0: never)"},
    {"upstream-idle", MILLISECONDS, MEMBER(upstream_idle_ms), "MS",
     "longest silence of the upstream (60000)"},
    {"error-event", NAME, MEMBER(error_event), "NAME",
     "type of the events that report errors (error)"},
};

#define SETTINGS (sizeof settings / sizeof settings[0])

/* Digits alone, no sign, no space, up to `most`.  @return -1 otherwise. */
static int64_t number_read(const char *text, int64_t most)
{
    int64_t number = 0;
    if (*text == '\0') {
        return -1;
    }
    for (; *text != '\0'; text++) {
        if (*text < '0' || *text > '9') {
            return -1;
        }
        number = number * 10 + (*text - '0');
        if (number > most) {
            return -1;
        }
    }
    return number;
}

/* ADDR:PORT, an IPv6 address in brackets; or a port of 127.0.0.1 alone. */
static const char *listen_read(struct config *config, const char *value)
{
    const char *colon = strrchr(value, ':');
    int alone = value[strspn(value, "0123456789")] == '\0';
    if (colon == NULL && !alone) {
        return "is not ADDR:PORT, such as 127.0.0.1:8080";
    }
    int64_t port = number_read(alone ? value : colon + 1, 65535);
    if (port < 0) {
        return "the port is not a number from 0 to 65535";
    }
    if (alone) {
        (void)snprintf(config->address, sizeof config->address, "127.0.0.1");
        config->port = (uint16_t)port;
        return NULL;
    }
    size_t len = (size_t)(colon - value);
    const char *from = value;
    if (len > 2 && value[0] == '[' && value[len - 1] == ']') {
        from++;
        len -= 2;
    }
    char address[sizeof config->address];
    if (len == 0 || len >= sizeof address) {
        return "the address is missing or too long";
    }
    memcpy(address, from, len);
    address[len] = '\0';
    if (strcmp(address, "localhost") == 0) {
        (void)snprintf(address, sizeof address, "127.0.0.1");
    }
    unsigned char binary[sizeof(struct in6_addr)];
    int family = from != value ? AF_INET6 : AF_INET;
    if (inet_pton(family, address, binary) != 1) {
        return "the address is not numeric (IPv6 goes in brackets)";
    }
    memcpy(config->address, address, sizeof address);
    config->port = (uint16_t)port;
    return NULL;
}

static const char *url_check(const char *value)
{
    size_t scheme = strncmp(value, "http://", 7) == 0    ? 7
                    : strncmp(value, "https://", 8) == 0 ? 8
                                                         : 0;
    if (scheme == 0 || value[scheme] == '\0' || value[scheme] == '/') {
        return "is not a URL that begins with http:// or https:// and a host";
    }
    for (const char *at = value; *at != '\0'; at++) {
        if ((unsigned char)*at <= 0x20 || *at == 0x7F) {
            return "a URL holds no white space and no control characters";
        }
    }
    return NULL;
}

static const char *name_check(const char *value)
{
    static const char *const taken[] = {"start", "progress", "chunk", "done"};
    size_t len = strlen(value);
    if (len > 64) {
        return "is longer than 64 characters";
    }
    for (size_t i = 0; i < len; i++) {
        if ((unsigned char)value[i] <= 0x20 || value[i] == 0x7F) {
            return "an event type here holds no space or control character";
        }
    }
    for (size_t i = 0; i < sizeof taken / sizeof taken[0]; i++) {
        if (strcmp(value, taken[i]) == 0) {
            return "is the type of another event";
        }
    }
    return NULL;
}

/* Takes over a value.  @return NULL, or what is wrong with it. */
static const char *apply(struct config *config, const struct setting *setting,
                         const char *value)
{
    char *member = (char *)config + setting->offset;
    const char *why = NULL;
    if (value[0] == '\0') {
        why = "is empty";
    } else if (setting->kind == LISTEN) {
        why = listen_read(config, value);
    } else if (setting->kind == URL) {
        why = url_check(value);
    } else if (setting->kind == NAME) {
        why = name_check(value);
    } else if (setting->kind == MILLISECONDS) {
        int64_t number = number_read(value, DAY_MS);
        int64_t least = setting->offset == MEMBER(keep_alive_ms) ? 0 : 1;
        why = number < least ? "is not a number of milliseconds, at most a day"
                             : NULL;
        if (why == NULL) {
            uint32_t small = (uint32_t)number;
            memcpy(member, &small, sizeof small);
        }
    }
    if (why == NULL && setting->kind != LISTEN &&
        setting->kind != MILLISECONDS) {
        memcpy(member, &value, sizeof value);
    }
    return why;
}

/* The value of a flag's variable, if there is one, and the variable's name. */
static const char *variable(const char *flag, char name[64])
{
    static const char prefix[] = "SSE_CHAT_";
    size_t used = sizeof prefix - 1;
    memcpy(name, prefix, used);
    for (; *flag != '\0' && used < 63; flag++) {
        name[used++] = *flag == '-' ? '_' : (char)(*flag - 'a' + 'A');
    }
    name[used] = '\0';
    const char *value = getenv(name);
    return value != NULL && value[0] != '\0' ? value : NULL;
}

/* Reads all variables, the wrong ones left out.  @return -1 if there was one,
 * and the last of them told. */
static int variables_read(struct config *config, char *error, size_t cap)
{
    char name[64];
    int result = 0;
    config->api_key = variable("api-key", name);
    for (size_t i = 0; i < SETTINGS; i++) {
        const char *value = variable(settings[i].flag, name);
        const char *why =
            value != NULL ? apply(config, &settings[i], value) : NULL;
        if (why != NULL) {
            (void)snprintf(error, cap, "%s=%.200s: %s", name, value, why);
            result = -1;
        }
    }
    if (config->api_key != NULL && strpbrk(config->api_key, "\r\n") != NULL) {
        (void)snprintf(error, cap, "SSE_CHAT_API_KEY has a line end");
        result = -1;
    }
    return result;
}

static const struct setting *setting_find(const char *flag, size_t len)
{
    for (size_t i = 0; i < SETTINGS; i++) {
        if (strlen(settings[i].flag) == len &&
            strncmp(settings[i].flag, flag, len) == 0) {
            return &settings[i];
        }
    }
    return NULL;
}

/* Reads --flag VALUE or --flag=VALUE at argv[*at]. */
static enum config_action flag_read(struct config *config, int argc,
                                    char *const *argv, int *at, char *error,
                                    size_t cap)
{
    const char *arg = argv[*at];
    if (strcmp(arg, "--help") == 0 || strcmp(arg, "-h") == 0) {
        return CONFIG_HELP;
    }
    if (strcmp(arg, "--version") == 0) {
        return CONFIG_VERSION;
    }
    const char *flag = strncmp(arg, "--", 2) == 0 ? arg + 2 : "";
    size_t len = strcspn(flag, "=");
    const struct setting *setting = setting_find(flag, len);
    if (setting == NULL) {
        (void)snprintf(error, cap, "unknown argument %.200s", arg);
        return CONFIG_BAD;
    }
    const char *value = flag[len] == '=' ? flag + len + 1 : NULL;
    if (value == NULL) {
        if (*at + 1 >= argc) {
            (void)snprintf(error, cap, "--%s wants a value", setting->flag);
            return CONFIG_BAD;
        }
        value = argv[++*at];
    }
    const char *why = apply(config, setting, value);
    if (why != NULL) {
        (void)snprintf(error, cap, "--%s %.200s: %s", setting->flag, value,
                       why);
    }
    return why == NULL ? CONFIG_RUN : CONFIG_BAD;
}

enum config_action config_read(struct config *config, int argc,
                               char *const *argv, char *error,
                               size_t error_cap)
{
    memset(config, 0, sizeof *config);
    (void)snprintf(config->address, sizeof config->address, "127.0.0.1");
    config->port = 8080;
    config->db = "sse-chat.db";
    config->error_event = "error";
    config->keep_alive_ms = 15000;
    config->upstream_idle_ms = 60000;
    const int wrong = variables_read(config, error, error_cap);
    for (int at = 1; at < argc; at++) {
        enum config_action action =
            flag_read(config, argc, argv, &at, error, error_cap);
        if (action != CONFIG_RUN) {
            return action;
        }
    }
    return wrong == 0 ? CONFIG_RUN : CONFIG_BAD;
}

void config_usage(FILE *out)
{
    fputs("usage: sse-chat [--flag VALUE]...\n\n", out);
    for (size_t i = 0; i < SETTINGS; i++) {
        fprintf(out, "  --%-14s %-10s %s\n", settings[i].flag,
                settings[i].value, settings[i].help);
    }
    fputs("  -h, --help                this text\n"
          "  --version                 the version\n\n"
          "Each flag is also a variable: --upstream-idle is"
          " SSE_CHAT_UPSTREAM_IDLE.\n"
          "SSE_CHAT_API_KEY is the upstream's key; it has no flag, so that it"
          " shows\nin no list of processes.\n",
          out);
}
