/*
 * stream.c - the answer to a request as a stream.
 *
 * SPDX-License-Identifier: MIT
 */
#include "server.h"

#include <stdlib.h>
#include <string.h>

/* The longest keep-alive comment. */
#define COMMENT_ROOM 8u
/* What an event of one line may take beside its texts, and in all to be written
 * unmeasured. */
#define SMALL_REST 64u
#define SMALL_EVENT 1024u

void sse_priv_stream_free(sse_stream *stream)
{
    sse_priv_buf_free(&stream->head);
    sse_priv_buf_free(&stream->queue);
    free(stream);
}

/* Is the field among the extra ones, which then say it? */
static int is_replaced(const char *name, const sse_http_header *extra,
                       size_t extra_count)
{
    for (size_t i = 0; i < extra_count; i++) {
        if (sse_priv_same_text(name, extra[i].name)) {
            return 1;
        }
    }
    return 0;
}

int sse_priv_stream_head(sse_priv_conn *conn, sse_priv_buf **head, int chunked,
                         const sse_http_header *extra, size_t extra_count)
{
    size_t count = 0;
    const sse_http_header *const fields = sse_http_headers(&count);
    int ok = sse_priv_reply_begin(conn, head, 200);
    for (size_t i = 0; i < count; i++) {
        ok = ok && (is_replaced(fields[i].name, extra, extra_count) ||
                    sse_priv_reply_field(head, fields[i].name,
                                         fields[i].value));
    }
    for (size_t i = 0; i < extra_count; i++) {
        ok = ok &&
             sse_priv_reply_field(head, extra[i].name, extra[i].value);
    }
    if (chunked) {
        ok = ok && sse_priv_reply_field(head, "Transfer-Encoding", "chunked");
    }
    return ok && sse_priv_reply_end(head);
}

sse_status sse_stream_open(sse_request *request, const sse_http_header *extra,
                           size_t extra_count, sse_stream **stream)
{
    if (request == NULL || stream == NULL ||
        (extra == NULL && extra_count > 0)) {
        return SSE_ERR_INVALID;
    }
    *stream = NULL;
    sse_priv_conn *const conn = request->conn;
    if (request->over || request->answered || request->stream != NULL) {
        return SSE_ERR_CLOSED;
    }
    const sse_status checked = sse_priv_check_headers(extra, extra_count);
    if (checked != SSE_OK) {
        return checked;
    }
    sse_stream *const made = (sse_stream *)calloc(1, sizeof *made);
    if (made == NULL) {
        return SSE_ERR_NO_MEMORY;
    }
    made->request = request;
    made->chunked = !request->is_http10;
    made->wrote_ms = sse_loop_now_ms(conn->server->loop);
    if (!sse_priv_stream_head(conn, &made->head, made->chunked, extra,
                              extra_count)) {
        sse_priv_stream_free(made);
        return SSE_ERR_NO_MEMORY;
    }
    request->stream = made;
    conn->server->stats.streams++;
    if (request->is_head) {
        made->ended = 1;
        made->marked = 1;
        sse_priv_stream_commit(made);
    }
    sse_priv_conn_touch(conn);
    *stream = made;
    return SSE_OK;
}

void sse_priv_stream_commit(sse_stream *stream)
{
    sse_priv_conn *const conn = stream->request->conn;
    if (stream->committed) {
        return;
    }
    if (conn->out == NULL) {
        conn->out = stream->head;
        stream->head = NULL;
    } else if (sse_priv_buf_append(
                   &conn->out, stream->head->bytes + stream->head->start,
                   sse_priv_buf_len(stream->head))) {
        sse_priv_buf_free(&stream->head);
    } else {
        stream->aborted = 1;
    }
    stream->committed = 1;
    sse_priv_conn_touch(conn);
}

/* Not 0 once nothing can be written any more. */
static int is_over(const sse_stream *stream)
{
    return stream->ended || stream->aborted || stream->request->over ||
           stream->request->answered;
}

/* A queue with nothing in it is none. */
static void leave_empty(sse_stream *stream)
{
    if (stream->queue != NULL && sse_priv_buf_len(stream->queue) == 0) {
        sse_priv_buf_free(&stream->queue);
    }
}

/* Room in the queue for a block of this size. */
static sse_status reserve(sse_stream *stream, size_t len, char **room)
{
    const size_t most = stream->request->conn->server->config.stream_buffer;
    if (is_over(stream)) {
        return SSE_ERR_CLOSED;
    }
    if (len > most) {
        return SSE_ERR_LIMIT;
    }
    if (len > most - sse_priv_buf_len(stream->queue)) {
        stream->wants_space = 1;
        return SSE_ERR_NO_SPACE;
    }
    sse_priv_buf_reuse(&stream->queue, &stream->request->conn->server->spares);
    *room = sse_priv_buf_reserve(&stream->queue, len);
    if (*room == NULL) {
        leave_empty(stream);
        return SSE_ERR_NO_MEMORY;
    }
    return SSE_OK;
}

