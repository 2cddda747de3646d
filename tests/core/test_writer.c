/*
 * test_writer.c - events, comments and retries to bytes: exact output, sizes,
 * refusals, all or nothing, and the gathered form.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/support/check.h"

#include <sse/sse.h>

#include <string.h>

#define OK(truth, name) ((void)check_that(truth, name))
#define LEN(literal) (sizeof(literal) - 1)

static const struct row {
    const char *name;
    sse_event event;
    const char *want; /* NULL: an error */
    sse_status status;
} rows[] = {
    {"data alone", {0, 0, "a", 1, 0, 0, 0, 0, SSE_FIELD_DATA, 0},
     "data: a\n\n", SSE_OK},
    {"empty data", {0, 0, NULL, 0, 0, 0, 0, 0, SSE_FIELD_DATA, 0},
     "data: \n\n", SSE_OK},
    {"a leading space survives",
     {0, 0, " a", 2, 0, 0, 0, 0, SSE_FIELD_DATA, 0}, "data:  a\n\n", SSE_OK},
    {"LF, CR, CRLF split; LFCR is two",
     {0, 0, "a\nb\rc\r\nd\n\re", 11, 0, 0, 0, 0, SSE_FIELD_DATA, 0},
     "data: a\ndata: b\ndata: c\ndata: d\ndata: \ndata: e\n\n", SSE_OK},
    {"a line end last", {0, 0, "a\r\n", 3, 0, 0, 0, 0, SSE_FIELD_DATA, 0},
     "data: a\ndata: \n\n", SSE_OK},
    {"a line end alone", {0, 0, "\r", 1, 0, 0, 0, 0, SSE_FIELD_DATA, 0},
     "data: \ndata: \n\n", SSE_OK},
    {"all four fields",
     {"add", 3, "x", 1, "7", 1, 250, 0,
      SSE_FIELD_TYPE | SSE_FIELD_DATA | SSE_FIELD_ID | SSE_FIELD_RETRY, 0},
     "event: add\nid: 7\nretry: 250\ndata: x\n\n", SSE_OK},
    {"only what `fields` names",
     {"a\nb", 3, "x", 1, "c\nd", 3, 9, 0, SSE_FIELD_DATA, 0},
     "data: x\n\n", SSE_OK},
    {"an empty id clears", {0, 0, 0, 0, "", 0, 0, 0, SSE_FIELD_ID, 0},
     "id: \n\n", SSE_OK},
    {"an empty type", {"", 0, 0, 0, 0, 0, 0, 0, SSE_FIELD_TYPE, 0},
     "event: \n\n", SSE_OK},
    {"retry, smallest", {0, 0, 0, 0, 0, 0, 0, 0, SSE_FIELD_RETRY, 0},
     "retry: 0\n\n", SSE_OK},
    {"retry, largest", {0, 0, 0, 0, 0, 0, UINT64_MAX, 0, SSE_FIELD_RETRY, 0},
     "retry: 18446744073709551615\n\n", SSE_OK},
    {"no field", {"t", 1, "x", 1, 0, 0, 0, 0, 0, 0}, NULL,
     SSE_ERR_NO_FIELDS},
    {"an unknown bit", {0, 0, "x", 1, 0, 0, 0, 0, SSE_FIELD_DATA | 16, 0},
     NULL, SSE_ERR_INVALID},
    {"LF in a type", {"a\nb", 3, 0, 0, 0, 0, 0, 0, SSE_FIELD_TYPE, 0}, NULL,
     SSE_ERR_CHARACTER},
    {"CR in a type", {"a\rb", 3, 0, 0, 0, 0, 0, 0, SSE_FIELD_TYPE, 0}, NULL,
     SSE_ERR_CHARACTER},
    {"NUL in a type", {"a\0b", 3, 0, 0, 0, 0, 0, 0, SSE_FIELD_TYPE, 0}, NULL,
     SSE_ERR_CHARACTER},
    {"LF in an id", {0, 0, 0, 0, "\n", 1, 0, 0, SSE_FIELD_ID, 0}, NULL,
     SSE_ERR_CHARACTER},
    {"CR in an id", {0, 0, 0, 0, "a\r", 2, 0, 0, SSE_FIELD_ID, 0}, NULL,
     SSE_ERR_CHARACTER},
    {"NUL in an id", {0, 0, 0, 0, "a\0", 2, 0, 0, SSE_FIELD_ID, 0}, NULL,
     SSE_ERR_CHARACTER},
    {"no type where one is named",
     {NULL, 1, 0, 0, 0, 0, 0, 0, SSE_FIELD_TYPE, 0}, NULL, SSE_ERR_INVALID},
    {"no data where some is named",
     {0, 0, NULL, 1, 0, 0, 0, 0, SSE_FIELD_DATA, 0}, NULL, SSE_ERR_INVALID},
    {"no id where one is named", {0, 0, 0, 0, NULL, 1, 0, 0, SSE_FIELD_ID, 0},
     NULL, SSE_ERR_INVALID},
};

static int all_bytes_are(const char *bytes, size_t len, char c)
{
    for (size_t i = 0; i < len; i++) {
        if (bytes[i] != c) {
            return 0;
        }
    }
    return 1;
}

