/*
 * emit_stdout.c - makes each line of standard input one event, with an id to
 * resume behind (what is longer than the buffer becomes several):
 *
 *     ls | build/examples/emit_stdout
 *
 * SPDX-License-Identifier: MIT
 */
#include <sse/writer.h>

#include <stdio.h>
#include <string.h>

int main(void)
{
    char line[4096];
    char block[8 * sizeof line];
    unsigned long number = 0;
    size_t written = 0;
    if (sse_retry_write(3000, SSE_BLOCK_TWO_LINES, block, sizeof block,
                        &written) != SSE_OK) {
        return 1;
    }
    (void)fwrite(block, 1, written, stdout);
    while (!ferror(stdout) && fgets(line, sizeof line, stdin) != NULL) {
        char id[24];
        const int id_len = snprintf(id, sizeof id, "%lu", ++number);
        const sse_event event = sse_event_with_id(
            sse_event_of_type("line", 4, line, strcspn(line, "\n")), id,
            (size_t)id_len);
        /* A block of this size always suffices; a CR or LF in the type or id
         * would be an error here and never reach the stream. */
        const sse_status status = sse_event_write(&event, block, sizeof block,
                                                  &written);
        if (status != SSE_OK) {
            fprintf(stderr, "line %lu: %s\n", number, sse_strerror(status));
            return 1;
        }
        (void)fwrite(block, 1, written, stdout);
    }
    if (ferror(stdin) || fflush(stdout) != 0 || ferror(stdout)) {
        perror(ferror(stdin) ? "standard input" : "standard output");
        return 1;
    }
    return 0;
}
