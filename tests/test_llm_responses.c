/*
 * test_llm_responses.c - OpenAI Responses: items, calls, usage, ends.
 *
 * SPDX-License-Identifier: MIT
 */
#define ROW_DIALECT SSE_LLM_OPENAI_RESPONSES
#include "test_llm_rows.h"

/* An event whose name repeats the type of its payload. */
#define E(type, members)                                                       \
    "event: response." type "\ndata: {'type':'response." type "'" members      \
    "}\n\n"
#define HEAD "'id':'resp_1','object':'response','model':'m'"
#define CREATED                                                                \
    E("created", ",'sequence_number':0,'response':{" HEAD                      \
                 ",'status':'in_progress','output':[],'usage':null}")
#define ADDED(index, item)                                                     \
    E("output_item.added", ",'output_index':" index ",'item':{" item "}")
#define MESSAGE(index)                                                         \
    ADDED(index, "'id':'msg_1','type':'message','status':'in_progress',"       \
                 "'role':'assistant','content':[]")
#define PART E("content_part.added", ",'output_index':0,'content_index':0,"    \
               "'part':{'type':'output_text','text':'','annotations':[]}")
#define PIECE(text)                                                            \
    E("output_text.delta", ",'item_id':'msg_1','output_index':0,"              \
      "'content_index':0,'delta':'" text "','obfuscation':'xyz'")
#define TEXT_DONE(text)                                                        \
    E("output_text.done", ",'output_index':0,'content_index':0,'text':'" text  \
      "'")
#define CALL(index, id, name)                                                  \
    ADDED(index, "'id':'fc_1','type':'function_call','status':'in_progress',"  \
                 "'call_id':'" id "','name':'" name "','arguments':''")
#define ARGS(index, text)                                                      \
    E("function_call_arguments.delta", ",'item_id':'fc_1','output_index':"     \
      index ",'delta':'" text "'")
#define ARGS_DONE(index, text)                                                 \
    E("function_call_arguments.done", ",'item_id':'fc_1','output_index':"      \
      index ",'arguments':'" text "'")
#define USAGE                                                                  \
    "'usage':{'input_tokens':9,'input_tokens_details':{'cached_tokens':4},"    \
    "'output_tokens':3,'output_tokens_details':{'reasoning_tokens':2},"        \
    "'total_tokens':12}"
#define COMPLETED                                                              \
    E("completed", ",'sequence_number':9,'response':{" HEAD                    \
      ",'status':'completed','error':null,'incomplete_details':null,"          \
      "'output':[{'type':'message','content':[{'type':'output_text',"          \
      "'text':'not again'}]}]," USAGE "}")
#define TAIL                                                                   \
    "complete marked reason=completed id=resp_1 model=m prompt=9 "            \
    "completion=3 total=12 cached=4 reasoning=2 sequence=9"
#define END                                                                    \
    E("completed", ",'response':{'status':'completed','output':[]}")

