/*
 * llm.h - streams of language models: deltas in, one verdict out.
 *
 * SPDX-License-Identifier: MIT
 *
 * Feed it the events of a stream and it hands out text, reasoning and tool
 * calls piece by piece, keeps usage, ids and errors, and in the end says in
 * one word how the answer ended.  An answer that was cut is never complete.
 *
 *   sse_llm_init() -> sse_llm_begin() -> for each read: sse_llm_clock(), feed
 *   the parser, whose hooks are sse_llm_on_event(), sse_llm_on_field(), and
 *   sse_llm_on_dropped() or sse_llm_on_fragment()
 *   -> sse_llm_finish() -> sse_llm_report_get()
 *
 * No heap, clock, lock or global state; it needs the core and memory of the
 * caller's.  Distinct objects are independent; one belongs to one thread at a
 * time.
 */
#ifndef SSE_LLM_H
#define SSE_LLM_H

#include <sse/event.h>
#include <sse/export.h>
#include <sse/json.h>
#include <sse/parser.h>
#include <sse/status.h>

/** Smallest scratch sse_llm_init() accepts, in bytes. */
#define SSE_LLM_SCRATCH_MIN 1024

/** Most tool calls of one answer, over all its choices. */
#define SSE_LLM_CALLS_MAX 64

/** Most strings of one answer that may end in half a surrogate pair at the
 *  same time; further halves become U+FFFD at once. */
#define SSE_LLM_HALVES_MAX 8

/** Which protocol the events speak.  More are added at the end.
 *
 *  In all of them events of a kind nobody knows are counted and ignored, the
 *  type within a payload goes before the event's name, and a body that holds
 *  one whole answer instead of a stream is read as well.  `[DONE]` ends an
 *  answer in the first alone: gateways send it behind the others whatever came
 *  before, so there it proves nothing. */
typedef enum sse_llm_dialect {
    /** OpenAI Chat Completions and what imitates it: Azure, llama.cpp (its own
     *  completion as well), vLLM, Ollama, DeepSeek, OpenRouter and alike.
     *
     *  Ends with `[DONE]`, or with a finish reason for each choice.  Reasoning
     *  is read from `reasoning_content`, `reasoning` and typed parts.  Tool
     *  calls keep the index they were sent with. */
    SSE_LLM_OPENAI_CHAT = 1,
    /** Anthropic Messages.
     *
     *  Ends with `message_stop`.  There is one choice.  Tool calls are numbered
     *  as they begin, from 0, whatever other blocks lie between; one without
     *  arguments has no piece of them, which means `{}`.  Tools the provider
     *  runs itself are not handed out.  Tokens read from and written to a cache
     *  are part of `prompt_tokens`. */
    SSE_LLM_ANTHROPIC = 2,
    /** OpenAI Responses.
     *
     *  Ends with `response.completed`, `.incomplete`, `.failed` or
     *  `.cancelled`; the finish reason is the status, or why it is incomplete.
     *  The last event repeats all of the answer, which is taken from there only
     *  if nothing came before; see sse_llm_on_fragment() for its size.  There
     *  is one choice.  Calls of functions and custom tools are numbered as they
     *  begin; `id` is their `call_id`. */
    SSE_LLM_OPENAI_RESPONSES = 3,
    /** Gemini, asked for with `alt=sse`.
     *
     *  Has no last event: complete is what ends cleanly behind a finish reason
     *  for each candidate.  A reason may come with each event, so text may
     *  follow SSE_LLM_FINISH.  Tool calls come whole, mostly without an id.
     *  Thoughts are part of `completion_tokens`, as they are elsewhere. */
    SSE_LLM_GEMINI = 4
} sse_llm_dialect;

/** How an answer ended. */
typedef enum sse_llm_verdict {
    SSE_LLM_PENDING = 0,   /**< not yet: sse_llm_finish() was not called */
    SSE_LLM_COMPLETE = 1,  /**< the model came to an end by itself */
    SSE_LLM_LENGTH = 2,    /**< the model reached a limit on its length, or is
                                to be asked to go on (`pause_turn`) */
    SSE_LLM_TOOL = 3,      /**< the model waits for the results of tools */
    SSE_LLM_REFUSED = 4,   /**< refused, or stopped by a content filter */
    SSE_LLM_TRUNCATED = 5, /**< something came, and the stream ended without
                                saying that this was all, or with a reason
                                that says the server gave up */
    SSE_LLM_FAILED = 6,    /**< an error came, or nothing, or no JSON */
    SSE_LLM_CANCELLED = 7  /**< the caller stopped it */
} sse_llm_verdict;

