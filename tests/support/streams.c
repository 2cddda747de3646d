/*
 * streams.c - random streams.
 *
 * SPDX-License-Identifier: MIT
 */
#include "streams.h"

#include <string.h>

static void put(random_stream *stream, const char *bytes, size_t len)
{
    if (len > STREAM_CAP - stream->len) {
        len = STREAM_CAP - stream->len;
    }
    memcpy(stream->bytes + stream->len, bytes, len);
    stream->len += len;
}

static void put_string(random_stream *stream, const char *string)
{
    put(stream, string, strlen(string));
}

static const char *choose(random_source *source, const char *const *list,
                          size_t count)
{
    return list[random_below(source, count)];
}

#define CHOOSE(source, list)                                                   \
    choose((source), (list), sizeof(list) / sizeof((list)[0]))

void random_value(random_source *source, char *text, size_t len)
{
    /* The last of these arrays ends with the NUL byte that C adds to it. */
    static const char plain[] = "abcdefghijklmnop";
    static const char odd[] = " :\t\"\\{}0123456789\x0B\x0C\x7F\x80\xC2\x85\xE2"
                              "\x80\xA8\xEF\xBB\xBF\xFF";
    const size_t oddity = 2 + random_below(source, 30);
    for (size_t at = 0; at < len; at++) {
        text[at] = random_once_in(source, oddity)
                       ? odd[random_below(source, sizeof odd)]
                       : plain[random_below(source, sizeof plain - 1)];
    }
}

/* A length: small as a rule, now and then just around the limit. */
static size_t value_len(random_source *source, size_t limit)
{
    switch (random_below(source, 8)) {
    case 0:
        return 0;
    case 1:
        return 1;
    case 2:
    case 3:
        return random_below(source, 10);
    case 4:
    case 5:
        return random_below(source, 40);
    case 6:
        return random_below(source, 160);
    default:
        break;
    }
    return limit > 1 && limit < STREAM_CAP / 4
               ? limit - 2 + random_below(source, 5)
               : random_below(source, 300);
}

static void put_value(random_stream *stream, random_source *source,
                      size_t limit)
{
    char text[STREAM_CAP / 4 + 8];
    const size_t len = value_len(source, limit);
    random_value(source, text, len);
    put(stream, text, len);
}

static void put_separator(random_stream *stream, random_source *source)
{
    static const char *const list[] = {":", ":",  ": ", ": ",  ": ",
                                       ": ", ":  ", ":\t", "", "::"};
    put_string(stream, CHOOSE(source, list));
}

static void put_digits(random_stream *stream, random_source *source)
{
    static const char *const list[] = {
        "0", "3000", "18446744073709551615", "18446744073709551616",
        "00018446744073709551615", "99999999999999999999", "", "10a", "-1",
        " 5", "5 ", "1\v", "0x1", "184467440737095516150"};
    if (random_once_in(source, 2)) {
        put_string(stream, CHOOSE(source, list));
        return;
    }
    char digits[24];
    const size_t len = 1 + random_below(source, sizeof digits);
    for (size_t at = 0; at < len; at++) {
        digits[at] = (char)('0' + (int)random_below(source, 10));
    }
    put(stream, digits, len);
}

static void put_noise(random_stream *stream, random_source *source)
{
    static const char alphabet[] = "::  datieventry0\xEF\xBB\xBF\t";
    char noise[24];
    const size_t len = random_below(source, sizeof noise);
    for (size_t at = 0; at < len; at++) {
        noise[at] = alphabet[random_below(source, sizeof alphabet)];
    }
    put(stream, noise, len);
}

static void put_unknown(random_stream *stream, random_source *source,
                        const stream_limits *limits)
{
    static const char *const list[] = {
        "d",      "da",    "dat",   "dataa",  "data ", " data", "Data",
        "ida",    "i",     "ID",    "id ",    "even",  "events", "event ",
        "Event",  "retr",  "retryy", "retry ", "error", "x",     " ",
        "\t",     ("\xEF\xBB\xBF" "data"), "\xEF", "longer-than-seven"};
    put_string(stream, CHOOSE(source, list));
    put_separator(stream, source);
    put_value(stream, source, limits->line_len);
}

static void put_line(random_stream *stream, random_source *source,
                     const stream_limits *limits)
{
    switch (random_below(source, 20)) {
    case 0:
    case 1:
        put_string(stream, "id");
        put_separator(stream, source);
        put_value(stream, source, limits->id_len);
        break;
    case 2:
    case 3:
        put_string(stream, "event");
        put_separator(stream, source);
        put_value(stream, source, limits->type_len);
        break;
    case 4:
        put_string(stream, "retry");
        put_separator(stream, source);
        put_digits(stream, source);
        break;
    case 5:
    case 6:
        put_string(stream, ":");
        put_value(stream, source, limits->line_len);
        break;
    case 7:
        put_unknown(stream, source, limits);
        break;
    case 8:
        put_noise(stream, source);
        break;
    case 9:
    case 10:
    case 11:
    case 12:
    case 13:
        break; /* a blank line */
    default:
        put_string(stream, "data");
        put_separator(stream, source);
        put_value(stream, source, limits->data_len);
        break;
    }
}

static void put_line_end(random_stream *stream, random_source *source,
                         size_t usual)
{
    static const char *const list[] = {"\n", "\r\n", "\r"};
    const size_t count = sizeof list / sizeof list[0];
    put_string(stream, random_once_in(source, 4)
                           ? list[random_below(source, count)]
                           : list[usual % count]);
}

/* A few bytes changed, wherever they are. */
static void disturb(random_stream *stream, random_source *source)
{
    static const char bytes[] = "\r\n\r\n: dier0\xEF\xBB\xBF";
    for (size_t left = random_below(source, 6); left > 0; left--) {
        if (stream->len > 0) {
            stream->bytes[random_below(source, stream->len)] =
                bytes[random_below(source, sizeof bytes)];
        }
    }
}

void random_stream_make(random_stream *stream, random_source *source,
                        const stream_limits *limits)
{
    static const char *const marks[] = {"\xEF\xBB\xBF", "\xEF\xBB\xBF",
                                        "\xEF", "\xEF\xBB",
                                        "\xEF\xBB\xBF\xEF\xBB\xBF"};
    stream->len = 0;
    if (random_once_in(source, 6)) {
        put_string(stream, CHOOSE(source, marks));
    }
    const size_t usual = random_below(source, 3);
    for (size_t left = random_below(source, 30); left > 0; left--) {
        put_line(stream, source, limits);
        put_line_end(stream, source, usual);
    }
    if (random_once_in(source, 4)) {
        disturb(stream, source);
    }
    if (random_once_in(source, 4)) {
        stream->len = random_below(source, stream->len + 1);
    }
}
