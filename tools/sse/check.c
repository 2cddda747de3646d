/*
 * check.c - the subcommand `sse check`: what is wrong with a stream, and
 * where.
 *
 * SPDX-License-Identifier: MIT
 */
#include "check.h"

#include "input.h"
#include "say.h"
#include "stop.h"
#include "tool.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define UNSIGNED(number) ((unsigned long long)(number))

enum { FLAG_JSON = FETCH_FLAGS, FLAG_ALL, FLAG_MAX_EVENTS };

static const struct flag table[] = {
    FETCH_TABLE,
    {"--json", '\0', 0, FLAG_JSON},
    {"--all", '\0', 0, FLAG_ALL},
    {"--max-events", '\0', 1, FLAG_MAX_EVENTS},
    {NULL, '\0', 0, 0},
};

/* One run. */
struct session {
    struct fetch fetch;
    struct check check;
    int json;
    int all;
};

static int own_flag(const struct flags *flags, int id, const char *value,
                    void *user)
{
    struct session *const session = (struct session *)user;
    switch (id) {
    case FLAG_JSON:
        session->json = 1;
        return 0;
    case FLAG_ALL:
        session->all = 1;
        return 0;
    default:
        return flags_number(flags, id, value, 1, UINT64_MAX - 1,
                            &session->check.max_events);
    }
}

/* What is no stream is not looked at as one. */
static int on_head(const struct fetch_head *head, void *user)
{
    struct check *const check = (struct check *)user;
    check_head(check, head);
    return check->report.count[CHECK_STATUS] > 0 ||
           check->report.count[CHECK_MEDIA_TYPE] > 0;
}

static int on_bytes(const char *bytes, size_t len, void *user)
{
    return check_feed((struct check *)user, bytes, len);
}

static void put_count(struct out *out, const char *name, uint64_t count)
{
    out_text(out, name);
    out_number(out, count);
}

static void summarize(struct check *check)
{
    const sse_quirks *const quirks = &check->quirks;
    struct out *const out = &check->report.out;
    if (check->report.json) {
        put_count(out, "{\"summary\":{\"bytes\":", check->offset);
        put_count(out, ",\"events\":", check->events);
        put_count(out, ",\"comments\":", quirks->comments);
        put_count(out, ",\"lf\":", quirks->lf);
        put_count(out, ",\"cr\":", quirks->cr);
        put_count(out, ",\"crlf\":", quirks->crlf);
        put_count(out, ",\"errors\":", check->report.errors);
        put_count(out, ",\"notes\":", check->report.notes);
        out_text(out, "}}\n");
    } else {
        out_text(out, check->report.name);
        put_count(out, ": ", check->offset);
        put_count(out, " bytes, events ", check->events);
        put_count(out, ", comments ", quirks->comments);
        put_count(out, ", lines ", quirks->lf + quirks->cr + quirks->crlf);
        put_count(out, ", errors ", check->report.errors);
        put_count(out, ", notes ", check->report.notes);
        out_text(out, "\n");
    }
    (void)out_flush(out);
}

/* What was found, as an exit code with its reason. */
static int verdict(const struct check *check, int unfinished, char *reason,
                   size_t cap)
{
    const uint64_t errors = check->report.errors;
    if (unfinished && errors == 1) {
        (void)snprintf(reason, cap, "%s ends in the middle of an event",
                       check->report.name);
        return TOOL_CUT;
    }
    if (errors > 0) {
        (void)snprintf(reason, cap, "%llu error%s", UNSIGNED(errors),
                       errors == 1 ? "" : "s");
        return TOOL_FAILED;
    }
    (void)snprintf(reason, cap, "no errors");
    return TOOL_OK;
}

static int finish(struct session *session, enum fetch_end end, char *reason,
                  size_t cap)
{
    struct check *const check = &session->check;
    struct out *const out = &check->report.out;
    int code = TOOL_FAILED;
    if (end == FETCH_FAILED || end == FETCH_USAGE) {
        return end == FETCH_USAGE ? TOOL_USAGE : TOOL_FAILED;
    }
    int unfinished = 0;
    if (end == FETCH_CLEAN || end == FETCH_CUT) {
        unfinished = check_end(check, end == FETCH_CLEAN);
    }
    summarize(check);
    if (out->state != OUT_OPEN) {
        (void)snprintf(reason, cap, "%s%s",
                       out->state == OUT_FAILED ? "writing the output: " : "",
                       out_reason(out));
        code = out_exit(out);
    } else if (stop_asked() != 0) {
        code = TOOL_SIGNAL + stop_asked();
    } else if (end != FETCH_CUT) {
        code = verdict(check, unfinished, reason, cap);
    }
    return code;
}

static int check_source(struct session *session)
{
    struct fetch *const fetch = &session->fetch;
    struct check *const check = &session->check;
    const struct fetch_hooks hooks = {on_head, on_bytes, check};
    char reason[1024];
    check_report_init(&check->report, input_name(fetch->request.source),
                      session->json, session->all);
    check_begin(check);
    fetch->out = &check->report.out;
    fetch->decode = 1;
    const enum fetch_end end = fetch_run(fetch, &hooks, reason, sizeof reason);
    const int code = finish(session, end, reason, sizeof reason);
    if (*reason != '\0') {
        say("%s", reason);
    }
    return code;
}

static int run(int argc, char *const *argv)
{
    static struct session session;
    if (stop_watch() < 0) {
        say("%s", strerror(errno));
        return TOOL_FAILED;
    }
    session.check.max_events = UINT64_MAX;
    const enum cat_read end = fetch_read(&session.fetch, "check", table, argc,
                                         argv, own_flag, &session);
    const int code = end == CAT_READ_OK ? check_source(&session)
                                        : cat_read_exit(end, check_help);
    fetch_free(&session.fetch);
    return code;
}

const struct tool_command tool_check = {
    "check", "say what is wrong with a stream, and where", check_help, run};