/** What one delta carries. */
typedef enum sse_llm_delta_kind {
    SSE_LLM_TEXT = 1,      /**< text of the answer */
    SSE_LLM_REASONING = 2, /**< text of the model's reasoning */
    SSE_LLM_REFUSAL = 3,   /**< text of a refusal */
    SSE_LLM_TOOL_CALL = 4, /**< a tool call: `id` and `name`, which may come
                                one after the other, each once, the other then
                                empty */
    SSE_LLM_TOOL_ARGUMENTS = 5, /**< the next piece of its arguments: JSON, but
                                     only once all pieces are joined */
    SSE_LLM_FINISH = 6     /**< this choice ended; `text` is the reason, as
                                sent */
} sse_llm_delta_kind;

/** One delta.  It owns nothing; no text is NUL-terminated, none is NULL, all
 *  are UTF-8 and never cut inside a character. */
typedef struct sse_llm_delta {
    sse_llm_delta_kind kind;
    uint32_t choice;  /**< index of the choice, 0 if only one was asked for */
    uint32_t call;    /**< TOOL_CALL, TOOL_ARGUMENTS: index of the call within
                           its choice */
    uint32_t reserved;
    const char *text; /**< all but TOOL_CALL: at least one byte */
    size_t text_len;  /**< bytes */
    const char *id;   /**< TOOL_CALL: for the tool's result; may be empty */
    size_t id_len;    /**< bytes */
    const char *name; /**< TOOL_CALL: name of the tool; may be empty */
    size_t name_len;  /**< bytes */
} sse_llm_delta;

/**
 * Receives one delta, in the order of the stream.  One event may bring several.
 *
 * @param delta  Borrowed: the struct and what it points to (in the event or in
 *               the scratch) die when this returns.
 * @param user   The pointer given to sse_llm_init().
 * @return SSE_GO
 *         SSE_PAUSE  the other deltas of this event still come, then the
 *                    running call returns SSE_PAUSED.
 *         SSE_STOP   no delta comes any more: as sse_llm_cancel().
 */
typedef int (*sse_llm_delta_fn)(const sse_llm_delta *delta, void *user);

/** Tokens used; each -1 when untold.  Whether a provider tells running totals
 *  or one sum at the end, what was told last counts. */
typedef struct sse_llm_usage {
    int64_t prompt_tokens;
    int64_t completion_tokens;
    int64_t total_tokens;
    int64_t cached_tokens;    /**< part of the prompt that was cached */
    int64_t reasoning_tokens; /**< part of the completion that was reasoning */
} sse_llm_usage;

/** An error that came within the stream.  All texts NUL-terminated, empty when
 *  untold, and cut to what the scratch takes.  They are the provider's words:
 *  for logs, not for the eyes of an end user. */
typedef struct sse_llm_error {
    const char *code;    /**< e.g. "rate_limit_exceeded", or "502" */
    const char *type;    /**< e.g. "server_error"; "reader" if the stream could
                              not be read, the code then being "invalid_json"
                              or "limit" */
    const char *message;
} sse_llm_error;

/** Time between what happened, in milliseconds; each -1 for what did not
 *  happen or was never told by sse_llm_begin() and sse_llm_clock(). */
typedef struct sse_llm_timing {
    int64_t first_byte_ms;  /**< from the begin to the first clock */
    int64_t first_token_ms; /**< from the begin to the first delta of text,
                                 reasoning, refusal or a tool call */
    int64_t last_token_ms;  /**< from the begin to the last one */
    int64_t longest_gap_ms; /**< longest time between two of them */
    int64_t total_ms;       /**< from the begin to the last clock */
} sse_llm_timing;

/** What a stream held, by count. */
typedef struct sse_llm_counts {
    uint64_t events;     /**< events fed */
    uint64_t deltas;     /**< deltas handed out, without SSE_LLM_FINISH */
    uint64_t unknown;    /**< events that said nothing this dialect knows */
    uint64_t malformed;  /**< payloads that are no JSON, and members of the
                              wrong JSON type; both ignored, see
                              sse_llm_set_lenient() */
    uint64_t after_end;  /**< events behind the end; ignored */
} sse_llm_counts;

/** All that is known of a stream.  Texts are NUL-terminated, never NULL, empty
 *  when untold, borrowed from the scratch: valid until the next call that
 *  feeds or resets. */
