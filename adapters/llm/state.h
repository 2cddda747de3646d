/*
 * state.h - what the parts of the stream reader share.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SSE_LLM_STATE_H
#define SSE_LLM_STATE_H

#include <sse/llm.h>

/* Bits of sse_llm::flags_. */
#define LLM_LENIENT 0x1u  /* setting; survives a reset */
#define LLM_RUNNING 0x2u  /* a call is under way: no other may come */
#define LLM_DONE 0x4u     /* the dialect's last event came */
#define LLM_ERROR 0x8u    /* an error came, or the stream cannot be read */
#define LLM_STOPPED 0x10u /* the caller gave the answer up */
#define LLM_CAME 0x20u    /* at least one delta came */
#define LLM_REFUSAL 0x40u /* text of a refusal came */
#define LLM_BEGUN 0x80u   /* begin_ms_ counts */
#define LLM_BYTE 0x100u   /* byte_ms_ counts */
#define LLM_RAW 0x200u    /* lines of a bare JSON body came */
#define LLM_PRUNED 0x400u /* the payload is what was kept of a larger one */
#define LLM_LOST 0x800u   /* and something that counts was left out */
#define LLM_PIECES 0x1000u /* text came in pieces, so it is not taken whole */
#define LLM_CUT 0x2000u   /* the transport did not see the end of the body */
#define LLM_ENDED (LLM_DONE | LLM_ERROR | LLM_STOPPED)

/* Indices of choices and calls beyond this are malformed. */
#define LLM_INDEX_MAX 65535

/** Texts that outlive their event, each in a slot of the scratch. */
typedef enum sse_priv_llm_slot {
    LLM_SLOT_ID = 0,
    LLM_SLOT_MODEL = 1,
    LLM_SLOT_REASON = 2,
    LLM_SLOT_CODE = 3,
    LLM_SLOT_TYPE = 4,
    LLM_SLOT_MESSAGE = 5
} sse_priv_llm_slot;

/* slots.c */

/** Empties all slots. */
void sse_priv_llm_slots_clear(sse_llm *llm);
/** The text in a slot, NUL-terminated. */
const char *sse_priv_llm_slot_text(const sse_llm *llm, sse_priv_llm_slot slot);
/** Keeps a string, unescaped, or the text of a number; cut between characters
 *  to what fits.  Any other kind of value changes nothing. */
void sse_priv_llm_slot_keep(sse_llm *llm, sse_priv_llm_slot slot,
                            const sse_json_value *value);
/** Keeps a text that is no JSON; cut to what fits. */
void sse_priv_llm_slot_keep_text(sse_llm *llm, sse_priv_llm_slot slot,
                                 const char *text, size_t len);
/** The rest of the scratch, to unescape into, at least 64 bytes; what is kept
 *  of a large event lies before it. */
char *sse_priv_llm_work(const sse_llm *llm, size_t *cap);

/* deltas.c */

/** Which string of the answer a piece of text belongs to. */
typedef struct sse_priv_llm_place {
    sse_llm_delta_kind kind;
    uint32_t choice;
    uint32_t call;
} sse_priv_llm_place;

/** Hands a string out, unescaped, in as many deltas as it takes; counts a
 *  value that is neither string nor null as malformed. */
void sse_priv_llm_string(sse_llm *llm, sse_priv_llm_place place,
                         const sse_json_value *value);
/** Hands text out as it stands. */
void sse_priv_llm_text(sse_llm *llm, sse_priv_llm_place place,
                       const char *text, size_t len);
/** A delta of this place with all texts empty, but none NULL. */
sse_llm_delta sse_priv_llm_delta(sse_priv_llm_place place);
/** Hands a finished delta to the hook, unless the answer was stopped. */
void sse_priv_llm_emit(sse_llm *llm, const sse_llm_delta *delta);
/** Halves of surrogate pairs of this choice that still wait become U+FFFD;
 *  with UINT32_MAX those of all. */
void sse_priv_llm_halves_flush(sse_llm *llm, uint32_t choice);

/* calls.c */

/* Bits of sse_priv_llm_call::flags. */
#define LLM_PIECE_NEW 0x1u     /* begins a call whatever came before */
#define LLM_PIECE_ORDINAL 0x2u /* calls are numbered as they begin: the index
                                  as sent counts other things as well */
#define LLM_PIECE_REST 0x4u    /* all the arguments, of use only if none came
                                  before */
#define LLM_PIECE_ALL 0x8u     /* all the arguments: what follows is ignored */

/** One piece of a tool call as the wire has it. */
typedef struct sse_priv_llm_call {
    uint32_t choice;
    uint32_t flags;
    int64_t index;        /**< as sent, or -1 when untold */
    sse_json_value id;    /**< string, or anything else for none */
    sse_json_value name;
    sse_json_value arguments; /**< string, or a whole value sent as such */
} sse_priv_llm_call;

/** Hands out one piece of a tool call.  @return SSE_OK or SSE_ERR_LIMIT. */
sse_status sse_priv_llm_call_piece(sse_llm *llm, const sse_priv_llm_call *call);
/** Not 0 if a call of this choice was begun under this index as sent; with -1
 *  if any was. */
