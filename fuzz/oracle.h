/*
 * oracle.h - what the literal reference says of a stream that was read.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef FUZZ_ORACLE_H
#define FUZZ_ORACLE_H

#include "reader.h"

/** Not 0 if the reference knows the policies that were chosen. */
int fuzz_oracle_knows(const struct fuzz_reader *reader,
                      const struct fuzz_options *options, const char *stream,
                      size_t len);

/** Ends the program unless the reference says what @p reader, which has read
 *  the whole stream, has in its log. */
void fuzz_oracle_compare(const struct fuzz_reader *reader,
                         const struct fuzz_options *options,
                         const char *stream, size_t len);

#endif /* FUZZ_ORACLE_H */
