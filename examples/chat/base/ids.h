/*
 * ids.h - names that nobody guesses: ids, tokens, and the hash of a token.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef CHAT_IDS_H
#define CHAT_IDS_H

#include <stddef.h>
#include <stdint.h>

/** Characters of an id: 48 bits of time, 80 random ones, in hexadecimal. */
#define ID_LEN 32
/** Characters of a token: 256 random bits in hexadecimal. */
#define TOKEN_LEN 64
/** Bytes of a token's hash (SHA-256). */
#define TOKEN_HASH_LEN 32

/** An id with its NUL; "" is none. */
struct id {
    char text[ID_LEN + 1];
};

/** Makes ids that rise in the order they were made.  All zero to start. */
struct id_maker {
    int64_t last_ms; /* time in the id made last */
};

/** Fills from the system's random source.  Never fails: without one the
 *  process ends, because nothing it could hand out would be safe. */
void random_bytes(unsigned char *dst, size_t len);

/** Writes @p len bytes as 2 * @p len lower-case digits and a NUL. */
void hex_write(char *dst, const unsigned char *bytes, size_t len);

/** A new id.  @param now_ms  milliseconds since 1970. */
void id_make(struct id_maker *maker, int64_t now_ms, struct id *id);

/** Takes an id from text.  @return not 0 if it has the form of one; otherwise
 *  @p id is untouched. */
int id_read(const char *text, size_t len, struct id *id);

/** Not 0 if both are the same id. */
int id_same(const struct id *a, const struct id *b);

/** Writes a new token and a NUL into TOKEN_LEN + 1 bytes. */
void token_make(char *token);

/** The hash under which a token is kept: the token itself is never stored.
 *  256 random bits need neither salt nor a slow hash. */
void token_hash(const char *token, size_t len,
                unsigned char hash[TOKEN_HASH_LEN]);

#endif /* CHAT_IDS_H */
