/*
 * test_llm_gemini.c - Gemini: candidates, calls, usage, ends without a mark.
 *
 * SPDX-License-Identifier: MIT
 */
#define ROW_DIALECT SSE_LLM_GEMINI
#include "test_llm_rows.h"

#undef TEXT
#undef FINISH

/* Its events end their lines with CRLF. */
#define G(members) "data: {" members "}\r\n\r\n"
#define CANDIDATE(members) G("'candidates':[{" members "}]")
#define PARTS(parts) "'content':{'parts':[" parts "],'role':'model'}"
#define TEXT(text) CANDIDATE(PARTS("{'text':'" text "'}") ",'index':0")
#define FINISH(reason) CANDIDATE("'finishReason':'" reason "','index':0")
#define LAST(text)                                                             \
    CANDIDATE(PARTS("{'text':'" text "'}") ",'finishReason':'STOP'")

static llm_row rows[] = {
    /* Text. */
    {"a whole answer",
     G("'candidates':[{" PARTS("{'text':'Hel'}") ",'index':0}],"
       "'usageMetadata':{'promptTokenCount':9,'totalTokenCount':9},"
       "'modelVersion':'m','responseId':'r'")
     G("'candidates':[{" PARTS("{'text':'lo'}") ",'finishReason':'STOP',"
       "'index':0,'safetyRatings':[{'category':'c'}]}],"
       "'usageMetadata':{'promptTokenCount':9,'candidatesTokenCount':2,"
       "'totalTokenCount':11},'modelVersion':'m','responseId':'r'"),
     "text 0 Hello\nfinish 0 STOP\ncomplete reason=STOP id=r model=m prompt=9 "
     "completion=2 total=11", 0},
    {"LF line ends", D("{'candidates':[{" PARTS("{'text':'a'}")
                       ",'finishReason':'STOP'}]}"),
     "text 0 a\nfinish 0 STOP\ncomplete reason=STOP", 0},
    {"JSON on several lines",
     "data: {\r\ndata:   'candidates': [{\r\ndata: " PARTS("{'text':'a'}")
     ",\r\ndata: 'finishReason': 'STOP'}]}\r\n\r\n",
     "text 0 a\nfinish 0 STOP\ncomplete reason=STOP", 0},
    {"several parts", CANDIDATE(PARTS("{'text':'a'},{'text':'b'}")
                                ",'finishReason':'STOP'"),
     "text 0 ab\nfinish 0 STOP\ncomplete reason=STOP", 0},
    {"a surrogate pair across two events", TEXT("\\ud83d") LAST("\\ude00"),
     "text 0 \xF0\x9F\x98\x80\nfinish 0 STOP\ncomplete reason=STOP", 0},
    {"candidates interleave",
     G("'candidates':[{'index':1," PARTS("{'text':'b'}") "},{'index':0,"
       PARTS("{'text':'a'}") "}]")
     G("'candidates':[{'index':0,'finishReason':'STOP'},{'index':1,"
       PARTS("{'text':'c'}") ",'finishReason':'MAX_TOKENS'}]"),
     "text 1 b\ntext 0 a\nfinish 0 STOP\ntext 1 c\nfinish 1 MAX_TOKENS\n"
     "length reason=MAX_TOKENS", 0},
    {"parts of other kinds",
     CANDIDATE(PARTS("{'executableCode':{'language':'PYTHON','code':'1'}},"
                     "{'codeExecutionResult':{'output':'1'}},"
                     "{'inlineData':{'data':'AA=='}},{'text':'a'}")
               ",'finishReason':'STOP'"),
     "text 0 a\nfinish 0 STOP\ncomplete reason=STOP", 0},

    /* Reasoning. */
    {"thoughts",
     CANDIDATE(PARTS("{'text':'hm','thought':true}"))
     CANDIDATE(PARTS("{'text':'a','thoughtSignature':'x'}")
               ",'finishReason':'STOP'")
     G("'usageMetadata':{'promptTokenCount':4,'candidatesTokenCount':1,"
       "'thoughtsTokenCount':20,'totalTokenCount':25}"),
     "reasoning 0 hm\ntext 0 a\nfinish 0 STOP\ncomplete reason=STOP prompt=4 "
     "completion=21 total=25 reasoning=20", 0},
    {"a thought that is none",
     CANDIDATE(PARTS("{'text':'a','thought':false}") ",'finishReason':'STOP'"),
     "text 0 a\nfinish 0 STOP\ncomplete reason=STOP", 0},

    /* Tool calls. */
    {"calls come whole",
     CANDIDATE(PARTS("{'functionCall':{'name':'f','args':{'a': 1}}},"
                     "{'functionCall':{'id':'x','name':'f','args':{}}}"))
     CANDIDATE(PARTS("{'functionCall':{'name':'g'}}") ",'finishReason':'STOP'"),
     "tool 0.0 [] [f]\nargs 0.0 {\"a\": 1}\ntool 0.1 [x] [f]\nargs 0.1 {}\n"
     "tool 0.2 [] [g]\nfinish 0 STOP\ntool reason=STOP", 0},
    {"a call the model got wrong",
     CANDIDATE("'finishReason':'MALFORMED_FUNCTION_CALL',"
               "'finishMessage':'print(f('"),
     "finish 0 MALFORMED_FUNCTION_CALL\nfailed reason=MALFORMED_FUNCTION_CALL "
     "code=MALFORMED_FUNCTION_CALL message=print(f(", 0},
    {"calls of two candidates",
     G("'candidates':[{" PARTS("{'functionCall':{'name':'f'}}") "},{"
       PARTS("{'functionCall':{'name':'g'}}") "}]"),
     "tool 0.0 [] [f]\ntool 1.0 [] [g]\ntruncated", 0},

    /* Usage. */
    {"counts are running ones",
     G("'candidates':[],'usageMetadata':{'promptTokenCount':9,"
       "'cachedContentTokenCount':3,'candidatesTokenCount':1}")
     G("'candidates':[],'usageMetadata':{'candidatesTokenCount':5,"
       "'toolUsePromptTokenCount':2}") LAST("a"),
     "text 0 a\nfinish 0 STOP\ncomplete reason=STOP prompt=11 completion=5 "
     "cached=3", 0},

    /* Ends. */
    {"a finish reason with each event",
     CANDIDATE(PARTS("{'text':'a'}") ",'finishReason':'STOP'") LAST("b"),
     "text 0 a\nfinish 0 STOP\ntext 0 b\ncomplete reason=STOP", 0},
    {"a finish reason in a last event without parts",
     TEXT("a") FINISH("STOP"), "text 0 a\nfinish 0 STOP\ncomplete reason=STOP",
     0},
    {"a finish reason, but the body was cut", TEXT("a") LAST("b"),
     "text 0 ab\nfinish 0 STOP\ntruncated reason=STOP", ROW_CUT},
    {"no finish reason", TEXT("a"), "text 0 a\ntruncated", 0},
    {"a finish reason that says nothing",
     TEXT("a") FINISH("FINISH_REASON_UNSPECIFIED"), "text 0 a\ntruncated", 0},
    {"the last event lacks its blank line",
     TEXT("a") "data: {'candidates':[{'finishReason':'STOP'}]}\r\n",
     "text 0 a\ntruncated", 0},
    {"one of two candidates ended",
     G("'candidates':[{" PARTS("{'text':'a'}") ",'finishReason':'STOP'},{"
       PARTS("{'text':'b'}") "}]"),
     "text 0 a\nfinish 0 STOP\ntext 1 b\ntruncated reason=STOP", 0},
    {"length", TEXT("a") FINISH("MAX_TOKENS"),
     "text 0 a\nfinish 0 MAX_TOKENS\nlength reason=MAX_TOKENS", 0},
    {"safety", TEXT("a") FINISH("SAFETY"),
     "text 0 a\nfinish 0 SAFETY\nrefused reason=SAFETY", 0},
    {"a recited text", FINISH("RECITATION"),
     "finish 0 RECITATION\nrefused reason=RECITATION", 0},
    {"prohibited content", FINISH("PROHIBITED_CONTENT"),
     "finish 0 PROHIBITED_CONTENT\nrefused reason=PROHIBITED_CONTENT", 0},
    {"other", TEXT("a") FINISH("OTHER"),
     "text 0 a\nfinish 0 OTHER\ntruncated reason=OTHER", 0},
    {"a prompt that is blocked",
     G("'promptFeedback':{'blockReason':'OTHER'},'usageMetadata':{"
       "'promptTokenCount':7}"),
     "finish 0 OTHER\nrefused reason=OTHER prompt=7", 0},
    {"feedback that blocks nothing",
     G("'promptFeedback':{'safetyRatings':[]}") LAST("a"),
     "text 0 a\nfinish 0 STOP\ncomplete reason=STOP", 0},
    {"nothing at all", "", "failed", 0},
    {"the mark of OpenAI proves nothing here", TEXT("a") D("[DONE]"),
     "text 0 a\ntruncated unknown=1", 0},

    /* Errors. */
    {"an error within the stream",
     TEXT("a") G("'error':{'code':503,'message':'overloaded',"
                 "'status':'UNAVAILABLE'}") TEXT("b"),
     "text 0 a\nfailed code=503 type=UNAVAILABLE message=overloaded after=1",
     0},
    {"an error without a code",
     G("'error':{'message':'m','status':'INTERNAL'}"),
     "failed code=INTERNAL message=m", 0},
    {"an error body over several lines",
     TEXT("a") "{\n  'error': {\n    'code': 429,\n    'message': 'quota',\n"
     "    'status': 'RESOURCE_EXHAUSTED'\n  }\n}\n",
     "text 0 a\nfailed code=429 type=RESOURCE_EXHAUSTED message=quota", 0},
    {"an error body that is an array",
     "[{\n  'error': {\n    'code': 429,\n    'message': 'quota',\n"
     "    'status': 'RESOURCE_EXHAUSTED'\n  }\n}]\n",
     "failed code=429 type=RESOURCE_EXHAUSTED message=quota", 0},
    {"an error event", "event: error\ndata: broke\n\n", "failed message=broke",
     0},

    /* What is not known. */
    {"unknown events are counted and ignored",
     "event: news\ndata: hello\n\n" G("'news':1") D("7") ": ping\r\n\r\n"
     LAST("a"), "text 0 a\nfinish 0 STOP\ncomplete reason=STOP unknown=3", 0},
    {"members of the wrong type are counted and ignored",
     G("'candidates':7") G("'candidates':[7]") CANDIDATE("'content':7")
     CANDIDATE("'content':{'parts':7}") CANDIDATE(PARTS("7"))
     CANDIDATE(PARTS("{'text':7}")) CANDIDATE(PARTS("{'functionCall':7}"))
     CANDIDATE("'index':-1") G("'usageMetadata':7")
     G("'promptFeedback':7") D("[7]") LAST("a"),
     "text 0 a\nfinish 0 STOP\ncomplete reason=STOP malformed=11", 0},
    {"no JSON: failed when strict", TEXT("a") D("{broken"),
     "text 0 a\nfailed code=invalid_json type=reader "
     "message=a payload is no JSON malformed=1", 0},
    {"no JSON: counted when lenient", D("{broken") LAST("a"),
     "text 0 a\nfinish 0 STOP\ncomplete reason=STOP malformed=1",
     ROW_LENIENT},
    {"the array of a body that is no stream",
     D("[{'candidates':[{" PARTS("{'text':'a'}") "}]},\ndata: {'candidates':[{"
       PARTS("{'text':'b'}") ",'finishReason':'STOP'}]}]"),
     "text 0 ab\nfinish 0 STOP\ncomplete reason=STOP", 0},
    {"an error in such an array",
     D("[{'candidates':[{" PARTS("{'text':'a'}") "}]},{'error':{'code':500,"
       "'message':'m'}},{'candidates':[]}]"),
     "text 0 a\nfailed code=500 message=m", 0},
};

int main(void)
{
    return run_llm_rows("llm gemini", rows, sizeof rows / sizeof rows[0]);
}