int sse_priv_llm_call_is_begun(sse_llm *llm, uint32_t choice, int64_t index);

/* errors.c */

/** Ends the answer with the error @p value tells: an object in any of the
 *  known shapes, or a text. */
void sse_priv_llm_error_value(sse_llm *llm, const sse_json_value *value);
/** The same with what servers send as an error beside the dialect: JSON of any
 *  shape, or any other text. */
void sse_priv_llm_error_text(sse_llm *llm, const char *text, size_t len);
/** Ends the answer because it cannot be read.  @return @p status. */
sse_status sse_priv_llm_error_reader(sse_llm *llm, sse_status status);
/** Ends it because an event did not reach it, unless it has ended before.
 *  @return SSE_OK if so, otherwise SSE_ERR_LIMIT. */
sse_status sse_priv_llm_lost(sse_llm *llm);
/** Not 0 if the value of a member `error` is one, and not null, false or
 *  empty, which some servers send with every event. */
int sse_priv_llm_error_is(const sse_json_value *value);

/* verdict.c */

/** What a finish reason means; COMPLETE for one nobody knows. */
sse_llm_verdict sse_priv_llm_meaning(const sse_json_value *reason);
/** Takes the finish reason of one choice. */
void sse_priv_llm_reason(sse_llm *llm, uint32_t choice,
                         const sse_json_value *reason);
/** The same where the place of the reason says what it means. */
void sse_priv_llm_reason_as(sse_llm *llm, uint32_t choice,
                            const sse_json_value *reason,
                            sse_llm_verdict verdict);
/** Says that a choice has begun. */
void sse_priv_llm_choice_begun(sse_llm *llm, uint32_t choice);

/* payload.c: what all dialects do with a payload. */

/** One event's payload, without white space around it, never empty. */
typedef struct sse_priv_llm_input {
    const char *type; /**< of the event; may be empty */
    size_t type_len;
    const char *data;
    size_t len;
} sse_priv_llm_input;

/** Not 0 if the event's type is this one. */
int sse_priv_llm_type_is(const sse_priv_llm_input *input, const char *type);
/** Not 0 if a payload is of this kind: by its member `type`, or where it has
 *  none by the event's type. */
int sse_priv_llm_is_kind(const sse_priv_llm_input *input,
                         const sse_json_value *type, const char *kind);
/** Not 0 if the event has no type of its own. */
int sse_priv_llm_is_untyped(const sse_priv_llm_input *input);
/** Not 0 if the payload is the last one of OpenAI's chat, which gateways send
 *  behind other dialects too, whatever came before. */
int sse_priv_llm_is_done(const sse_priv_llm_input *input);
/** Reads the members of these names. @return As sse_json_members(). */
sse_status sse_priv_llm_read(const sse_priv_llm_input *input,
                             const char *const *names, sse_json_member *members,
                             size_t count);
/** Takes a payload that is no JSON object.  @param expected  Not 0 if the
 *  event says that it should be one: otherwise it is just unknown. */
sse_status sse_priv_llm_no_object(sse_llm *llm, const sse_priv_llm_input *input,
                                  int expected);
/** What stands for a value that was left out of a payload: a number, so that
 *  it is neither text nor absent, in a way nobody writes it. */
#define LLM_LEFT_OUT "0e0"
/** Not 0 if the value was left out. */
int sse_priv_llm_is_left_out(const sse_json_value *value);
/** Counts a payload or a member that is not what it should be. */
void sse_priv_llm_malformed(sse_llm *llm);
/** The same, if the value is there and of another kind than wanted. */
void sse_priv_llm_check_kind(sse_llm *llm, const sse_json_value *value,
                             sse_json_kind wanted);
/** An index, or what it is if none is told.  @return Not 0 unless what is told
 *  is no index. */
int sse_priv_llm_index(const sse_json_value *value, int64_t untold,
                       int64_t *index);
/** The sum of two numbers of tokens, of which those untold count nothing. */
int64_t sse_priv_llm_sum(int64_t a, int64_t b);
/** Takes a number of tokens, if it is one. */
void sse_priv_llm_tokens(const sse_json_value *value, int64_t *tokens);
/** Keeps what many events repeat, from the first that has it: Azure's first
 *  one, for example, has an empty model. */
void sse_priv_llm_keep_first(sse_llm *llm, sse_priv_llm_slot slot,
                             const sse_json_value *value);

/* One file for each dialect, or several of one prefix.  Each takes the payload
 * of one event. */

sse_status sse_priv_openai_chat_payload(sse_llm *llm,
                                        const sse_priv_llm_input *input);
sse_status sse_priv_anthropic_payload(sse_llm *llm,
                                      const sse_priv_llm_input *input);
sse_status sse_priv_responses_payload(sse_llm *llm,
                                      const sse_priv_llm_input *input);
sse_status sse_priv_gemini_payload(sse_llm *llm,
                                   const sse_priv_llm_input *input);

#endif /* SSE_LLM_STATE_H */
