/*
 * buf.h - bytes that grow up to a limit.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef CHAT_BUF_H
#define CHAT_BUF_H

#include <stddef.h>

/** All zero is an empty buffer without a limit. */
struct buf {
    char *at;     /* NUL-terminated once something was added */
    size_t len;   /* bytes, the NUL not among them */
    size_t cap;   /* bytes at `at` */
    size_t limit; /* most bytes it takes; 0 for any number */
};

/** Appends.  @return 0; -1 if that would pass the limit: nothing was added. */
int buf_add(struct buf *buf, const char *bytes, size_t len);

/** Appends a string.  @return as buf_add(). */
int buf_add_text(struct buf *buf, const char *text);

/** Appends as printf() would write.  @return as buf_add(). */
int buf_add_format(struct buf *buf, const char *format, ...)
#if defined(__GNUC__)
    __attribute__((format(printf, 2, 3)))
#endif
    ;

/** Makes room for @p len more bytes.  @return as buf_add(). */
int buf_reserve(struct buf *buf, size_t len);

/** The content as a string, "" if there is none; borrowed. */
const char *buf_text(const struct buf *buf);

/** Forgets the content, keeps the memory. */
void buf_clear(struct buf *buf);

/** Gives the memory back; the buffer is empty and of use again. */
void buf_free(struct buf *buf);

#endif /* CHAT_BUF_H */