typedef struct sse_llm_report {
    sse_llm_verdict verdict;   /**< SSE_LLM_PENDING before sse_llm_finish() */
    int terminal_mark;         /**< not 0 if the dialect's last event came;
                                    always 0 for SSE_LLM_GEMINI, and where an
                                    event that is an error ended it */
    const char *finish_reason; /**< of the choice that ended worst, as sent */
    const char *id;            /**< of the response; longer ones are cut */
    const char *model;         /**< that answered; longer ones are cut */
    sse_llm_usage usage;
    sse_llm_error error;
    sse_llm_timing timing;
    sse_llm_counts counts;
    int64_t sequence_number;   /**< SSE_LLM_OPENAI_RESPONSES: of the last event,
                                    for a request that goes on behind it; -1
                                    when untold */
} sse_llm_report;

/* Private: a tool call that was begun, and half a surrogate pair. */
struct sse_llm_call_ {
    uint16_t choice_;
    uint16_t wire_;  /* index as sent, which some providers use twice */
    uint16_t index_; /* index as handed out */
    uint16_t flags_;
    uint32_t id_;    /* hash of its id */
};
struct sse_llm_half_ {
    uint32_t kind_, choice_, call_, high_;
};
/* Private: what is kept of an event that comes in fragments. */
struct sse_llm_sieve_ {
    size_t used_; /* bytes */
    size_t mark_; /* where that begins which may be left out yet */
    uint64_t depth_, skip_;
    uint32_t flags_, reserved_;
};

/** State of one answer.  Lives where the caller puts it and owns nothing, so
 *  there is nothing to free.  Members are private; sizeof is fixed for one
 *  SONAME. */
typedef struct sse_llm {
    sse_llm_delta_fn on_delta_;
    void *user_;
    char *scratch_;          /* texts in slots, then room to unescape in */
    size_t scratch_cap_;
    sse_llm_usage usage_;
    sse_llm_counts counts_;
    uint64_t begin_ms_, now_ms_, first_ms_, last_ms_, gap_ms_, byte_ms_;
    uint64_t begun_[2];      /* choices seen, and those that ended, one bit */
    uint64_t ended_[2];      /* for each of the first 128 */
    uint32_t dialect_;
    uint32_t flags_;
    uint32_t verdict_;       /* after sse_llm_finish() */
    uint32_t reason_;        /* verdict of the worst finish reason so far */
    uint32_t call_count_;
    uint32_t half_count_;
    int32_t hook_;           /* what the hooks of the running call asked for */
    uint32_t reserved32_;
    int64_t sequence_;
    int64_t parts_[3];       /* counts of tokens that add up to one told */
    struct sse_llm_call_ calls_[SSE_LLM_CALLS_MAX];
    struct sse_llm_half_ halves_[SSE_LLM_HALVES_MAX];
    struct sse_llm_sieve_ sieve_;
    uint64_t reserved_[8];   /* room to grow without a new SONAME */
} sse_llm;

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Prepares for one answer.
 *
 * @param llm          The caller's; need not be cleared before.
 * @param dialect      Which protocol.
 * @param scratch      Working memory, caller-owned, to be kept and left alone
 *                     as long as @p llm is in use.
 * @param scratch_cap  Bytes at @p scratch, at least SSE_LLM_SCRATCH_MIN.  A
 *                     larger one makes fewer and longer deltas of text that
 *                     needs unescaping; 4 KiB is plenty.
 * @param on_delta     Receives the deltas; required.
 * @param user         Given to it.
 * @return SSE_OK
 *         SSE_ERR_INVALID   a required pointer is NULL, or the dialect unknown.
 *         SSE_ERR_NO_SPACE  @p scratch_cap < SSE_LLM_SCRATCH_MIN.
 * @since 0.1.0
 */
SSE_API sse_status sse_llm_init(sse_llm *llm, sse_llm_dialect dialect,
                                char *scratch, size_t scratch_cap,
                                sse_llm_delta_fn on_delta, void *user);

/** Forgets the answer and waits for another; settings stay.  @since 0.1.0 */
SSE_API void sse_llm_reset(sse_llm *llm);

/** Not 0: payloads that are no JSON are counted and ignored.  Strict, the
 *  default: one of them makes the answer SSE_LLM_FAILED, because nobody knows
 *  what was in it.  Survives sse_llm_reset().  @since 0.1.0 */
SSE_API void sse_llm_set_lenient(sse_llm *llm, int lenient);

