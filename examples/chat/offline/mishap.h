/*
 * mishap.h - the faults that offline.h lists.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef CHAT_OFFLINE_MISHAP_H
#define CHAT_OFFLINE_MISHAP_H

enum mishap {
    MISHAP_NONE,
    MISHAP_CUT,
    MISHAP_RESET,
    MISHAP_STALL,
    MISHAP_SILENT,
    MISHAP_NO_END,
    MISHAP_NO_FINISH,
    MISHAP_NO_DONE,
    MISHAP_LENGTH,
    MISHAP_FILTER,
    MISHAP_EMPTY,
    MISHAP_ERROR_FIRST,
    MISHAP_ERROR_MIDSTREAM,
    MISHAP_ERROR_FIELD,
    MISHAP_BAD_JSON,
    MISHAP_CRLF,
    MISHAP_BYTEWISE,
    MISHAP_HTML,
    MISHAP_FLAKY,
    MISHAP_STATUS
};

/**
 * Which fault a request asks for.
 *
 * @param model   Of the request.
 * @param header  Of X-Offline-Fault, or NULL; it counts before the model.
 * @param status  Out: the status of MISHAP_STATUS.
 * @param unknown Out: a name nobody knows, borrowed; NULL for none.
 */
enum mishap mishap_read(const char *model, const char *header, int *status,
                        const char **unknown);

/** Not 0 if this fault happens in mid-answer. */
int mishap_is_midway(enum mishap mishap);

#endif /* CHAT_OFFLINE_MISHAP_H */
