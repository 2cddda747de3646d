/*
 * mishap.c - the faults that offline.h lists.
 *
 * SPDX-License-Identifier: MIT
 */
#include "offline/mishap.h"

#include <string.h>

#define MODEL_PREFIX "offline-fault-"

static const char *const names[] = {
    "",            "cut",             "reset",       "stall",    "silent",
    "no-end",      "no-finish",       "no-done",     "length",   "filter",
    "empty",       "error-first",     "error-midstream", "error-field",
    "bad-json",    "crlf",            "bytewise",    "html",     "flaky"};

/* Reads "400" to "599".  @return 0 for anything else. */
static int status_of(const char *name)
{
    if (strlen(name) != 3 || (name[0] != '4' && name[0] != '5') ||
        strspn(name, "0123456789") != 3) {
        return 0;
    }
    return (name[0] - '0') * 100 + (name[1] - '0') * 10 + (name[2] - '0');
}

enum mishap mishap_read(const char *model, const char *header, int *status,
                        const char **unknown)
{
    const size_t prefix = strlen(MODEL_PREFIX);
    const char *name = header;
    *status = 0;
    *unknown = NULL;
    if (name == NULL && strncmp(model, MODEL_PREFIX, prefix) == 0) {
        name = model + prefix;
    }
    if (name == NULL) {
        return MISHAP_NONE;
    }
    for (size_t i = 1; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(name, names[i]) == 0) {
            return (enum mishap)i;
        }
    }
    *status = status_of(name);
    if (*status == 0) {
        *unknown = name;
        return MISHAP_NONE;
    }
    return MISHAP_STATUS;
}

int mishap_is_midway(enum mishap mishap)
{
    return mishap == MISHAP_CUT || mishap == MISHAP_RESET ||
           mishap == MISHAP_STALL || mishap == MISHAP_NO_END ||
           mishap == MISHAP_ERROR_MIDSTREAM || mishap == MISHAP_ERROR_FIELD ||
           mishap == MISHAP_BAD_JSON;
}
