/*
 * decoder.h - the Encoding Standard's UTF-8 decoder, byte by byte as it is
 * written there: the oracle for everything that repairs text.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef FUZZ_DECODER_H
#define FUZZ_DECODER_H

#include "fuzz.h"

/** Decodes a whole text and appends it to @p out in UTF-8, with U+FFFD for
 *  each error.  @return how many errors there were. */
uint64_t fuzz_decode(const char *text, size_t len, struct fuzz_text *out);

#endif /* FUZZ_DECODER_H */
