/*
 * test_llm_anthropic.c - Anthropic Messages: blocks, calls, usage, ends.
 *
 * SPDX-License-Identifier: MIT
 */
#define ROW_DIALECT SSE_LLM_ANTHROPIC
#include "test_llm_rows.h"

/* An event whose name repeats the type of its payload. */
#define E(type, members)                                                       \
    "event: " type "\ndata: {'type':'" type "'" members "}\n\n"
#define START                                                                  \
    E("message_start",                                                         \
      ",'message':{'id':'msg_1','type':'message','role':'assistant',"          \
      "'content':[],'model':'m','stop_reason':null,'stop_sequence':null,"      \
      "'usage':{'input_tokens':25,'output_tokens':1}}")
#define BLOCK(index, block)                                                    \
    E("content_block_start", ",'index':" index ",'content_block':{" block "}")
#define PIECE(index, delta)                                                    \
    E("content_block_delta", ",'index':" index ",'delta':{" delta "}")
#define TEXT_BLOCK(index) BLOCK(index, "'type':'text','text':''")
#define TEXT_PIECE(index, text)                                                \
    PIECE(index, "'type':'text_delta','text':'" text "'")
#define TOOL_BLOCK(index, id, name)                                            \
    BLOCK(index, "'type':'tool_use','id':'" id "','name':'" name "','input':{}")
#define JSON_PIECE(index, json)                                                \
    PIECE(index, "'type':'input_json_delta','partial_json':'" json "'")
#define BLOCK_STOP(index) E("content_block_stop", ",'index':" index)
#define CHANGE(reason, tokens)                                                 \
    E("message_delta", ",'delta':{'stop_reason':'" reason                      \
                       "','stop_sequence':null},'usage':{'output_tokens':"     \
                       tokens "}")
#define STOP E("message_stop", "")
#define PING E("ping", "")
#define HEAD " id=msg_1 model=m prompt=25 completion="

