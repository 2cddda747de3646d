/*
 * tape_write.c - writing recordings.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tape.h"

void tape_put_head(struct out *out, const char *name, const char *value,
                   size_t len)
{
    out_text(out, name);
    out_text(out, ": ");
    out_put(out, value, len);
    out_text(out, "\n");
}

static void put_time(struct out *out, uint64_t at_us)
{
    out_text(out, "@");
    out_number(out, at_us);
    out_text(out, " ");
}

void tape_put(struct out *out, uint64_t at_us, const char *bytes, size_t len)
{
    put_time(out, at_us);
    out_number(out, len);
    out_text(out, "\n");
    out_put(out, bytes, len);
    out_text(out, "\n");
    (void)out_flush(out);
}

void tape_put_end(struct out *out, uint64_t at_us, enum tape_end end)
{
    static const char *const words[] = {"end\n", "cut\n", "stopped\n"};
    put_time(out, at_us);
    out_text(out, words[end]);
    (void)out_flush(out);
}