/** Says that the request is being sent now.  All times count from here.
 *
 *  @param now_ms  A monotonic clock of the caller's, in milliseconds.
 *  @since 0.1.0 */
SSE_API void sse_llm_begin(sse_llm *llm, uint64_t now_ms);

/** Says that bytes of the response have just come, and when: before they are
 *  fed to the parser, and once more at the end.  Whatever is fed until the
 *  next call happened at this time.  @since 0.1.0 */
SSE_API void sse_llm_clock(sse_llm *llm, uint64_t now_ms);

/**
 * Takes one event of the stream.
 *
 * Events of an unknown kind are counted and ignored, as is all that follows
 * the end (see sse_llm_ended()).  A body that holds one whole answer instead
 * of a stream can be given as the data of one event.
 *
 * @param event  Borrowed for the call.
 * @return SSE_OK
 *         SSE_PAUSED        the delta hook asked to; the event is used up.
 *         SSE_STOPPED       the delta hook asked to.
 *         SSE_ERR_PROTOCOL  strict: the payload is no JSON.  The answer is
 *                           SSE_LLM_FAILED.
 *         SSE_ERR_LIMIT     more than SSE_LLM_CALLS_MAX tool calls, an id or
 *                           name too long for the scratch, or JSON nested too
 *                           deep.  The answer is SSE_LLM_FAILED.
 *         SSE_ERR_REENTRY   called from inside the delta hook.
 *         SSE_ERR_INVALID   a required pointer is NULL.
 *         An error *within* the stream is SSE_OK: it was read well; ask
 *         sse_llm_ended() and the report.
 * @since 0.1.0
 */
SSE_API sse_status sse_llm_event(sse_llm *llm, const sse_event *event);

/**
 * Takes one line of the stream whose field name the standard does not know.
 * Some servers report failures in a field `error`, and some gateways forward
 * an error body as it stands, which reads as such lines.  All else is ignored.
 *
 * @return SSE_OK; SSE_ERR_REENTRY; SSE_ERR_INVALID.
 * @since 0.1.0
 */
SSE_API sse_status sse_llm_field(sse_llm *llm, const char *name,
                                 size_t name_len, const char *value,
                                 size_t value_len);

/** sse_llm_event() as the event hook of a parser whose user pointer is the
 *  sse_llm.  @return SSE_GO; SSE_PAUSE for SSE_PAUSED; SSE_STOP for SSE_STOPPED
 *  and errors.  @since 0.1.0 */
SSE_API int sse_llm_on_event(const sse_event *event, void *llm);

/** sse_llm_field() as the field hook of such a parser.  @return SSE_GO.
 *  @since 0.1.0 */
SSE_API int sse_llm_on_field(const char *name, size_t name_len,
                             const char *value, size_t value_len,
                             uint64_t offset, void *llm);

/**
 * The fragment hook of such a parser, for SSE_OVERFLOW_FRAGMENTS: events of any
 * size in the memory there is.  Of an event larger than the parser's scratch
 * are kept objects four levels deep, numbers, and strings of up to 144 bytes:
 * enough for usage, ids, errors and the end of the answer, also where the last
 * event repeats the whole of it.  Lists with something in them and long strings
 * are left out, and not checked.  If text, arguments or anything else that was
 * to be handed out is among them, or if what is kept does not fit the scratch,
 * the answer is SSE_LLM_FAILED with the code "limit".
 *
 * @return As sse_llm_on_event().
 * @since 0.1.0
 */
SSE_API int sse_llm_on_fragment(const sse_fragment *fragment, void *llm);

/** The dropped hook of such a parser.  With an event that was dropped nobody
 *  knows what was in the answer: it is SSE_LLM_FAILED, with the code "limit".
 *  Other drops are ignored.  Set it, or an answer may pass for complete that
 *  lacks a part.  @return As sse_llm_on_event().  @since 0.1.0 */
SSE_API int sse_llm_on_dropped(const sse_drop *drop, void *llm);

/** Not 0 once nothing that follows can count: the dialect's last event came
 *  (`[DONE]`), or an error, or the answer was stopped.  Read on shortly to the
 *  end of the body, so that the connection can be used again, and then close:
 *  some servers leave it open.  @since 0.1.0 */
SSE_API int sse_llm_ended(const sse_llm *llm);

/** Says that the caller gives the answer up: SSE_LLM_CANCELLED, unless the
 *  answer has ended before.  May be called from inside the delta hook.
 *  @since 0.1.0 */