static llm_row rows[] = {
    /* Text. */
    {"a whole answer",
     CREATED E("in_progress", ",'sequence_number':1,'response':{" HEAD "}")
     MESSAGE("0") PART PIECE("Hello") PIECE(" world") TEXT_DONE("Hello world")
     E("content_part.done", ",'part':{'type':'output_text','text':'Hello'}")
     E("output_item.done", ",'output_index':0,'item':{'type':'message',"
       "'content':[{'type':'output_text','text':'Hello world'}]}")
     COMPLETED, "text 0 Hello world\nfinish 0 completed\n" TAIL, 0},
    {"no event names",
     D("{'type':'response.output_text.delta','delta':'a'}")
     D("{'type':'response.completed','response':{}}"),
     "text 0 a\nfinish 0 completed\ncomplete marked reason=completed", 0},
    {"names of events alone",
     "event: response.output_text.delta\ndata: {'delta':'a'}\n\n"
     "event: response.completed\ndata: {'response':{}}\n\n",
     "text 0 a\nfinish 0 completed\ncomplete marked reason=completed", 0},
    {"a surrogate pair across two pieces", PIECE("\\ud83d") PIECE("\\ude00")
     END, "text 0 \xF0\x9F\x98\x80\nfinish 0 completed\n"
     "complete marked reason=completed", 0},
    {"half a pair before the text is done",
     PIECE("a\\ud83d") TEXT_DONE("x") PIECE("\\ude00") END,
     "text 0 a\xEF\xBF\xBD\xEF\xBF\xBD\nfinish 0 completed\n"
     "complete marked reason=completed", 0},
    {"a text that comes without pieces", TEXT_DONE("all") END,
     "text 0 all\nfinish 0 completed\ncomplete marked reason=completed", 0},
    {"a response that comes without any piece",
     CREATED
     E("completed", ",'response':{'output':[{'type':'reasoning','summary':["
       "{'type':'summary_text','text':'hm'}]},{'type':'message','content':["
       "{'type':'output_text','text':'all'},{'type':'refusal','refusal':"
       "'no'}]},{'type':'function_call','call_id':'c','name':'f',"
       "'arguments':'{}'}]}"),
     "reasoning 0 hm\ntext 0 all\nrefusal 0 no\ntool 0.0 [c] [f]\nargs 0.0 {}\n"
     "finish 0 completed\nrefused marked reason=completed id=resp_1 model=m "
     "sequence=0", 0},
    {"a refusal",
     E("refusal.delta", ",'delta':'I can'") E("refusal.delta", ",'delta':'not'")
     E("refusal.done", ",'refusal':'I cannot'") END,
     "refusal 0 I cannot\nfinish 0 completed\n"
     "refused marked reason=completed", 0},
    {"a refusal that comes without pieces",
     E("refusal.done", ",'refusal':'I cannot'") END,
     "refusal 0 I cannot\nfinish 0 completed\n"
     "refused marked reason=completed", 0},

    /* Reasoning. */
    {"a summary of reasoning, then text",
     ADDED("0", "'id':'rs_1','type':'reasoning','summary':[]")
     E("reasoning_summary_part.added", ",'part':{'type':'summary_text'}")
     E("reasoning_summary_text.delta", ",'delta':'hm'")
     E("reasoning_summary_text.delta", ",'delta':' ok'")
     E("reasoning_summary_text.done", ",'text':'hm ok'")
     E("reasoning_summary_part.done", "") PIECE("a") END,
     "reasoning 0 hm ok\ntext 0 a\nfinish 0 completed\n"
     "complete marked reason=completed", 0},
    {"open reasoning",
     E("reasoning_text.delta", ",'delta':'hm'")
     E("reasoning_text.done", ",'text':'hm'") TEXT_DONE("a") END,
     "reasoning 0 hm\ntext 0 a\nfinish 0 completed\n"
     "complete marked reason=completed", 0},

    /* Tool calls. */
    {"a call in pieces",
     CREATED CALL("0", "call_1", "f") ARGS("0", "{\\'a\\'") ARGS("0", ":1}")
     ARGS_DONE("0", "{\\'a\\':1}")
     E("output_item.done", ",'output_index':0,'item':{'type':'function_call',"
       "'call_id':'call_1','name':'f','arguments':'{\\'a\\':1}'}") COMPLETED,
     "tool 0.0 [call_1] [f]\nargs 0.0 {\"a\":1}\nfinish 0 completed\n"
     "tool marked reason=completed id=resp_1 model=m prompt=9 completion=3 "
     "total=12 cached=4 reasoning=2 sequence=9", 0},
    {"calls are numbered as calls, not as items",
     MESSAGE("0") PIECE("a") CALL("1", "x", "f") CALL("2", "y", "g")
     ARGS("2", "2") ARGS("1", "1") ARGS("2", "3") END,
     "text 0 a\ntool 0.0 [x] [f]\ntool 0.1 [y] [g]\nargs 0.1 2\nargs 0.0 1\n"
     "args 0.1 3\nfinish 0 completed\ntool marked reason=completed", 0},
    {"arguments that come without pieces",
     CALL("0", "x", "f") ARGS_DONE("0", "{}")
     E("output_item.done", ",'output_index':0,'item':{'type':'function_call',"
       "'call_id':'x','name':'f','arguments':'{}'}") END,
     "tool 0.0 [x] [f]\nargs 0.0 {}\nfinish 0 completed\n"
     "tool marked reason=completed", 0},
    {"a call that comes whole in its last event",
     E("output_item.done", ",'output_index':1,'item':{'type':'function_call',"
       "'call_id':'x','name':'f','arguments':'{}'}") END,
     "tool 0.0 [x] [f]\nargs 0.0 {}\nfinish 0 completed\n"
     "tool marked reason=completed", 0},
    {"a custom tool takes any text",
     ADDED("0", "'type':'custom_tool_call','call_id':'x','name':'f',"
                "'input':''")
     E("custom_tool_call_input.delta", ",'output_index':0,'delta':'ls'")
     E("custom_tool_call_input.delta", ",'output_index':0,'delta':' -l'")
     E("custom_tool_call_input.done", ",'output_index':0,'input':'ls -l'") END,
     "tool 0.0 [x] [f]\nargs 0.0 ls -l\nfinish 0 completed\n"
     "tool marked reason=completed", 0},
    {"a custom tool's input without pieces",
     E("output_item.done", ",'output_index':0,'item':{"
       "'type':'custom_tool_call','call_id':'x','name':'f','input':'ls'}")
     END, "tool 0.0 [x] [f]\nargs 0.0 ls\nfinish 0 completed\n"
     "tool marked reason=completed", 0},
    {"tools the provider runs itself are not the caller's",
     ADDED("0", "'type':'web_search_call','id':'ws','status':'in_progress'")
     E("web_search_call.in_progress", ",'output_index':0")
     E("web_search_call.completed", ",'output_index':0") PIECE("a") END,
     "text 0 a\nfinish 0 completed\ncomplete marked reason=completed "
     "unknown=2", 0},
    {"a call cut in its arguments", CREATED CALL("0", "x", "f") ARGS("0", "{"),
     "tool 0.0 [x] [f]\nargs 0.0 {\ntruncated id=resp_1 model=m sequence=0",
     0},

    /* Ends. */
    {"incomplete: length",
     PIECE("a") E("incomplete", ",'response':{'status':'incomplete',"
                  "'incomplete_details':{'reason':'max_output_tokens'}," USAGE
                  "}"),
     "text 0 a\nfinish 0 max_output_tokens\nlength marked "
     "reason=max_output_tokens prompt=9 completion=3 total=12 cached=4 "
     "reasoning=2", 0},
    {"incomplete: content filter",
     PIECE("a") E("incomplete", ",'response':{'incomplete_details':{"
                  "'reason':'content_filter'}}"),
     "text 0 a\nfinish 0 content_filter\nrefused marked "
     "reason=content_filter", 0},
    {"incomplete: a reason nobody knows is no good one",
     PIECE("a") E("incomplete", ",'response':{'incomplete_details':{"
                  "'reason':'lunch'}}"),
     "text 0 a\nfinish 0 lunch\ntruncated marked reason=lunch", 0},
    {"incomplete: no reason",
     PIECE("a") E("incomplete", ",'response':{'incomplete_details':null}"),
     "text 0 a\nfinish 0 incomplete\ntruncated marked reason=incomplete", 0},
    {"incomplete in the middle of a call",
     CALL("0", "x", "f") ARGS("0", "{") E("incomplete", ",'response':{"
       "'incomplete_details':{'reason':'max_output_tokens'}}"),
     "tool 0.0 [x] [f]\nargs 0.0 {\nfinish 0 max_output_tokens\n"
     "length marked reason=max_output_tokens", 0},
    {"failed",
     PIECE("a") E("failed", ",'response':{'status':'failed','error':{"
                  "'code':'server_error','message':'broke'}}"),
     "text 0 a\nfailed marked code=server_error message=broke", 0},
    {"failed without an error",
     PIECE("a") E("failed", ",'response':{'error':null}"),
     "text 0 a\nfailed marked", 0},
    {"cancelled elsewhere", PIECE("a") E("cancelled", ",'response':{}"),
     "text 0 a\nfinish 0 cancelled\ntruncated marked reason=cancelled", 0},
    {"no end at all", CREATED PIECE("a") TEXT_DONE("a"),
     "text 0 a\ntruncated id=resp_1 model=m sequence=0", 0},
    {"a start alone", CREATED, "failed id=resp_1 model=m sequence=0", 0},
    {"nothing at all", "", "failed", 0},
    {"the mark of OpenAI's chat proves nothing here", PIECE("a") D("[DONE]"),
     "text 0 a\ntruncated unknown=1", 0},
    {"the same behind the end", PIECE("a") END D("[DONE]"),
     "text 0 a\nfinish 0 completed\ncomplete marked reason=completed after=1",
     0},
    {"completed with nothing in it", END,
     "finish 0 completed\ncomplete marked reason=completed", 0},

    /* Errors. */
    {"an error event",
     PIECE("a") "event: error\ndata: {'type':'error','sequence_number':3,"
     "'code':'rate_limit_exceeded','message':'slow','param':null}\n\n",
     "text 0 a\nfailed code=rate_limit_exceeded type=error message=slow", 0},
    {"an error without its event name",
     D("{'type':'error','code':'c','message':'m','sequence_number':3}"),
     "failed sequence=3 code=c type=error message=m", 0},
    {"an error around one",
     "event: error\ndata: {'type':'error','error':{'type':'server_error',"
     "'code':'c','message':'m'}}\n\n",
     "failed code=c type=server_error message=m", 0},
    {"an error without a type", D("{'error':{'message':'m','code':429}}"),
     "failed code=429 message=m", 0},
    {"an error body without data:", "{'error':{'message':'m','code':'c'}}\n",
     "failed code=c message=m", 0},

    /* What is not known. */
    {"unknown events are counted and ignored",
     E("news", ",'x':1") "event: news\ndata: hello\n\n" D("{'x':1}")
     E("output_text.annotation.added", ",'annotation':{}")
     "event: keepalive\ndata: {'type':'keepalive','sequence_number':4}\n\n"
     ": ping\n\n" PIECE("a") END,
     "text 0 a\nfinish 0 completed\ncomplete marked reason=completed "
     "sequence=4 unknown=3", 0},
    {"members of the wrong type are counted and ignored",
     E("output_text.delta", ",'delta':7")
     E("output_text.delta", ",'output_index':'x','delta':'b'")
     E("output_item.added", ",'item':7") E("created", ",'response':[]")
     E("in_progress", ",'response':{'usage':7}") PIECE("a")
     E("completed", ",'response':{'output':7}"),
     "text 0 a\nfinish 0 completed\ncomplete marked reason=completed "
     "malformed=5", 0},
    {"no JSON under a known name: failed when strict",
     PIECE("a") "event: response.completed\ndata: {broken\n\n",
     "text 0 a\nfailed code=invalid_json type=reader "
     "message=a payload is no JSON malformed=1", 0},
    {"no JSON under a known name: counted when lenient",
     "event: response.created\ndata: {broken\n\n" PIECE("a") END,
     "text 0 a\nfinish 0 completed\ncomplete marked reason=completed "
     "malformed=1", ROW_LENIENT},
    {"a whole response instead of a stream",
     D("{" HEAD ",'status':'completed','error':null,'output':[{"
       "'type':'message','content':[{'type':'output_text','text':'all'}]}],"
       USAGE "}"),
     "text 0 all\nfinish 0 completed\ncomplete marked reason=completed "
     "id=resp_1 model=m prompt=9 completion=3 total=12 cached=4 reasoning=2",
     0},
    {"a whole response that failed",
     D("{" HEAD ",'status':'failed','error':{'code':'c','message':'m'},"
       "'output':[]}"),
     "failed marked id=resp_1 model=m code=c message=m", 0},
    {"a whole response that is still at work",
     D("{" HEAD ",'status':'queued','error':null,'output':[]}"),
     "failed id=resp_1 model=m", 0},
};

int main(void)
{
    return run_llm_rows("llm responses", rows, sizeof rows / sizeof rows[0]);
}
