# emit.sh - `sse emit`: what it writes, and what it refuses.
#
# SPDX-License-Identifier: MIT
. "${TOP:-.}/tests/support/tap.sh"

sse=$BUILD/bin/sse
cd "$TMPDIR" || exit 1

# writes INPUT WANT NAME: the stream, byte for byte, with `|` for line ends.
writes() {
    printf '%s\n' "$1" | "$sse" emit >out 2>err
    code=$?
    is "$code:$(tr '\n' '|' <out)$(cat err)" "0:$2" "$3"
}

# refuses INPUT MESSAGE NAME
refuses() {
    printf '%s\n' "$1" | "$sse" emit >out 2>err
    is "$?:$(cat err)" "1:sse: standard input, $2" "$3"
}

writes '{"type":"message","data":"a","id":""}' 'data: a||' 'an event'
writes '{"data":"a"}' 'data: a||' 'data alone'
writes '{"type":"add","data":"a\nb","id":"1"}' \
    'event: add|id: 1|data: a|data: b||' 'type, id, two lines'
writes '{"data":"a\r\nb\rc\nd\n"}' \
    'data: a|data: b|data: c|data: d|data: ||' 'every kind of line end'
writes '{"data":""}' 'data: ||' 'empty data'
writes '{"type":"","data":"a"}' 'data: a||' 'an empty type is none'
writes '{"data":"a","retry":5}' 'retry: 5|data: a||' \
    'a reconnection time with the event'
writes ' { "data" : "a" } ' 'data: a||' 'white space'
writes '{"d\u0061ta":"\u0061\ud83d\ude00"}' \
    "$(printf 'data: a\360\237\230\200||')" 'escapes'
writes '{"data_b64":"/2E=","type_b64":"YQ==","id_b64":"Nw=="}' \
    "$(printf 'event: a|id: 7|data: \377a||')" 'base64'
writes '' '' 'a blank line'
writes '{"data":"a","id":"1"}
{"data":"b","id":"1"}
{"data":"c","id":"2"}
{"data":"d","id":""}
{"data":"e","id":""}
{"data":"f"}' \
    'id: 1|data: a||data: b||id: 2|data: c||id: |data: d||data: e||data: f||' \
    'an id is written where it changes'
writes '{"retry":12}' 'retry: 12||' 'a reconnection time alone'
writes '{"retry":18446744073709551615}' 'retry: 18446744073709551615||' \
    'a reconnection time of 64 bits'
writes '{"comment":" c"}
{"comment":""}
{"comment":"a\nb"}' ': c|:|:a|:b|' 'comments'
writes '{"field":"foo","value":" b:c"}
{"data":"x"}' 'foo:  b:c|data: x||' 'an unknown field'
writes '{"field":"foo","value":""}' 'foo: ||' 'an unknown field at the end'
writes '{"state":"waiting","delay_ms":[1,{"x":2}],"id":7}' '' \
    'state lines are read over'
writes '{"data":"a","id":"1"}
{"final_id":"1"}' 'id: 1|data: a||' 'a final id that is known'
writes '{"data":"a","id":"1"}
{"final_id":"2"}' 'id: 1|data: a||id: 2||' 'a final id that is new'
writes '{"data":"a","id":"1"}
{"final_id":""}' 'id: 1|data: a||id: ||' 'a final id that is gone'
writes '{"field":"\ufefffoo","value":"1"}' \
    "$(printf '|\357\273\277foo: 1||')" \
    'what looks like a byte order mark at the start is not one'
writes '{"field":"sse-record 1","value":""}' '|sse-record 1: ||' \
    'nor is what looks like a recording'
writes '{"type":"a\u0000b","data":"\u0000"}' "$(printf 'event: a\000b|data: \000||')" \
    'NUL in type and data' 2>/dev/null
printf '{"data":"a"}' | "$sse" emit >out
is "$(tr '\n' '|' <out)" 'data: a||' 'a last line without its end'
printf '{"data":"a"}\r\n{"data":"b"}\r\n' | "$sse" emit >out
is "$(tr '\n' '|' <out)" 'data: a||data: b||' 'CRLF'
printf '{"data":"a"}\n' >in
is "$("$sse" emit in | tr '\n' '|')" 'data: a||' 'from a file'

# Twice through is the same as once, also for what is written here.
printf 'id: 1\nevent: a\nretry: 3\n:c\nx: y\ndata: 1\ndata\n\nid: 2\n\n:\n\nretry: 9\n' >in
"$sse" cat --trace in >one 2>/dev/null
"$sse" emit one | "$sse" cat --trace >two 2>/dev/null
is_file two one 'cat --trace | emit | cat --trace'
printf 'event: a\nid: 1\ndata: 1\n\ndata: 2\n\nid: \ndata: 3\n\n' >in
"$sse" cat --json in 2>/dev/null | "$sse" emit >out
is_file out in 'a stream as the library writes it comes back byte for byte'

