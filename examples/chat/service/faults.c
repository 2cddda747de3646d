/*
 * faults.c - what people are told about an error code.
 *
 * SPDX-License-Identifier: MIT
 */
#include "service/faults.h"

#include <stddef.h>
#include <string.h>

struct fault {
    const char *code;
    const char *message;
    int retryable;
};

static const struct fault faults[] = {
    {"upstream_status", "The model's server refused or failed.", 1},
    {"upstream_media_type",
     "The model's server answered with something else than a stream.", 0},
    {"upstream_unreachable", "The model's server cannot be reached.", 1},
    {"upstream_timeout", "The model did not answer in time.", 1},
    {"upstream_error", "The model's answer could not be read.", 1},
    {"truncated", "The answer was cut before its end.", 1},
    {"persist_failed", "It could not be saved.", 1},
    {"internal", "Something went wrong in the server.", 1},
};

/* The last one stands for what is unknown. */
static const struct fault *find(const char *code)
{
    size_t last = sizeof faults / sizeof faults[0] - 1;
    size_t i = 0;
    while (i < last && (code == NULL || strcmp(code, faults[i].code) != 0)) {
        i++;
    }
    return &faults[i];
}

const char *fault_message(const char *code)
{
    return find(code)->message;
}

int fault_retryable(const char *code)
{
    return find(code)->retryable;
}
