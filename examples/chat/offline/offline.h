/*
 * offline.h - an upstream without a language model, over real HTTP.
 *
 * SPDX-License-Identifier: MIT
 *
 * A server on a loopback port that speaks OpenAI Chat Completions, so that the
 * program works, and can be tested, without a network, an account or a model:
 *
 *   POST /v1/chat/completions   "stream" true: server-sent events; false: JSON
 *   GET  /v1/models, /v1/models/offline
 *
 * A chat is answered by quoting the passages of the system message that match
 * the newest question best, each with its document and place; it says plainly
 * that no language model is configured.  A system message that begins with
 * the line "Task: syllabus-extraction" is answered with the facts that rules
 * find in the chunk of the user message (see syllabus.h).  Usage is counted in
 * words.  "max_tokens" is obeyed; "n" must be 1; the rest is ignored.
 *
 * Answers come word by word, SSE_CHAT_OFFLINE_DELAY_MS milliseconds apart (15;
 * 0 sends as fast as the reader reads).  A reader that stops reading stops the
 * answer, and one that hangs up ends it at once.
 *
 * Errors are OpenAI's: {"error":{"message","type","param","code"}} with 400,
 * 404, 405, 408, 413, 415, 431 or 503.
 *
 * Faults, for tests: the model "offline-fault-NAME", or a header
 * "X-Offline-Fault: NAME", breaks the answer.  An unknown NAME is answered
 * with 400.  NAME is one of
 *
 *   cut              the connection closes in mid-answer, without the last
 *                    chunk
 *   reset            the connection is reset in mid-answer
 *   stall            silence in mid-answer, until the reader goes
 *   silent           no answer at all, until the reader goes
 *   no-end           the body ends properly, but in mid-answer
 *   no-finish        no finish reason, but [DONE]
 *   no-done          a finish reason, but no [DONE]
 *   length, filter   the finish reason is "length", "content_filter"
 *   empty            an answer without text
 *   error-first      an error in place of the first event
 *   error-midstream  an error in mid-answer
 *   error-field      the same in a field `error`, as old servers do
 *   bad-json         one event in mid-answer is no JSON
 *   crlf             all lines end with CRLF
 *   bytewise         each byte is sent on its own
 *   html             status 200 and a page in HTML
 *   flaky            503 twice, then an answer, and so on
 *   400 to 599       this status, with an error in OpenAI's shape; 429 and 503
 *                    have "Retry-After: 1"
 */
#ifndef CHAT_OFFLINE_H
#define CHAT_OFFLINE_H

#include <sse/sock.h>

struct chat_offline;

/**
 * Listens on a free port of 127.0.0.1 and serves in the turns of the loop.
 *
 * @param offline  Out: NULL unless SSE_OK.
 * @param port     Out: where it listens.
 * @return SSE_OK, or what sse_server_open() answers.
 */
sse_status chat_offline_open(sse_loop *loop, struct chat_offline **offline,
                             uint16_t *port);

/** Breaks running answers off and frees everything.  NULL is ignored. */
void chat_offline_close(struct chat_offline *offline);

#endif /* CHAT_OFFLINE_H */