SSE_API void sse_llm_cancel(sse_llm *llm);

/**
 * Says that the stream is over, and how.  A last delta may come (a waiting half
 * of a surrogate pair, as U+FFFD).  Calling it again changes nothing.
 *
 * A finish reason for each choice that was begun, or the dialect's last event,
 * make the answer complete; which way, the finish reason says.  Without either
 * it is truncated if anything came and failed if not, however politely the
 * transport ended.  An error within the stream is failed, whatever came before.
 *
 * @param clean  Not 0 if the transport saw the end of the body.  Only dialects
 *               without a last event look at it.
 * @return Never SSE_LLM_PENDING, but for NULL or from inside the delta hook.
 * @since 0.1.0
 */
SSE_API sse_llm_verdict sse_llm_finish(sse_llm *llm, int clean);

/** Fills in all that is known so far.  @since 0.1.0 */
SSE_API void sse_llm_report_get(const sse_llm *llm, sse_llm_report *report);

/** Name of a verdict, e.g. "truncated"; a constant, never NULL; "unknown" for
 *  a value this version does not know.  @since 0.1.0 */
SSE_API const char *sse_llm_verdict_name(sse_llm_verdict verdict);

/* Writing: what a server sends that speaks OpenAI Chat Completions. */

/** A piece of a tool call to write. */
typedef struct sse_llm_tool_piece {
    uint32_t index;        /**< of the call within its choice */
    uint32_t reserved;     /**< 0 */
    const char *id;        /**< NUL-terminated; NULL but in the first piece */
    const char *name;      /**< NUL-terminated; NULL but in the first piece */
    const char *arguments; /**< UTF-8; NULL for none */
    size_t arguments_len;  /**< bytes */
} sse_llm_tool_piece;

/**
 * One chunk to write.  Zero it first; NULL leaves a member out.  With `usage`
 * it is the chunk that carries the usage: its `choices` are empty, and all
 * from `choice` to `finish_reason` is left out.
 */
typedef struct sse_llm_chunk {
    const char *id;            /**< required, NUL-terminated, same in each */
    const char *model;         /**< required, NUL-terminated, same in each */
    int64_t created;           /**< Unix time in seconds, same in each */
    const sse_llm_usage *usage; /**< members of -1 are written as 0,
                                    a total of -1 as the sum */
    int usage_asked;           /**< the client asked for usage: chunks without
                                    it carry `"usage":null` */
    uint32_t choice;           /**< index of the choice */
    const char *role;          /**< first chunk: "assistant"; NUL-terminated */
    const char *text;          /**< content; UTF-8; ill-formed parts become
                                    U+FFFD, so cut between characters */
    size_t text_len;           /**< bytes */
    const char *reasoning;     /**< as `reasoning_content`; UTF-8 */
    size_t reasoning_len;      /**< bytes */
    const sse_llm_tool_piece *tool; /**< one piece of a tool call */
    const char *finish_reason; /**< last chunk of the choice: "stop", …;
                                    otherwise NULL, written as `null` */
} sse_llm_chunk;

/**
 * Writes one chunk as a whole event of the stream.  All texts are escaped.
 *
 * @param cap      Bytes at @p dst; 512 and six times the texts always suffice.
 * @param written  Out, required: bytes; 0 unless SSE_OK comes back.
 * @return SSE_OK
 *         SSE_ERR_NO_SPACE  @p cap is too small; @p dst holds nothing of use.
 *         SSE_ERR_INVALID   a required pointer is NULL.
 * @since 0.1.0
 */
SSE_API sse_status sse_llm_openai_chunk_write(const sse_llm_chunk *chunk,
                                              char *dst, size_t cap,
                                              size_t *written);

/**
 * Writes an error within the stream, `{"error":{"message","type","code"}}`.
 * Nothing but the end of the stream may follow.
 *
 * @param error  Members of NULL are written as `null`.
 * @return As sse_llm_openai_chunk_write().
 * @since 0.1.0
 */
SSE_API sse_status sse_llm_openai_error_write(const sse_llm_error *error,
                                              char *dst, size_t cap,
                                              size_t *written);

/** Writes the last event of the stream, `[DONE]`.  @return As
 *  sse_llm_openai_chunk_write().  @since 0.1.0 */
SSE_API sse_status sse_llm_openai_done_write(char *dst, size_t cap,
                                             size_t *written);

#ifdef __cplusplus
}
#endif

#endif /* SSE_LLM_H */
