/*
 * decoder.c - see decoder.h.
 *
 * SPDX-License-Identifier: MIT
 */
#include "decoder.h"

/* The names are the standard's. */
struct decoder {
    unsigned bytes_seen, bytes_needed;
    unsigned lower_boundary, upper_boundary;
};

static const struct decoder fresh = {0, 0, 0x80, 0xBF};

static void add_error(struct fuzz_text *out, uint64_t *errors)
{
    fuzz_text_add(out, "\xEF\xBF\xBD", 3);
    ++*errors;
}

/* A byte that begins a character.  Returns 0 if none does. */
static int begin(struct decoder *d, unsigned byte)
{
    *d = fresh;
    if (byte >= 0xC2 && byte <= 0xDF) {
        d->bytes_needed = 1;
    } else if (byte >= 0xE0 && byte <= 0xEF) {
        d->lower_boundary = byte == 0xE0 ? 0xA0 : 0x80;
        d->upper_boundary = byte == 0xED ? 0x9F : 0xBF;
        d->bytes_needed = 2;
    } else if (byte >= 0xF0 && byte <= 0xF4) {
        d->lower_boundary = byte == 0xF0 ? 0x90 : 0x80;
        d->upper_boundary = byte == 0xF4 ? 0x8F : 0xBF;
        d->bytes_needed = 3;
    } else {
        return byte <= 0x7F;
    }
    return 1;
}

uint64_t fuzz_decode(const char *text, size_t len, struct fuzz_text *out)
{
    struct decoder d = fresh;
    uint64_t errors = 0;
    size_t start = 0; /* of the character under way */
    size_t at = 0;
    while (at < len) {
        const unsigned byte = (unsigned char)text[at];
        if (d.bytes_needed == 0) {
            start = at;
            at++;
            if (!begin(&d, byte)) {
                add_error(out, &errors);
                continue;
            }
        } else if (byte < d.lower_boundary || byte > d.upper_boundary) {
            /* The byte is restored: it is looked at again. */
            d = fresh;
            add_error(out, &errors);
            continue;
        } else {
            d.lower_boundary = fresh.lower_boundary;
            d.upper_boundary = fresh.upper_boundary;
            d.bytes_seen++;
            at++;
        }
        if (d.bytes_seen == d.bytes_needed) {
            fuzz_text_add(out, text + start, at - start);
            d = fresh;
        }
    }
    if (d.bytes_needed != 0) {
        add_error(out, &errors);
    }
    return errors;
}