static int gathers(const sse_event *event, const char *want, size_t want_len)
{
    sse_piece pieces[64];
    char joined[256];
    size_t count = 0;
    size_t needed = 0;
    size_t len = 0;
    if (sse_event_gather(event, NULL, 0, &needed) != SSE_ERR_NO_SPACE ||
        sse_event_gather(event, pieces, needed - 1, &count) !=
            SSE_ERR_NO_SPACE ||
        count != needed ||
        sse_event_gather(event, pieces, needed, &count) != SSE_OK ||
        count != needed) {
        return 0;
    }
    for (size_t i = 0; i < count; i++) {
        if (pieces[i].len == 0 || pieces[i].len > sizeof joined - len) {
            return 0;
        }
        memcpy(joined + len, pieces[i].base, pieces[i].len);
        len += pieces[i].len;
    }
    return len == want_len && memcmp(joined, want, len) == 0;
}

static void test_rows(void)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct row *const r = &rows[i];
        char dst[256];
        size_t size = 9;
        size_t written = 9;
        memset(dst, '#', sizeof dst);
        const sse_status sized = sse_event_size(&r->event, &size);
        const sse_status wrote = sse_event_write(&r->event, dst, sizeof dst,
                                                 &written);
        if (r->want == NULL) {
            size_t count = 9;
            (void)check_that(sized == r->status && wrote == r->status &&
                                 size == 0 && written == 0 &&
                                 sse_event_gather(&r->event, NULL, 0,
                                                  &count) == r->status &&
                                 count == 0 &&
                                 all_bytes_are(dst, sizeof dst, '#'),
                             "refused: %s", r->name);
            continue;
        }
        const size_t want = strlen(r->want);
        int good = sized == SSE_OK && wrote == SSE_OK && size == want &&
                   written == want && memcmp(dst, r->want, want) == 0 &&
                   all_bytes_are(dst + want, sizeof dst - want, '#') &&
                   gathers(&r->event, r->want, want);
        memset(dst, '#', sizeof dst);
        for (size_t cap = 0; cap < want; cap++) {
            good = good &&
                   sse_event_write(&r->event, dst, cap, &written) ==
                       SSE_ERR_NO_SPACE &&
                   written == 0;
        }
        good = good && all_bytes_are(dst, sizeof dst, '#');
        if (!check_that(good, "written: %s", r->name)) {
            check_lines("got", dst, written);
        }
    }
}

static void test_event_arguments(void)
{
    const sse_event event = sse_event_of_data("a", 1);
    size_t n = 3;
    char dst[32];
    OK(sse_event_size(NULL, &n) == SSE_ERR_INVALID && n == 0 &&
           sse_event_size(&event, NULL) == SSE_ERR_INVALID,
       "size wants its arguments");
    OK(sse_event_write(NULL, dst, sizeof dst, &n) == SSE_ERR_INVALID &&
           sse_event_write(&event, NULL, 32, &n) == SSE_ERR_INVALID &&
           sse_event_write(&event, dst, 32, NULL) == SSE_ERR_INVALID,
       "write wants its arguments");
    const sse_event lines = sse_event_of_data("a\nb", 3);
    OK(sse_event_write(&lines, NULL, 32, &n) == SSE_ERR_INVALID && n == 0 &&
           sse_event_write(&lines, dst, 17, &n) == SSE_OK && n == 17 &&
           sse_event_write(&lines, dst, 16, &n) == SSE_ERR_NO_SPACE,
       "of several lines as well");
    const sse_event named = sse_event_of_type("t", 1, "a", 1);
    OK(sse_event_write(&named, NULL, 99, &n) == SSE_ERR_INVALID && n == 0 &&
           sse_event_write(&named, dst, 17, &n) == SSE_ERR_NO_SPACE &&
           sse_event_write(&named, dst, 18, &n) == SSE_OK && n == 18,
       "of a type as well");
    OK(sse_event_write(&event, NULL, 0, &n) == SSE_ERR_NO_SPACE,
       "a size of 0 may go without a buffer");
    sse_piece piece;
    OK(sse_event_gather(&event, &piece, 1, NULL) == SSE_ERR_INVALID &&
           sse_event_gather(NULL, &piece, 1, &n) == SSE_ERR_INVALID &&
           sse_event_gather(&event, NULL, 1, &n) == SSE_ERR_INVALID,
       "gather wants its arguments");
    sse_event huge = sse_event_of_type("t", 1, "a", 1);
    huge = sse_event_with_id(huge, "i", 1);
    huge = sse_event_with_retry(huge, 1);
    OK(huge.fields == 15 && huge.retry_ms == 1 && huge.id_len == 1,
       "the constructors set what they name");
}

/* What sse/writer.h says that always suffices, at its worst. */
static void test_most_pieces(void)
{
    sse_piece pieces[6 + 26];
    size_t n = 0;
    sse_event event = sse_event_with_id(
        sse_event_of_type("t", 1, "a\nb\nc", 5), "i", 1);
    OK(sse_event_gather(&event, pieces, 6 + 5, &n) == SSE_OK && n == 6 + 5,
       "gather: 2 pieces for each line of data and 5 more");
    event = sse_event_with_retry(event, UINT64_MAX);
    OK(sse_event_gather(&event, pieces, 6 + 26, &n) == SSE_OK && n == 6 + 26,
       "gather: with a retry 26 more");
}

