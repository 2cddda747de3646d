/*
 * test_llm_openai.c - OpenAI Chat Completions: deltas, calls, usage, ends.
 *
 * SPDX-License-Identifier: MIT
 */
#include "test_llm_rows.h"

static llm_row rows[] = {
    /* Text. */
    {"a whole answer",
     D("{'id':'chatcmpl-1','object':'chat.completion.chunk','created':1,"
       "'model':'gpt-x','system_fingerprint':'fp','choices':[{'index':0,"
       "'delta':{'role':'assistant','content':'','refusal':null},"
       "'logprobs':null,'finish_reason':null}],'obfuscation':'x7'}")
     TEXT("Hello") TEXT(" world") FINISH("stop") DONE,
     "text 0 Hello world\nfinish 0 stop\n"
     "complete marked reason=stop id=chatcmpl-1 model=gpt-x", 0},
    {"content null in the first delta",
     DELTA("'role':'assistant','content':null") TEXT("a") FINISH("stop") DONE,
     "text 0 a\nfinish 0 stop\ncomplete marked reason=stop", 0},
    {"escapes and characters beyond ASCII",
     TEXT("a\\n\\t\\\\ \\u00e4 \xC3\xA4 \\ud83d\\ude00") FINISH("stop"),
     "text 0 a\n\t\\ \xC3\xA4 \xC3\xA4 \xF0\x9F\x98\x80\nfinish 0 stop\n"
     "complete reason=stop", 0},
    {"a surrogate pair across two deltas",
     TEXT("a\\ud83d") TEXT("\\ude00b") FINISH("stop"),
     "text 0 a\xF0\x9F\x98\x80" "b\nfinish 0 stop\ncomplete reason=stop", 0},
    {"a surrogate pair across an empty delta",
     TEXT("\\ud83d") TEXT("") DELTA("") TEXT("\\ude00") FINISH("stop"),
     "text 0 \xF0\x9F\x98\x80\nfinish 0 stop\ncomplete reason=stop", 0},
    {"half a pair, then plain text", TEXT("\\ud83d") TEXT("x") FINISH("stop"),
     "text 0 \xEF\xBF\xBDx\nfinish 0 stop\ncomplete reason=stop", 0},
    {"half a pair before the finish", TEXT("a\\ud83d") FINISH("stop"),
     "text 0 a\xEF\xBF\xBD\nfinish 0 stop\ncomplete reason=stop", 0},
    {"half a pair of another choice waits on",
     D("{'choices':[{'index':0,'delta':{'content':'\\ud83d'}},"
       "{'index':1,'delta':{'content':'b'},'finish_reason':'stop'}]}")
     TEXT("\\ude00") FINISH("stop"),
     "text 1 b\nfinish 1 stop\ntext 0 \xF0\x9F\x98\x80\nfinish 0 stop\n"
     "complete reason=stop", 0},
    {"half a pair before the cut", TEXT("a\\ud83d"),
     "text 0 a\xEF\xBF\xBD\ntruncated", 0},
    {"halves of two choices do not meet",
     D("{'choices':[{'index':0,'delta':{'content':'\\ud83d'}},"
       "{'index':1,'delta':{'content':'\\ud83c'}}]}")
     D("{'choices':[{'index':1,'delta':{'content':'\\udf00'}},"
       "{'index':0,'delta':{'content':'\\ude00'}}]}") DONE,
     "text 1 \xF0\x9F\x8C\x80\ntext 0 \xF0\x9F\x98\x80\ncomplete marked", 0},
    {"several choices interleave",
     D("{'choices':[{'index':1,'delta':{'content':'b'}}]}")
     D("{'choices':[{'index':0,'delta':{'content':'a'}},"
       "{'index':1,'delta':{'content':'c'},'finish_reason':'stop'}]}")
     FINISH("length"),
     "text 1 b\ntext 0 a\ntext 1 c\nfinish 1 stop\nfinish 0 length\n"
     "length reason=length", 0},
    {"text in the delta that finishes",
     CHOICE("'delta':{'content':'all'},'finish_reason':'stop'") DONE,
     "text 0 all\nfinish 0 stop\ncomplete marked reason=stop", 0},
    {"members in any order",
     D("{'choices':[{'finish_reason':'stop','delta':{'content':'a'},"
       "'index':0}],'model':'m','id':'i'}"),
     "text 0 a\nfinish 0 stop\ncomplete reason=stop id=i model=m", 0},
    {"a refusal",
     DELTA("'refusal':'I can'") DELTA("'refusal':'not'") FINISH("stop") DONE,
     "refusal 0 I cannot\nfinish 0 stop\nrefused marked reason=stop", 0},

    /* Tool calls. */
    {"a tool call in pieces",
     DELTA("'role':'assistant','content':null,'tool_calls':[{'index':0,"
           "'id':'call_1','type':'function','function':{'name':'f',"
           "'arguments':''}}]")
     DELTA("'tool_calls':[{'index':0,'function':{'arguments':'{\\'a'}}]")
     DELTA("'tool_calls':[{'index':0,'function':{'arguments':'\\':1}'}}]")
     FINISH("tool_calls") DONE,
     "tool 0.0 [call_1] [f]\nargs 0.0 {\"a\":1}\nfinish 0 tool_calls\n"
     "tool marked reason=tool_calls", 0},
    {"two calls interleave",
     DELTA("'tool_calls':[{'index':0,'id':'a','function':{'name':'f'}},"
           "{'index':1,'id':'b','function':{'name':'g'}}]")
     DELTA("'tool_calls':[{'index':1,'function':{'arguments':'1'}},"
           "{'index':0,'function':{'arguments':'2'}}]")
     DELTA("'tool_calls':[{'index':1,'function':{'arguments':'3'}}]")
     FINISH("tool_calls"),
     "tool 0.0 [a] [f]\ntool 0.1 [b] [g]\nargs 0.1 1\nargs 0.0 2\nargs 0.1 3\n"
     "finish 0 tool_calls\ntool reason=tool_calls", 0},
    {"a pair across two argument pieces of two calls",
     DELTA("'tool_calls':[{'index':0,'id':'a','function':{'name':'f',"
           "'arguments':'\\ud83d'}},{'index':1,'id':'b','function':{"
           "'name':'g','arguments':'\\ud83c'}}]")
     DELTA("'tool_calls':[{'index':0,'function':{'arguments':'\\ude00'}},"
           "{'index':1,'function':{'arguments':'\\udf00'}}]")
     FINISH("tool_calls"),
     "tool 0.0 [a] [f]\ntool 0.1 [b] [g]\nargs 0.0 \xF0\x9F\x98\x80\n"
     "args 0.1 \xF0\x9F\x8C\x80\nfinish 0 tool_calls\ntool reason=tool_calls",
     0},
    {"id and name repeated in every piece",
     DELTA("'tool_calls':[{'index':0,'id':'a','function':{'name':'f',"
           "'arguments':'1'}}]")
     DELTA("'tool_calls':[{'index':0,'id':'a','function':{'name':'f',"
           "'arguments':'2'}}]") FINISH("tool_calls"),
     "tool 0.0 [a] [f]\nargs 0.0 12\nfinish 0 tool_calls\n"
     "tool reason=tool_calls", 0},
    {"id and name null or empty in later pieces",
     DELTA("'tool_calls':[{'index':0,'id':'a','function':{'name':'f'}}]")
     DELTA("'tool_calls':[{'index':0,'id':null,'function':{'name':null,"
           "'arguments':'1'}}]")
     DELTA("'tool_calls':[{'index':0,'id':'','function':{'name':'',"
           "'arguments':'2'}}]") FINISH("tool_calls"),
     "tool 0.0 [a] [f]\nargs 0.0 12\nfinish 0 tool_calls\n"
     "tool reason=tool_calls", 0},
    {"the name comes behind the id",
     DELTA("'tool_calls':[{'index':0,'id':'a'}]")
     DELTA("'tool_calls':[{'index':0,'function':{'name':'f'}}]")
     FINISH("tool_calls"),
     "tool 0.0 [a] []\ntool 0.0 [] [f]\nfinish 0 tool_calls\n"
     "tool reason=tool_calls", 0},
    {"escapes in id and name",
     DELTA("'tool_calls':[{'index':0,'id':'a\\u002f1',"
           "'function':{'name':'f\\u00e4'}}]") FINISH("tool_calls"),
     "tool 0.0 [a/1] [f\xC3\xA4]\nfinish 0 tool_calls\ntool reason=tool_calls",
     0},
    {"the single function call of old",
     DELTA("'function_call':{'name':'f','arguments':''}")
     DELTA("'function_call':{'arguments':'{}'}") FINISH("function_call"),
     "tool 0.0 [] [f]\nargs 0.0 {}\nfinish 0 function_call\n"
     "tool reason=function_call", 0},
    {"a tool call cut in its arguments",
     DELTA("'tool_calls':[{'index':0,'id':'a','function':{'name':'f',"
           "'arguments':'{'}}]"),
     "tool 0.0 [a] [f]\nargs 0.0 {\ntruncated", 0},
    {"text, then a tool call",
     TEXT("Let me see.")
     DELTA("'tool_calls':[{'index':0,'id':'a','function':{'name':'f',"
           "'arguments':'{}'}}]") FINISH("tool_calls") DONE,
     "text 0 Let me see.\ntool 0.0 [a] [f]\nargs 0.0 {}\nfinish 0 tool_calls\n"
     "tool marked reason=tool_calls", 0},

    /* Usage. */
    {"usage in a chunk without choices",
     D("{'id':'i','choices':[{'index':0,'delta':{'content':'a'}}],"
       "'usage':null}") FINISH("stop")
     D("{'choices':[],'usage':{'prompt_tokens':9,'completion_tokens':3,"
       "'total_tokens':12,'prompt_tokens_details':{'cached_tokens':4},"
       "'completion_tokens_details':{'reasoning_tokens':2}}}") DONE,
     "text 0 a\nfinish 0 stop\ncomplete marked reason=stop id=i prompt=9 "
     "completion=3 total=12 cached=4 reasoning=2", 0},
    {"usage behind the finish reason, and no mark",
     TEXT("a") FINISH("stop") D("{'choices':[],'usage':{'total_tokens':5}}"),
     "text 0 a\nfinish 0 stop\ncomplete reason=stop total=5", 0},
    {"usage without choices at all",
     TEXT("a") FINISH("stop") D("{'usage':{'prompt_tokens':1}}") DONE,
     "text 0 a\nfinish 0 stop\ncomplete marked reason=stop prompt=1", 0},
    {"usage grows; the last counts",
     D("{'choices':[{'index':0,'delta':{'content':'a'}}],"
       "'usage':{'prompt_tokens':7,'completion_tokens':1}}")
     D("{'choices':[{'index':0,'delta':{'content':'b'},"
       "'finish_reason':'stop'}],'usage':{'completion_tokens':2}}"),
     "text 0 ab\nfinish 0 stop\ncomplete reason=stop prompt=7 completion=2",
     0},
    {"usage of odd values",
     TEXT("a") FINISH("stop")
     D("{'choices':[],'usage':{'prompt_tokens':null,'completion_tokens':-1,"
       "'total_tokens':1.5,'prompt_tokens_details':null}}") DONE,
     "text 0 a\nfinish 0 stop\ncomplete marked reason=stop", 0},

    /* Ends. */
    {"finish reason without the mark", TEXT("a") FINISH("stop"),
     "text 0 a\nfinish 0 stop\ncomplete reason=stop", 0},
    {"the mark without a finish reason", TEXT("a") DONE,
     "text 0 a\ncomplete marked", 0},
    {"neither", TEXT("a"), "text 0 a\ntruncated", 0},
    {"nothing at all", "", "failed", 0},
    {"comments alone", ": ping\n\n: ping\n\n", "failed", 0},
    {"a role alone", DELTA("'role':'assistant','content':''"), "failed", 0},
    {"the mark alone", DONE, "complete marked", 0},
    {"length", TEXT("a") FINISH("length") DONE,
     "text 0 a\nfinish 0 length\nlength marked reason=length", 0},
    {"content filter", TEXT("a") FINISH("content_filter") DONE,
     "text 0 a\nfinish 0 content_filter\nrefused marked reason=content_filter",
     0},
    {"an unknown reason ends it", TEXT("a") FINISH("eos_token"),
     "text 0 a\nfinish 0 eos_token\ncomplete reason=eos_token", 0},
    {"one of two choices ended",
     D("{'choices':[{'index':0,'delta':{'content':'a'}},"
       "{'index':1,'delta':{'content':'b'}}]}") FINISH("stop"),
     "text 0 a\ntext 1 b\nfinish 0 stop\ntruncated reason=stop", 0},
    {"the last event lacks its blank line",
     TEXT("a") "data: {'choices':[{'delta':{},'finish_reason':'stop'}]}\n",
     "text 0 a\ntruncated", 0},
    {"bytes behind the mark are ignored",
     TEXT("a") DONE TEXT("b") D("{'error':'late'}") D("{broken"),
     "text 0 a\ncomplete marked after=3", 0},
    {"the mark with spaces around", TEXT("a") "data:  [DONE] \n\n",
     "text 0 a\ncomplete marked", 0},
    {"no space behind the colon",
     "data:{'choices':[{'delta':{'content':'a'}}]}\n\ndata:[DONE]\n\n",
     "text 0 a\ncomplete marked", 0},
    {"CRLF line ends",
     "data: {'choices':[{'delta':{'content':'a'}}]}\r\n\r\n"
     "data: [DONE]\r\n\r\n", "text 0 a\ncomplete marked", 0},
    {"a payload on several lines",
     "data: {'choices':\ndata: [{'delta':{'content':'a'}}]\ndata: }\n\n" DONE,
     "text 0 a\ncomplete marked", 0},
};

int main(void)
{
    return run_llm_rows("llm openai", rows, sizeof rows / sizeof rows[0]);
}