static void queued(sse_stream *stream, size_t len)
{
    sse_priv_conn *const conn = stream->request->conn;
    stream->queue->end += len;
    stream->wrote_ms = sse_loop_now_ms(conn->server->loop);
    sse_priv_stream_commit(stream);
    sse_priv_conn_touch(conn);
}

sse_status sse_stream_write(sse_stream *stream, const char *bytes, size_t len)
{
    if (stream == NULL || (bytes == NULL && len > 0)) {
        return SSE_ERR_INVALID;
    }
    if (len == 0) {
        return is_over(stream) ? SSE_ERR_CLOSED : SSE_OK;
    }
    char *room = NULL;
    const sse_status status = reserve(stream, len, &room);
    if (status == SSE_OK) {
        memcpy(room, bytes, len);
        queued(stream, len);
    }
    return status;
}

/* Most events are small and have one line: those are written without being
 * measured first.  SSE_ERR_NO_SPACE: this one is another. */
static sse_status write_small(sse_stream *stream, const sse_event *event)
{
    const size_t most = stream->request->conn->server->config.stream_buffer;
    const uint32_t fields = event->fields;
    const size_t len =
        SMALL_REST + ((fields & SSE_FIELD_DATA) != 0 ? event->data_len : 0) +
        ((fields & SSE_FIELD_TYPE) != 0 ? event->type_len : 0) +
        ((fields & SSE_FIELD_ID) != 0 ? event->id_len : 0);
    char *room = NULL;
    size_t size = 0;
    if (len > SMALL_EVENT || most < SMALL_EVENT ||
        sse_priv_buf_len(stream->queue) > most - SMALL_EVENT ||
        is_over(stream) || reserve(stream, len, &room) != SSE_OK) {
        return SSE_ERR_NO_SPACE;
    }
    const sse_status status = sse_event_write(event, room, len, &size);
    if (status == SSE_OK) {
        queued(stream, size);
    } else {
        leave_empty(stream);
    }
    return status;
}

sse_status sse_stream_event(sse_stream *stream, const sse_event *event)
{
    size_t size = 0;
    if (stream == NULL || event == NULL) {
        return SSE_ERR_INVALID;
    }
    sse_status status = write_small(stream, event);
    if (status != SSE_ERR_NO_SPACE) {
        return status;
    }
    status = sse_event_size(event, &size);
    if (status != SSE_OK) {
        return status;
    }
    char *room = NULL;
    status = reserve(stream, size, &room);
    if (status == SSE_OK) {
        status = sse_event_write(event, room, size, &size);
    }
    if (status == SSE_OK) {
        queued(stream, size);
    }
    return status;
}

void sse_priv_stream_comment(sse_stream *stream)
{
    const sse_priv_conn *const conn = stream->request->conn;
    stream->wrote_ms = sse_loop_now_ms(conn->server->loop);
    /* With bytes still to be sent the silence is not ours, and one more
     * comment would not reach anybody. */
    if (is_over(stream) || stream->queue != NULL) {
        return;
    }
    char comment[COMMENT_ROOM];
    size_t len = 0;
    if (sse_keep_alive_write(conn->server->config.keep_alive_form, comment,
                             sizeof comment, &len) == SSE_OK) {
        (void)sse_stream_write(stream, comment, len);
    }
}

size_t sse_stream_space(const sse_stream *stream)
{
    if (stream == NULL || is_over(stream)) {
        return 0;
    }
    return stream->request->conn->server->config.stream_buffer -
           sse_priv_buf_len(stream->queue);
}

void sse_stream_on_writable(sse_stream *stream, sse_stream_fn fn, void *user)
{
    stream->on_writable = fn;
    stream->writable_user = user;
}

void sse_stream_on_close(sse_stream *stream, sse_stream_close_fn fn,
                         void *user)
{
    stream->on_close = fn;
    stream->close_user = user;
}

sse_status sse_stream_end(sse_stream *stream)
{
    if (stream == NULL) {
        return SSE_ERR_INVALID;
    }
    if (is_over(stream)) {
        return SSE_ERR_CLOSED;
    }
    sse_priv_stream_commit(stream);
    stream->ended = 1;
    sse_priv_conn_touch(stream->request->conn);
    return SSE_OK;
}

void sse_stream_abort(sse_stream *stream)
{
    if (stream != NULL && !stream->request->over) {
        stream->aborted = 1;
        sse_priv_conn_touch(stream->request->conn);
    }
}

void sse_stream_reset(sse_stream *stream)
{
    if (stream != NULL && !stream->request->over) {
        stream->reset = 1;
        sse_stream_abort(stream);
    }
}