# Errors say where.
refuses '{"data":"a"}
{"data":"a"' 'line 2, column 12: the JSON text is cut off here' 'cut JSON'
refuses '{"data":"a"}}' 'line 1, column 13: this is no valid JSON' \
    'bytes behind the object'
refuses "{'data':1}" 'line 1, column 2: this is no valid JSON' 'no JSON'
refuses '{"data":"a",}' 'line 1, column 13: this is no valid JSON' \
    'a comma too many'
refuses 'data: a' 'line 1, column 1: this is no valid JSON' 'a stream itself'
refuses '["data"]' 'line 1, column 1: each line is one JSON object' 'an array'
refuses '{"data":"a","dog":1}' \
    'line 1, column 14: there is no member "dog"; `sse emit --help` lists them' \
    'an unknown member'
refuses '{"data":"a","data_b64":"YQ=="}' \
    'line 1, column 14: "data_b64" is here for the second time' \
    'the same text twice'
refuses '{"data":1}' 'line 1, column 9: "data" wants a string' 'data a number'
refuses '{"data":"a","id":null}' 'line 1, column 18: "id" wants a string' \
    'id null'
refuses '{"data_b64":"YQ="}' 'line 1, column 14: this is no valid base64' \
    'bad base64'
refuses '{"data_b64":"YR=="}' 'line 1, column 14: this is no valid base64' \
    'base64 with stray bits'
refuses '{"retry":1.5}' \
    'line 1, column 10: "retry" wants a whole number of milliseconds' \
    'a broken number'
refuses '{"retry":18446744073709551616}' \
    'line 1, column 10: "retry" wants a whole number of milliseconds' \
    'a number beyond 64 bits'
refuses '{"retry":"5"}' \
    'line 1, column 11: "retry" wants a whole number of milliseconds' \
    'a number in quotation marks'
refuses '{"id":"1"}' \
    'line 1: an object as `sse cat --json` prints it has "data", "retry", "comment", "field", "state" or "final_id"' \
    'an event without data'
refuses '{}' \
    'line 1: an object as `sse cat --json` prints it has "data", "retry", "comment", "field", "state" or "final_id"' \
    'an empty object'
refuses '{"field":"x"}' 'line 1: a field needs a member "value" as well' \
    'a field without value'
refuses '{"comment":"x","data":"y"}' \
    'line 1: a comment cannot have a member "data" beside "comment"' \
    'a comment with data'
refuses '{"data":"a","id":"1\n2"}' \
    'line 1, column 19: no stream can carry an id with CR, LF or NUL in it' \
    'LF in an id'
refuses '{"data":"a","id":"\u0000"}' \
    'line 1, column 19: no stream can carry an id with CR, LF or NUL in it' \
    'NUL in an id'
refuses '{"type":"a\rdata: b","data":"a"}' \
    'line 1, column 10: no stream can carry a type with CR or LF in it' \
    'CR in a type'
refuses '{"field":"data","value":"a"}' \
    'line 1, column 11: a "field" is one that readers do not know; this one belongs into an event' \
    'a known field'
refuses '{"field":"a:b","value":""}' \
    'line 1, column 11: a field has a name without colon, CR and LF' \
    'a colon in a name'
refuses '{"field":"","value":"a"}' \
    'line 1, column 11: a field has a name without colon, CR and LF' \
    'an empty name'
refuses '{"field":"a","value":"b\n\n"}' \
    "line 1, column 23: a field's value has no CR and LF" 'LF in a value'
printf '{"data":"\377"}\n' | "$sse" emit >out 2>err
is "$?:$(cat err)" '1:sse: standard input, line 1, column 10: this is no valid JSON' \
    'ill-formed UTF-8'
printf '{"data":"a"}\n\n{"retry":7}\nx\n{"data":"b"}\n' | "$sse" emit >out 2>err
is "$?:$(cat err):$(tr '\n' '|' <out)" \
    '1:sse: standard input, line 4, column 1: this is no valid JSON:data: a||retry: 7||' \
    'what stands before a wrong line is written and ended'

# Each record is handed over at once.
mkfifo fifo.in fifo.out
"$sse" emit fifo.in >fifo.out 2>err &
exec 9<fifo.out 8>fifo.in
echo '{"data":"1"}' >&8
read -r line <&9
is "$line" 'data: 1' 'an event is written as soon as its line is complete'
exec 8>&-
wait
exec 9<&-
done_testing