/* Calls of one form of block at every capacity. */
static int writes_block(int which, const char *want, sse_block_form form,
                        const char *text, size_t len)
{
    char dst[128];
    const size_t size = strlen(want);
    for (size_t cap = 0; cap <= size + 1; cap++) {
        size_t n = 7;
        memset(dst, '#', sizeof dst);
        const sse_status status =
            which == 0 ? sse_comment_write(text, len, form, dst, cap, &n)
            : which == 1
                ? sse_retry_write(3000, form, dst, cap, &n)
                : sse_keep_alive_write(form, dst, cap, &n);
        if (cap < size) {
            if (status != SSE_ERR_NO_SPACE || n != 0 ||
                !all_bytes_are(dst, sizeof dst, '#')) {
                return 0;
            }
        } else if (status != SSE_OK || n != size ||
                   memcmp(dst, want, size) != 0) {
            return 0;
        }
    }
    return 1;
}

static void test_blocks(void)
{
    OK(writes_block(0, ": hi\n", SSE_BLOCK_ONE_LINE, " hi", 3),
       "comment, one line");
    OK(writes_block(0, ": hi\n\n", SSE_BLOCK_TWO_LINES, " hi", 3),
       "comment, two lines");
    OK(writes_block(0, ":a\n:b\n:\n:c\n", SSE_BLOCK_ONE_LINE, "a\r\nb\n\rc", 7),
       "comment of several lines");
    OK(writes_block(0, ":\n", SSE_BLOCK_ONE_LINE, NULL, 0), "empty comment");
    OK(writes_block(1, "retry: 3000\n", SSE_BLOCK_ONE_LINE, NULL, 0),
       "retry, one line");
    OK(writes_block(1, "retry: 3000\n\n", SSE_BLOCK_TWO_LINES, NULL, 0),
       "retry, two lines");
    OK(writes_block(2, ":\n", SSE_BLOCK_ONE_LINE, NULL, 0),
       "keep-alive, one line");
    OK(writes_block(2, ":\n\n", SSE_BLOCK_TWO_LINES, NULL, 0),
       "keep-alive, two lines");
    char dst[8];
    size_t n = 4;
    OK(sse_comment_write(NULL, 1, SSE_BLOCK_ONE_LINE, dst, 8, &n) ==
               SSE_ERR_INVALID &&
           n == 0 &&
           sse_comment_write("", 0, SSE_BLOCK_ONE_LINE, dst, 8, NULL) ==
               SSE_ERR_INVALID &&
           sse_comment_write("", 0, SSE_BLOCK_ONE_LINE, NULL, 8, &n) ==
               SSE_ERR_INVALID &&
           sse_retry_write(1, SSE_BLOCK_ONE_LINE, dst, 8, NULL) ==
               SSE_ERR_INVALID &&
           sse_retry_write(1, SSE_BLOCK_ONE_LINE, NULL, 99, &n) ==
               SSE_ERR_INVALID,
       "blocks want their arguments");
}

static void test_http_headers(void)
{
    size_t count = 0;
    const sse_http_header *const headers = sse_http_headers(&count);
    int type = 0;
    int framing = 0;
    for (size_t i = 0; i < count; i++) {
        type += strcmp(headers[i].name, "Content-Type") == 0 &&
                strcmp(headers[i].value, "text/event-stream") == 0;
        framing += strcmp(headers[i].name, "Connection") == 0 ||
                   strcmp(headers[i].name, "Transfer-Encoding") == 0;
    }
    OK(type == 1 && framing == 0 && count == 3,
       "headers: the media type, and no framing");
}

static void test_status_and_version(void)
{
    int all = 1;
    for (int status = -40; status < 10; status++) {
        const char *const text = sse_strerror((sse_status)status);
        const int known = (status >= 0 && status <= 4) ||
                          (status >= -8 && status < 0) ||
                          (status >= -29 && status <= -20);
        all = all && text != NULL && text[0] != '\0' &&
              (strcmp(text, "unknown status") != 0) == known;
    }
    OK(all, "every status has words, and no other");
    /* It is answered for headers, methods and URLs, too. */
    const char *const character = sse_strerror(SSE_ERR_CHARACTER);
    OK(strstr(character, "type") == NULL && strstr(character, " id") == NULL &&
           strstr(character, "line end") != NULL,
       "a character that is refused: no word of where it stood");
    const long num = SSE_VERSION_MAJOR * 65536L + SSE_VERSION_MINOR * 256L +
                     SSE_VERSION_PATCH;
    OK(sse_version_num() == num && strlen(sse_version()) >= 5,
       "the library knows its version");
}

int main(void)
{
    test_rows();
    test_event_arguments();
    test_most_pieces();
    test_blocks();
    test_http_headers();
    test_status_and_version();
    return check_end();
}
