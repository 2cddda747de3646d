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
/** The rest of the scratch, to unescape into. */
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

/** One piece of a tool call as the wire has it. */
typedef struct sse_priv_llm_call {
    uint32_t choice;
    int64_t index;        /**< as sent, or -1 when untold */
    sse_json_value id;    /**< string, or anything else for none */
    sse_json_value name;
    sse_json_value arguments; /**< string, or a whole value sent as such */
} sse_priv_llm_call;

/** Hands out one piece of a tool call.  @return SSE_OK or SSE_ERR_LIMIT. */
sse_status sse_priv_llm_call_piece(sse_llm *llm, const sse_priv_llm_call *call);

/* errors.c */

/** Ends the answer with the error @p value tells: an object in any of the
 *  known shapes, or a text. */
void sse_priv_llm_error_value(sse_llm *llm, const sse_json_value *value);
/** The same with what servers send as an error beside the dialect: JSON of any
 *  shape, or any other text. */
void sse_priv_llm_error_text(sse_llm *llm, const char *text, size_t len);
/** Ends the answer because it cannot be read.  @return @p status. */
sse_status sse_priv_llm_error_reader(sse_llm *llm, sse_status status);
/** Not 0 if the value of a member `error` is one, and not null, false or
 *  empty, which some servers send with every event. */
int sse_priv_llm_error_is(const sse_json_value *value);

/* verdict.c */

/** Takes the finish reason of one choice. */
void sse_priv_llm_reason(sse_llm *llm, uint32_t choice,
                         const sse_json_value *reason);
/** Says that a choice has begun. */
void sse_priv_llm_choice_begun(sse_llm *llm, uint32_t choice);

/* One file for each dialect. */

/** Takes the payload of one event.  @param expected  Not 0 if the event type
 *  says that it must be one of this dialect. */
sse_status sse_priv_openai_chat_payload(sse_llm *llm, const char *data,
                                        size_t len, int expected);
/** Not 0 if this payload is the dialect's last event. */
int sse_priv_openai_chat_is_last(const char *data, size_t len);

#endif /* SSE_LLM_STATE_H */
