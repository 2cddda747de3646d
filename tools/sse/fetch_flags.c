/*
 * fetch_flags.c - the command line of subcommands that look at bytes.
 *
 * SPDX-License-Identifier: MIT
 */
#include "fetch.h"

#include "cat_body.h"
#include "cat_values.h"
#include "say.h"

#include <stdlib.h>
#include <string.h>

static int set_ms(const struct flags *flags, int id, const char *value,
                  uint32_t *ms)
{
    uint64_t number = 0;
    if (flags_number(flags, id, value, 0, UINT32_MAX, &number) < 0) {
        return -1;
    }
    *ms = (uint32_t)number;
    return 0;
}

static int set_flag(struct fetch *fetch, const struct flags *flags, int id,
                    const char *value)
{
    struct cat_options *const request = &fetch->request;
    switch (id) {
    case FETCH_HEADER:
        return cat_add_header(request, value);
    case FETCH_METHOD:
        return cat_set_method(request, value);
    case FETCH_BODY:
        if (fetch->body != NULL) {
            say("%s: -d was given twice; one request has one body",
                request->command);
            return -1;
        }
        fetch->body = value;
        return 0;
    case FETCH_LAST_ID:
        request->last_event_id = value;
        return 0;
    case FETCH_CONNECT:
        return set_ms(flags, id, value, &request->connect_timeout_ms);
    case FETCH_IDLE:
        return set_ms(flags, id, value, &request->idle_timeout_ms);
    case FETCH_MAX_BYTES:
        return flags_number(flags, id, value, 1, UINT64_MAX - 1,
                            &fetch->max_bytes);
    default:
        return flags_number(flags, id, value, 1, UINT32_MAX, &fetch->max_ms);
    }
}

/* Flags of a request are for URLs. */
static int check_scopes(const struct fetch *fetch, const struct flags *flags,
                        const unsigned char *given)
{
    for (int id = FETCH_HEADER; id <= FETCH_IDLE; id++) {
        if (given[id] && !fetch->request.is_url) {
            say("%s: %s is for URLs (http://..., https://...), and %s is none",
                flags->command, flags_name(flags, id), fetch->request.source);
            return -1;
        }
    }
    return 0;
}

/* The id as a request header: bytes of one line. */
static int add_last_id(struct fetch *fetch)
{
    const char *const id = fetch->request.last_event_id;
    if (id != NULL && strpbrk(id, "\r\n") != NULL) {
        say("%s: --last-event-id wants one line", fetch->request.command);
        return -1;
    }
    return 0;
}

enum cat_read fetch_read(struct fetch *fetch, const char *command,
                         const struct flag *table, int argc, char *const *argv,
                         fetch_flag_fn own, void *user)
{
    struct flags flags;
    unsigned char given[FETCH_FLAGS] = {0};
    const char *value = NULL;
    memset(fetch, 0, sizeof *fetch);
    fetch->request.command = command;
    fetch->request.connect_timeout_ms = 10000;
    fetch->max_bytes = UINT64_MAX;
    fetch->max_ms = UINT64_MAX;
    flags_init(&flags, command, table, argc, argv);
    for (;;) {
        const int id = flags_next(&flags, &value);
        int done = 0;
        if (id == FLAGS_END) {
            break;
        }
        if (id == FETCH_HELP) {
            return CAT_READ_HELP;
        }
        if (id == FLAGS_OPERAND) {
            done = cat_set_source(&fetch->request, value);
        } else if (id > 0 && id < FETCH_FLAGS) {
            given[id] = 1;
            done = set_flag(fetch, &flags, id, value);
        } else if (id > 0) {
            done = own(&flags, id, value, user);
        }
        if (id == FLAGS_ERROR || done < 0) {
            return done == CAT_UNREAD ? CAT_READ_FAILED : CAT_READ_USAGE;
        }
    }
    if (fetch->request.source == NULL) {
        fetch->request.source = "-";
    }
    if (check_scopes(fetch, &flags, given) < 0 || add_last_id(fetch) < 0) {
        return CAT_READ_USAGE;
    }
    if (fetch->body != NULL &&
        cat_body_read(&fetch->request, fetch->body) < 0) {
        return CAT_READ_FAILED;
    }
    return CAT_READ_OK;
}

void fetch_free(struct fetch *fetch)
{
    cat_options_free(&fetch->request);
}