static llm_row rows[] = {
    /* Text. */
    {"a whole answer",
     START TEXT_BLOCK("0") PING TEXT_PIECE("0", "Hello")
     TEXT_PIECE("0", ", world") BLOCK_STOP("0") CHANGE("end_turn", "15") STOP,
     "text 0 Hello, world\nfinish 0 end_turn\n"
     "complete marked reason=end_turn" HEAD "15", 0},
    {"no event names", "data: {'type':'message_start','message':{}}\n\n"
     "data: {'type':'content_block_delta','index':0,'delta':{"
     "'type':'text_delta','text':'a'}}\n\ndata: {'type':'message_stop'}\n\n",
     "text 0 a\ncomplete marked", 0},
    {"names of events alone",
     "event: content_block_delta\ndata: {'index':0,'delta':{"
     "'type':'text_delta','text':'a'}}\n\nevent: message_stop\ndata: {}\n\n",
     "text 0 a\ncomplete marked", 0},
    {"JSON padded with spaces before its last brace",
     "event: content_block_delta\ndata: {'type':'content_block_delta',"
     "'index':0,'delta':{'type':'text_delta','text':'a'}          }\n\n"
     "event: message_stop\ndata: {'type':'message_stop'       }\n\n",
     "text 0 a\ncomplete marked", 0},
    {"text in the start of its block",
     START BLOCK("0", "'type':'text','text':'a'") TEXT_PIECE("0", "b") STOP,
     "text 0 ab\ncomplete marked" HEAD "1", 0},
    {"a surrogate pair across two pieces",
     TEXT_PIECE("0", "\\ud83d") PING TEXT_PIECE("0", "\\ude00") STOP,
     "text 0 \xF0\x9F\x98\x80\ncomplete marked", 0},
    {"half a pair before the end of its block",
     TEXT_PIECE("0", "a\\ud83d") BLOCK_STOP("0") TEXT_PIECE("1", "\\ude00")
     STOP, "text 0 a\xEF\xBF\xBD\xEF\xBF\xBD\ncomplete marked", 0},
    {"several blocks of text",
     START TEXT_BLOCK("0") TEXT_PIECE("0", "a") BLOCK_STOP("0")
     TEXT_BLOCK("1") TEXT_PIECE("1", "b") BLOCK_STOP("1")
     CHANGE("end_turn", "2") STOP,
     "text 0 ab\nfinish 0 end_turn\ncomplete marked reason=end_turn" HEAD "2",
     0},

    /* Reasoning. */
    {"thinking, a signature, then text",
     START BLOCK("0", "'type':'thinking','thinking':'','signature':''")
     PIECE("0", "'type':'thinking_delta','thinking':'hm'")
     PIECE("0", "'type':'thinking_delta','thinking':' ok'")
     PIECE("0", "'type':'signature_delta','signature':'EqQB'")
     BLOCK_STOP("0") TEXT_BLOCK("1") TEXT_PIECE("1", "a") BLOCK_STOP("1")
     CHANGE("end_turn", "9") STOP,
     "reasoning 0 hm ok\ntext 0 a\nfinish 0 end_turn\n"
     "complete marked reason=end_turn" HEAD "9", 0},
    {"thinking in the start of its block",
     BLOCK("0", "'type':'thinking','thinking':'hm'") STOP,
     "reasoning 0 hm\ncomplete marked", 0},
    {"redacted thinking",
     START BLOCK("0", "'type':'redacted_thinking','data':'EmwK'")
     BLOCK_STOP("0") TEXT_PIECE("1", "a") STOP,
     "text 0 a\ncomplete marked" HEAD "1", 0},
    {"citations",
     TEXT_PIECE("0", "a")
     PIECE("0", "'type':'citations_delta','citation':{'cited_text':'x'}") STOP,
     "text 0 a\ncomplete marked", 0},

    /* Tool calls. */
    {"text, then a call in pieces",
     START TEXT_BLOCK("0") TEXT_PIECE("0", "Let me see.") BLOCK_STOP("0")
     TOOL_BLOCK("1", "toolu_1", "weather") JSON_PIECE("1", "")
     JSON_PIECE("1", "{\\'city\\':") JSON_PIECE("1", " \\'Bern\\'}")
     BLOCK_STOP("1") CHANGE("tool_use", "30") STOP,
     "text 0 Let me see.\ntool 0.0 [toolu_1] [weather]\n"
     "args 0.0 {\"city\": \"Bern\"}\nfinish 0 tool_use\n"
     "tool marked reason=tool_use" HEAD "30", 0},
    {"two calls are numbered as calls, not as blocks",
     TOOL_BLOCK("1", "a", "f") JSON_PIECE("1", "{}") BLOCK_STOP("1")
     TOOL_BLOCK("3", "b", "g") JSON_PIECE("3", "[]") BLOCK_STOP("3")
     CHANGE("tool_use", "1") STOP,
     "tool 0.0 [a] [f]\nargs 0.0 {}\ntool 0.1 [b] [g]\nargs 0.1 []\n"
     "finish 0 tool_use\ntool marked reason=tool_use completion=1", 0},
    {"two calls whose pieces interleave",
     TOOL_BLOCK("0", "a", "f") TOOL_BLOCK("1", "b", "g") JSON_PIECE("1", "1")
     JSON_PIECE("0", "2") JSON_PIECE("1", "3") STOP,
     "tool 0.0 [a] [f]\ntool 0.1 [b] [g]\nargs 0.1 1\nargs 0.0 2\nargs 0.1 3\n"
     "tool marked", 0},
    {"a call without arguments",
     TOOL_BLOCK("0", "a", "f") BLOCK_STOP("0") CHANGE("tool_use", "1") STOP,
     "tool 0.0 [a] [f]\nfinish 0 tool_use\n"
     "tool marked reason=tool_use completion=1", 0},
    {"arguments whole in the start of the block",
     BLOCK("0", "'type':'tool_use','id':'a','name':'f','input':{'x':[1]}")
     JSON_PIECE("0", "{\\'x\\':[1]}") STOP,
     "tool 0.0 [a] [f]\nargs 0.0 {\"x\":[1]}\ntool marked", 0},
    {"an empty object with space is no argument yet",
     BLOCK("0", "'type':'tool_use','id':'a','name':'f','input':{ }")
     JSON_PIECE("0", "{}") STOP,
     "tool 0.0 [a] [f]\nargs 0.0 {}\ntool marked", 0},
    {"a call the token limit cuts, without the end of its block",
     START TOOL_BLOCK("0", "a", "f") JSON_PIECE("0", "{\\'text\\':\\'Once")
     CHANGE("max_tokens", "64") STOP,
     "tool 0.0 [a] [f]\nargs 0.0 {\"text\":\"Once\nfinish 0 max_tokens\n"
     "length marked reason=max_tokens" HEAD "64", 0},
    {"tools the provider runs itself are not the caller's",
     START BLOCK("0", "'type':'server_tool_use','id':'s','name':'web_search',"
                      "'input':{}")
     JSON_PIECE("0", "{\\'query\\':1}") BLOCK_STOP("0")
     BLOCK("1", "'type':'web_search_tool_result','tool_use_id':'s',"
                "'content':[{'type':'web_search_result','title':'t'}]")
     BLOCK_STOP("1") TEXT_PIECE("2", "a") CHANGE("end_turn", "7") STOP,
     "text 0 a\nfinish 0 end_turn\ncomplete marked reason=end_turn" HEAD "7",
     0},
    {"a pair across two pieces of arguments",
     TOOL_BLOCK("0", "a", "f") JSON_PIECE("0", "\\ud83d")
     JSON_PIECE("0", "\\ude00") STOP,
     "tool 0.0 [a] [f]\nargs 0.0 \xF0\x9F\x98\x80\ntool marked", 0},

    /* Usage: running totals, the prompt told in parts. */
    {"tokens read from and written to a cache",
     E("message_start", ",'message':{'usage':{'input_tokens':3,"
       "'cache_creation_input_tokens':10,'cache_read_input_tokens':200,"
       "'output_tokens':1}}") CHANGE("end_turn", "5") STOP,
     "finish 0 end_turn\ncomplete marked reason=end_turn prompt=213 "
     "completion=5 cached=200", 0},
    {"the last usage counts, part by part",
     START E("message_delta", ",'delta':{'stop_reason':'end_turn'},'usage':{"
             "'input_tokens':30,'cache_read_input_tokens':null,"
             "'output_tokens':8}") STOP,
     "finish 0 end_turn\ncomplete marked reason=end_turn id=msg_1 model=m "
     "prompt=30 completion=8", 0},
    {"two changes, the first without a reason",
     START E("message_delta", ",'delta':{'stop_reason':null},'usage':{"
             "'output_tokens':4}") CHANGE("end_turn", "8") STOP,
     "finish 0 end_turn\ncomplete marked reason=end_turn" HEAD "8", 0},

    /* Ends. */
    {"length", TEXT_PIECE("0", "a") CHANGE("max_tokens", "1") STOP,
     "text 0 a\nfinish 0 max_tokens\nlength marked reason=max_tokens "
     "completion=1", 0},
    {"the context window is full",
     TEXT_PIECE("0", "a") CHANGE("model_context_window_exceeded", "1") STOP,
     "text 0 a\nfinish 0 model_context_window_exceeded\nlength marked "
     "reason=model_context_window_exceeded completion=1", 0},
    {"a turn that is to be gone on with",
     TEXT_PIECE("0", "a") CHANGE("pause_turn", "1") STOP,
     "text 0 a\nfinish 0 pause_turn\nlength marked reason=pause_turn "
     "completion=1", 0},
    {"a stop sequence", TEXT_PIECE("0", "a") CHANGE("stop_sequence", "1") STOP,
     "text 0 a\nfinish 0 stop_sequence\ncomplete marked reason=stop_sequence "
     "completion=1", 0},
    {"a refusal", TEXT_PIECE("0", "a") CHANGE("refusal", "1") STOP,
     "text 0 a\nfinish 0 refusal\nrefused marked reason=refusal completion=1",
     0},
    {"the stop reason without the mark",
     TEXT_PIECE("0", "a") CHANGE("end_turn", "1"),
     "text 0 a\nfinish 0 end_turn\ncomplete reason=end_turn completion=1", 0},
    {"the mark without a stop reason", TEXT_PIECE("0", "a") STOP,
     "text 0 a\ncomplete marked", 0},
    {"neither", START TEXT_PIECE("0", "a") BLOCK_STOP("0"),
     "text 0 a\ntruncated" HEAD "1", 0},
    {"a start alone", START PING PING, "failed" HEAD "1", 0},
    {"nothing at all", "", "failed", 0},
    {"the mark of OpenAI proves nothing here", TEXT_PIECE("0", "a") D("[DONE]"),
     "text 0 a\ntruncated unknown=1", 0},
    {"events behind the mark are ignored",
     TEXT_PIECE("0", "a") STOP D("[DONE]") TEXT_PIECE("0", "b"),
     "text 0 a\ncomplete marked after=2", 0},
    {"the last event lacks its blank line",
     TEXT_PIECE("0", "a") "event: message_stop\ndata: {}\n",
     "text 0 a\ntruncated", 0},

    /* Errors. */
    {"overloaded under status 200",
     E("error", ",'error':{'type':'overloaded_error','message':'Overloaded'},"
       "'request_id':'r'"),
     "failed type=overloaded_error message=Overloaded", 0},
    {"an error in the middle of the text",
     START TEXT_PIECE("0", "a")
     E("error", ",'error':{'type':'api_error','message':'broke'}") STOP,
     "text 0 a\nfailed id=msg_1 model=m prompt=25 completion=1 "
     "type=api_error message=broke after=1", 0},
    {"an error without its event name",
     D("{'type':'error','error':{'type':'api_error','message':'m'}}"),
     "failed type=api_error message=m", 0},
    {"an error without a type",
     D("{'error':{'type':'rate_limit_error','message':'m'}}"),
     "failed type=rate_limit_error message=m", 0},
    {"an error event of plain text", "event: error\ndata: broke\n\n",
     "failed message=broke", 0},
    {"an error body without data:",
     "{'type':'error','error':{'type':'authentication_error',"
     "'message':'no key'}}\n",
     "failed type=authentication_error message=no key", 0},
    {"the error of a gateway in the shape of OpenAI",
     D("{'error':{'message':'m','code':'c'}}"), "failed code=c message=m", 0},

    /* What is not known. */
    {"unknown events and deltas are counted and ignored",
     "event: news\ndata: hello\n\n" E("news", ",'x':1") D("{'x':1}")
     PIECE("0", "'type':'news_delta','news':'x'") TEXT_PIECE("0", "a")
     BLOCK("1", "'type':'news'") STOP,
     "text 0 a\ncomplete marked unknown=4", 0},
    {"comments and empty payloads", ": ping\n\ndata:\n\n" TEXT_PIECE("0", "a")
     STOP, "text 0 a\ncomplete marked unknown=1", 0},
    {"members of the wrong type are counted and ignored",
     D("{'type':'content_block_delta','index':'0','delta':{}}")
     D("{'type':'content_block_delta','index':0,'delta':7}")
     D("{'type':'content_block_start','index':-1}")
     D("{'type':'content_block_start','index':0,'content_block':[]}")
     D("{'type':'message_start','message':7}")
     PIECE("0", "'type':'text_delta','text':7")
     E("message_delta", ",'delta':7") E("message_delta", ",'usage':7")
     TEXT_PIECE("0", "a") STOP,
     "text 0 a\ncomplete marked unknown=1 malformed=8", 0},
    {"no JSON under a known name: failed when strict",
     TEXT_PIECE("0", "a") "event: content_block_delta\ndata: {broken\n\n" STOP,
     "text 0 a\nfailed code=invalid_json type=reader "
     "message=a payload is no JSON malformed=1", 0},
    {"no JSON under a known name: counted when lenient",
     TEXT_PIECE("0", "a") "event: content_block_delta\ndata: {broken\n\n" STOP,
     "text 0 a\ncomplete marked malformed=1", ROW_LENIENT},
    {"no JSON without a name", D("<html>"),
     "failed code=invalid_json type=reader message=a payload is no JSON "
     "malformed=1", 0},
    {"a whole message instead of a stream",
     D("{'id':'i','type':'message','model':'m','content':["
       "{'type':'thinking','thinking':'hm'},{'type':'text','text':'all'},"
       "{'type':'tool_use','id':'t','name':'f','input':{'a':1}}],"
       "'stop_reason':'tool_use','usage':{'input_tokens':1,"
       "'output_tokens':2}}"),
     "reasoning 0 hm\ntext 0 all\ntool 0.0 [t] [f]\nargs 0.0 {\"a\":1}\n"
     "finish 0 tool_use\ntool reason=tool_use id=i model=m prompt=1 "
     "completion=2", 0},
};

int main(void)
{
    return run_llm_rows("llm anthropic", rows, sizeof rows / sizeof rows[0]);
}
