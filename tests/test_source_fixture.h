/*
 * test_source_fixture.h - a source with its parser, for the tests of it.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TESTS_SOURCE_FIXTURE_H
#define TESTS_SOURCE_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <sse/sse.h>

#include "support/rows.h"

#define STREAM "text/event-stream"

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

typedef struct fixture {
    char scratch[1024];
    sse_parser parser;
    sse_source source;
    sse_source_config config;
    sse_action action;
} fixture;

static inline fixture *fresh(void)
{
    static fixture f;
    memset(&f, 0, sizeof(f));
    assert_int_equal(sse_parser_init(&f.parser, f.scratch, sizeof(f.scratch),
                                     NULL, NULL), SSE_OK);
    sse_source_config_init(&f.config);
    f.config.seed = 42;
    return &f;
}

static inline void start(fixture *f)
{
    assert_int_equal(sse_source_init(&f->source, &f->config, &f->parser),
                     SSE_OK);
}

static inline sse_action_kind next(fixture *f, uint64_t now_ms)
{
    sse_source_next(&f->source, now_ms, &f->action);
    return f->action.kind;
}

static inline void respond(fixture *f, uint64_t now_ms, int status,
                           const char *type)
{
    sse_source_open(&f->source, now_ms, status, type,
                    type != NULL ? strlen(type) : 0, SSE_NEVER);
}

/* A source whose stream is open at 10 ms. */
static inline fixture *opened(void (*change)(sse_source_config *))
{
    fixture *f = fresh();
    if (change != NULL) {
        change(&f->config);
    }
    start(f);
    assert_int_equal(next(f, 0), SSE_ACTION_CONNECT);
    sse_source_connected(&f->source, 5);
    respond(f, 10, 200, STREAM);
    assert_int_equal(next(f, 10), SSE_ACTION_READ);
    assert_int_equal(sse_source_get_state(&f->source), SSE_SOURCE_OPEN);
    return f;
}

static inline void feed(fixture *f, const char *text)
{
    const char *at = text;
    size_t len = strlen(text);
    sse_event event;
    while (sse_parser_next(&f->parser, &at, &len, &event) == SSE_OK) {
        sse_source_event(&f->source);
    }
}

#endif /* TESTS_SOURCE_FIXTURE_H */
