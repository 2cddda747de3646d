/*
 * test_llm_vendors.c - flavours of the OpenAI chat stream, and odd payloads.
 *
 * SPDX-License-Identifier: MIT
 */
#include "test_llm_rows.h"

static llm_row rows[] = {
    {"Azure: filter results first, without choices",
     D("{'choices':[],'created':0,'id':'','model':'','object':'',"
       "'prompt_filter_results':[{'prompt_index':0,"
       "'content_filter_results':{}}]}")
     D("{'id':'c','model':'m','choices':[{'index':0,"
       "'delta':{'content':'a'},'content_filter_results':{}}]}")
     D("{'id':'c','model':'m','choices':[]}") FINISH("stop") DONE,
     "text 0 a\nfinish 0 stop\ncomplete marked reason=stop id=c model=m", 0},
    {"Azure: a filter result behind the finish",
     TEXT("a") FINISH("stop")
     CHOICE("'finish_reason':null,'content_filter_offsets':{}") DONE,
     "text 0 a\nfinish 0 stop\ncomplete marked reason=stop", 0},
    {"llama.cpp: pings, progress and timings",
     ":\n\n" D("{'choices':[],'prompt_progress':{'total':9,'processed':3}}")
     DELTA("'role':'assistant','content':null") ": ping\n\n" TEXT("a")
     D("{'choices':[{'index':0,'delta':{},'finish_reason':'stop'}],"
       "'timings':{'predicted_ms':12.5}}") DONE,
     "text 0 a\nfinish 0 stop\ncomplete marked reason=stop", 0},
    {"llama.cpp: its own completion",
     D("{'index':0,'content':'Hel','tokens':[1],'stop':false}")
     D("{'index':0,'content':'lo','stop':false}")
     D("{'index':0,'content':'','stop':true,'stop_type':'eos',"
       "'tokens_predicted':2,'tokens_evaluated':9,'timings':{}}"),
     "text 0 Hello\nfinish 0 eos\ncomplete marked reason=eos prompt=9 "
     "completion=2", 0},
    {"llama.cpp: its own completion reached its limit",
     D("{'content':'a','stop':false}")
     D("{'content':'b','stop':true,'stop_type':'limit','truncated':false}"),
     "text 0 ab\nfinish 0 limit\nlength marked reason=limit", 0},
    {"llama.cpp: the same from older builds",
     D("{'content':'a','stop':true,'stopped_eos':false,'stopped_limit':true}"),
     "text 0 a\nfinish 0 limit\nlength marked reason=limit", 0},
    {"llama.cpp: its own completion, cut", D("{'content':'a','stop':false}"),
     "text 0 a\ntruncated", 0},
    {"llama.cpp: no completion of its own",
     D("{'content':'a'}") D("{'stop':true}") D("{'content':7,'stop':true}"),
     "failed unknown=3", 0},
    {"llama.cpp: a failure while it computes the prompt",
     ":\n\n" D("{'choices':[],'prompt_progress':{'total':9}}")
     D("{'error':{'code':400,'message':'the request exceeds the available "
       "context size','type':'exceed_context_size_error','n_ctx':4096}}"),
     "failed code=400 type=exceed_context_size_error message=the request "
     "exceeds the available context size", 0},
    {"vLLM: usage with each chunk, and a stop reason of its own",
     D("{'id':'i','choices':[{'index':0,'delta':{'role':'assistant',"
       "'content':''},'logprobs':null,'finish_reason':null}],'usage':{"
       "'prompt_tokens':4,'total_tokens':4,'completion_tokens':0}}")
     D("{'id':'i','choices':[{'index':0,'delta':{'content':'a'},"
       "'finish_reason':'stop','stop_reason':128009}],'usage':{"
       "'prompt_tokens':4,'total_tokens':5,'completion_tokens':1}}")
     D("{'id':'i','choices':[],'usage':{'prompt_tokens':4,'total_tokens':5,"
       "'completion_tokens':1}}") DONE,
     "text 0 a\nfinish 0 stop\ncomplete marked reason=stop id=i prompt=4 "
     "completion=1 total=5", 0},
    {"vLLM: an error, then the mark",
     TEXT("a") D("{'error':{'object':'error','message':'m','type':"
                 "'InternalServerError','param':null,'code':500}}") DONE,
     "text 0 a\nfailed code=500 type=InternalServerError message=m after=1",
     0},
    {"vLLM: an aborted request", TEXT("a") FINISH("abort") DONE,
     "text 0 a\nfinish 0 abort\ntruncated marked reason=abort", 0},
    {"Azure: a prompt that is filtered",
     D("{'error':{'message':'filtered','type':null,'param':'prompt',"
       "'code':'content_filter','status':400,'innererror':{'code':"
       "'ResponsibleAIPolicyViolation'}}}"),
     "failed code=content_filter message=filtered", 0},
    {"Azure: deltas in bursts, filter results between",
     D("{'choices':[{'index':0,'delta':{'content':'a'},"
       "'content_filter_results':{'hate':{'filtered':false}}}]}")
     D("{'choices':[]}")
     D("{'choices':[{'index':0,'delta':{'content':'b'}},{'index':0,"
       "'delta':{'content':'c'},'finish_reason':'content_filter'}]}") DONE,
     "text 0 abc\nfinish 0 content_filter\nrefused marked "
     "reason=content_filter", 0},
    {"OpenRouter: an error behind text, with choices beside it",
     ": OPENROUTER PROCESSING\n\n" TEXT("a")
     D("{'id':'i','provider':'p','error':{'code':'server_error','message':"
       "'Provider disconnected','metadata':{'raw':'x'}},'choices':[{"
       "'index':0,'delta':{'content':''},'finish_reason':'error'}]}") DONE,
     "text 0 a\nfailed id=i code=server_error message=Provider disconnected "
     "after=1", 0},
    {"OpenRouter: no finish reason, but the mark", TEXT("a") DONE,
     "text 0 a\ncomplete marked", 0},
    {"DeepSeek: reasoning_content",
     DELTA("'content':null,'reasoning_content':'hm'")
     DELTA("'content':null,'reasoning_content':' ok'")
     DELTA("'content':'a','reasoning_content':null") FINISH("stop")
     D("{'choices':[],'usage':{'prompt_cache_hit_tokens':6}}") DONE,
     "reasoning 0 hm ok\ntext 0 a\nfinish 0 stop\n"
     "complete marked reason=stop cached=6", 0},
    {"OpenRouter: reasoning, and comments from the first second",
     ": OPENROUTER PROCESSING\n\n: OPENROUTER PROCESSING\n\n"
     DELTA("'content':'','reasoning':'hm','reasoning_details':[{}]")
     DELTA("'content':'a','reasoning':null")
     D("{'choices':[{'index':0,'delta':{'content':''},"
       "'finish_reason':'stop','native_finish_reason':'STOP'}],"
       "'usage':{'prompt_tokens':1,'completion_tokens':2,'cost':0.1}}") DONE,
     "reasoning 0 hm\ntext 0 a\nfinish 0 stop\n"
     "complete marked reason=stop prompt=1 completion=2", 0},
    {"both names of reasoning with the same text",
     DELTA("'reasoning':'hm','reasoning_content':'hm'") FINISH("stop"),
     "reasoning 0 hm\nfinish 0 stop\ncomplete reason=stop", 0},
    {"both names of reasoning, one empty",
     DELTA("'reasoning':'hm','reasoning_content':''") FINISH("stop"),
     "reasoning 0 hm\nfinish 0 stop\ncomplete reason=stop", 0},
    {"content as typed parts",
     DELTA("'content':[{'type':'thinking','thinking':[{'type':'text',"
           "'text':'hm'}]},{'type':'text','text':'a'}]")
     DELTA("'content':[{'type':'thinking','thinking':'x'},"
           "{'type':'refusal','refusal':'no'}]") FINISH("stop"),
     "reasoning 0 hm\ntext 0 a\nreasoning 0 x\nrefusal 0 no\nfinish 0 stop\n"
     "refused reason=stop", 0},
    {"Ollama: a whole call in one chunk, and stop",
     DELTA("'content':'','tool_calls':[{'id':'call_x','index':0,"
           "'type':'function','function':{'name':'f','arguments':'{}'}}]")
     FINISH("stop") DONE,
     "tool 0.0 [call_x] [f]\nargs 0.0 {}\nfinish 0 stop\n"
     "tool marked reason=stop", 0},
    {"calls without an index, told apart by id",
     DELTA("'tool_calls':[{'id':'a','function':{'name':'f',"
           "'arguments':'1'}},{'id':'b','function':{'name':'g',"
           "'arguments':'2'}}]")
     DELTA("'tool_calls':[{'function':{'arguments':'3'}}]") DONE,
     "tool 0.0 [a] [f]\nargs 0.0 1\ntool 0.1 [b] [g]\nargs 0.1 23\n"
     "tool marked", 0},
    {"whole calls under the same index, told apart by id",
     DELTA("'tool_calls':[{'index':0,'id':'a','function':{'name':'f',"
           "'arguments':'1'}}]")
     DELTA("'tool_calls':[{'index':0,'id':'b','function':{'name':'g',"
           "'arguments':'2'}}]")
     DELTA("'tool_calls':[{'index':0,'function':{'arguments':'3'}}]") DONE,
     "tool 0.0 [a] [f]\nargs 0.0 1\ntool 0.1 [b] [g]\nargs 0.1 23\n"
     "tool marked", 0},
    {"arguments as an object",
     DELTA("'tool_calls':[{'index':0,'id':'a','function':{'name':'f',"
           "'arguments':{'x':[1]}}}]") FINISH("tool_calls"),
     "tool 0.0 [a] [f]\nargs 0.0 {\"x\":[1]}\nfinish 0 tool_calls\n"
     "tool reason=tool_calls", 0},
    {"calls from index 1 on",
     DELTA("'tool_calls':[{'index':1,'id':'a','function':{'name':'f'}}]")
     DONE, "tool 0.1 [a] [f]\ntool marked", 0},
    {"Groq: usage beside the choices",
     TEXT("a")
     D("{'choices':[{'index':0,'delta':{},'finish_reason':'stop'}],"
       "'x_groq':{'id':'r','usage':{'prompt_tokens':3}}}") DONE,
     "text 0 a\nfinish 0 stop\ncomplete marked reason=stop prompt=3", 0},
    {"usage within the choice",
     CHOICE("'delta':{'content':'a'},'finish_reason':'stop',"
            "'usage':{'completion_tokens':1}"),
     "text 0 a\nfinish 0 stop\ncomplete reason=stop completion=1", 0},
    {"finish reason empty until the end",
     CHOICE("'delta':{'content':'a'},'finish_reason':''")
     CHOICE("'delta':{'content':'b'},'finish_reason':''") FINISH("stop"),
     "text 0 ab\nfinish 0 stop\ncomplete reason=stop", 0},
    {"finish reason repeated", TEXT("a") FINISH("stop") FINISH("stop"),
     "text 0 a\nfinish 0 stop\ncomplete reason=stop", 0},
    {"finish reason in capitals", TEXT("a") FINISH("MAX_TOKENS"),
     "text 0 a\nfinish 0 MAX_TOKENS\nlength reason=MAX_TOKENS", 0},
    {"finish reason of a server that gave up",
     TEXT("a") FINISH("insufficient_system_resource") DONE,
     "text 0 a\nfinish 0 insufficient_system_resource\n"
     "truncated marked reason=insufficient_system_resource", 0},
    {"the same, and nothing came", FINISH("abort") DONE,
     "finish 0 abort\nfailed marked reason=abort", 0},
    {"a choice without an index",
     D("{'choices':[{'delta':{'content':'a'},'finish_reason':'stop'}]}"),
     "text 0 a\nfinish 0 stop\ncomplete reason=stop", 0},
    {"two choices without an index",
     D("{'choices':[{'delta':{'content':'a'}},{'delta':{'content':'b'}}]}")
     DONE, "text 0 a\ntext 1 b\ncomplete marked", 0},
    {"a whole answer instead of a stream",
     D("{'id':'i','object':'chat.completion','model':'m','choices':[{"
       "'index':0,'message':{'role':'assistant','content':'all'},"
       "'finish_reason':'stop'}],'usage':{'total_tokens':4}}"),
     "text 0 all\nfinish 0 stop\ncomplete reason=stop id=i model=m total=4",
     0},
    {"a legacy completion",
     D("{'choices':[{'index':0,'text':'a','finish_reason':null}]}")
     D("{'choices':[{'index':0,'text':'','finish_reason':'length'}]}") DONE,
     "text 0 a\nfinish 0 length\nlength marked reason=length", 0},
    {"event types that say nothing",
     "event: message\n" TEXT("a") "event: chunk\n" TEXT("b")
     "event: done\n" DONE, "text 0 ab\ncomplete marked", 0},
    {"unknown events are counted and ignored",
     "event: ping\ndata: {'type':'ping'}\n\n" TEXT("a")
     "event: ping\ndata: hello\n\n" D("{'hello':1}") D("[]") D("'x'")
     "data:\n\n" DONE, "text 0 a\ncomplete marked unknown=6", 0},
    {"choices null", D("{'choices':null}") TEXT("a") DONE,
     "text 0 a\ncomplete marked", 0},
    {"error null with every event",
     D("{'error':null,'choices':[{'delta':{'content':'a'}}]}")
     D("{'error':'','choices':[{'delta':{'content':'b'}}]}")
     D("{'error':false,'choices':[],'errors':[]}") DONE,
     "text 0 ab\ncomplete marked", 0},
    {"members of the wrong type are counted and ignored",
     D("{'choices':{}}") D("{'choices':[7]}") DELTA("'content':7")
     DELTA("'tool_calls':{}") DELTA("'tool_calls':[7]")
     DELTA("'tool_calls':[{'index':-1}]") DELTA("'function_call':1")
     D("{'choices':[{'index':'0','delta':{}}]}")
     D("{'choices':[{'index':0,'delta':7}]}")
     D("{'choices':[{'index':99999,'delta':{}}]}")
     CHOICE("'delta':{},'finish_reason':7") D("{'choices':[],'usage':7}")
     TEXT("a") DONE, "text 0 a\ncomplete marked malformed=12", 0},
    {"the last of two equal names counts",
     D("{'choices':[{'delta':{'content':'a'}}],"
       "'choices':[{'delta':{'content':'b'}}]}") DONE,
     "text 0 b\ncomplete marked", 0},
    {"names with escapes",
     D("{'ch\\u006fices':[{'d\\u0065lta':{'content':'a'}}]}") DONE,
     "text 0 a\ncomplete marked", 0},
    {"control characters in ids become spaces",
     D("{'id':'a\\u0000b\\n','model':'m\\ud83d','choices':[]}") DONE,
     "complete marked id=a b  model=m\xEF\xBF\xBD", 0},
    {"no JSON: failed when strict", TEXT("a") D("{broken") TEXT("b") DONE,
     "text 0 a\nfailed code=invalid_json type=reader "
     "message=a payload is no JSON malformed=1", 0},
    {"no JSON: counted when lenient", TEXT("a") D("{broken") TEXT("b") DONE,
     "text 0 ab\ncomplete marked malformed=1", 1},
    {"ill-formed UTF-8 is no JSON", D("{'choices':[],'x':'\xC3'}"),
     "failed code=invalid_json type=reader message=a payload is no JSON "
     "malformed=1", 0},
    {"a page in HTML", D("<html><body>Bad gateway</body></html>"),
     "failed code=invalid_json type=reader message=a payload is no JSON "
     "malformed=1", 0},
    {"a page in HTML when lenient", D("<html>"), "failed malformed=1", 1},
    {"two objects in one payload", D("{'choices':[]}{'choices':[]}"),
     "failed code=invalid_json type=reader message=a payload is no JSON "
     "malformed=1", 0},
};

int main(void)
{
    return run_llm_rows("llm vendors", rows, sizeof rows / sizeof rows[0]);
}
