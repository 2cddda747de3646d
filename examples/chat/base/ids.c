/*
 * ids.c - names that nobody guesses: ids, tokens, and the hash of a token.
 *
 * SPDX-License-Identifier: MIT
 */
#define _GNU_SOURCE
#include "base/ids.h"

#include <errno.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#define RANDOM_LEN 10 /* bytes of an id that are random */

void random_bytes(unsigned char *dst, size_t len)
{
    while (len > 0) {
        ssize_t got = getrandom(dst, len, 0);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            fputs("sse-chat: the system has no random source\n", stderr);
            abort();
        }
        dst += got;
        len -= (size_t)got;
    }
}

void hex_write(char *dst, const unsigned char *bytes, size_t len)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < len; i++) {
        dst[2 * i] = digits[bytes[i] >> 4];
        dst[2 * i + 1] = digits[bytes[i] & 15];
    }
    dst[2 * len] = '\0';
}

void id_make(struct id_maker *maker, int64_t now_ms, struct id *id)
{
    /* Two ids of one millisecond still sort in the order they were made. */
    if (now_ms <= maker->last_ms) {
        now_ms = maker->last_ms + 1;
    }
    maker->last_ms = now_ms;
    unsigned char bytes[ID_LEN / 2];
    for (size_t i = 0; i < 6; i++) {
        bytes[i] = (unsigned char)((uint64_t)now_ms >> (40 - 8 * i));
    }
    random_bytes(bytes + 6, RANDOM_LEN);
    hex_write(id->text, bytes, sizeof bytes);
}

int id_read(const char *text, size_t len, struct id *id)
{
    if (len != ID_LEN) {
        return 0;
    }
    for (size_t i = 0; i < len; i++) {
        int digit = text[i] >= '0' && text[i] <= '9';
        if (!digit && !(text[i] >= 'a' && text[i] <= 'f')) {
            return 0;
        }
    }
    memcpy(id->text, text, len);
    id->text[len] = '\0';
    return 1;
}

int id_same(const struct id *a, const struct id *b)
{
    return strcmp(a->text, b->text) == 0;
}

void token_make(char *token)
{
    unsigned char bytes[TOKEN_LEN / 2];
    random_bytes(bytes, sizeof bytes);
    hex_write(token, bytes, sizeof bytes);
}

void token_hash(const char *token, size_t len,
                unsigned char hash[TOKEN_HASH_LEN])
{
    unsigned int written = 0;
    if (EVP_Digest(token, len, hash, &written, EVP_sha256(), NULL) != 1 ||
        written != TOKEN_HASH_LEN) {
        fputs("sse-chat: libcrypto has no SHA-256\n", stderr);
        abort();
    }
}
