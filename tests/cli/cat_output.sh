# cat_output.sh - what `sse cat` prints, in each of its forms.
#
# SPDX-License-Identifier: MIT
. "${TOP:-.}/tests/support/tap.sh"

sse=$BUILD/bin/sse
tab=$(printf '\t')

# prints INPUT ARGUMENTS...: stdout of `sse cat` for a printf format.
prints() {
    input=$1
    shift
    # The format is the input.
    # shellcheck disable=SC2059
    printf "$input" | "$sse" cat "$@" 2>"$TMPDIR/err"
}

stream='event: add\nid: 7\ndata: {"a":1}\ndata: two\n\n: c\nfoo:bar\nretry: 12\ndata:x\n\nid: 9\n\n'

is "$(prints "$stream" --json)" \
    '{"type":"add","data":"{\"a\":1}\ntwo","id":"7"}
{"type":"message","data":"x","id":"7"}' 'json'
is "$(cat "$TMPDIR/err")" 'sse: end of standard input' \
    'the last line on stderr says why it ended'
is "$(prints "$stream" --base64)" \
    '{"type_b64":"YWRk","data_b64":"eyJhIjoxfQp0d28=","id_b64":"Nw=="}
{"type_b64":"bWVzc2FnZQ==","data_b64":"eA==","id_b64":"Nw=="}' 'base64'
for order in '--json --base64' '--base64 --json'; do
    # The words of one command line.
    # shellcheck disable=SC2086
    is "$(prints 'data: x\n\n' $order)" \
        '{"type_b64":"bWVzc2FnZQ==","data_b64":"eA==","id_b64":""}' \
        "$order: the base64 form of JSON"
done
is "$(prints "$stream" --trace)" \
    '{"type":"add","data":"{\"a\":1}\ntwo","id":"7"}
{"comment":" c"}
{"field":"foo","value":"bar"}
{"retry":12}
{"type":"message","data":"x","id":"7"}
{"final_id":"9"}' 'trace'
is "$(prints "$stream" --trace --base64)" \
    '{"type_b64":"YWRk","data_b64":"eyJhIjoxfQp0d28=","id_b64":"Nw=="}
{"comment_b64":"IGM="}
{"field_b64":"Zm9v","value_b64":"YmFy"}
{"retry":12}
{"type_b64":"bWVzc2FnZQ==","data_b64":"eA==","id_b64":"Nw=="}
{"final_id_b64":"OQ=="}' 'trace and base64'
is "$(prints "$stream")" "add${tab}7${tab}{\"a\":1}
${tab}${tab}two
message${tab}7${tab}x" 'plain, in a pipe'
is "$(prints '' --trace)" '{"final_id":""}' 'an empty stream has a final id'
is "$(prints '' --trace --base64)" '{"final_id_b64":""}' \
    'an empty stream has a final id in base64'
is "$(prints '')" '' 'an empty stream prints nothing'

# Bytes that JSON cannot hold: one U+FFFD for each maximal subpart.
is "$(prints 'data: \377a\360\237\230b\342\202\n\n' --json)" \
    "$(printf '{"type":"message","data":"\357\277\275a\357\277\275b\357\277\275","id":""}')" \
    'ill-formed bytes become U+FFFD in JSON'
is "$(prints 'data: \355\240\200\300\200\n\n' --json)" \
    "$(printf '{"type":"message","data":"\357\277\275\357\277\275\357\277\275\357\277\275\357\277\275","id":""}')" \
    'surrogates and overlong forms: one U+FFFD a byte'
is "$(prints 'data: \377a\n\n' --base64)" \
    '{"type_b64":"bWVzc2FnZQ==","data_b64":"/2E=","id_b64":""}' \
    'base64 keeps the exact bytes'
is "$(prints 'event: \001\ndata: a\tb\177\\"\ndata: \000\n\n' --json)" \
    "$(printf '{"type":"\\u0001","data":"a\\tb\177\\\\\\"\\n\\u0000","id":""}')" \
    'control characters are escaped'
is "$(prints 'id: \360\237\230\200\ndata: \342\202\254\n\n' --json)" \
    "$(printf '{"type":"message","data":"\342\202\254","id":"\360\237\230\200"}')" \
    'characters stay as they are'
is "$(prints ':\n:  two\n:a:b\n' --trace)" \
    '{"comment":""}
{"comment":"  two"}
{"comment":"a:b"}
{"final_id":""}' 'comments are printed untouched'
is "$(prints 'retry: 18446744073709551615\nretry:18446744073709551616\nretry:007\n' --trace)" \
    '{"retry":18446744073709551615}
{"retry":7}
{"final_id":""}' 'reconnection times of 64 bits'
is "$(prints '\357\273\277data: a\r\rdata: b\r\n\r\ndata\n\ndata:\n\nevent: x\n\n')" \
    "message${tab}${tab}a
message${tab}${tab}b
message${tab}${tab}
message${tab}${tab}" 'line ends, byte order mark, empty data'
is "$(prints 'event: a\tb\nid: \033[2J\ndata: a\tb\n\n')" \
    "a\\x09b${tab}\\x1b[2J${tab}a${tab}b" \
    'plain: type and id cannot break the columns'

# Limits and conditions.
many='data: 1\n\nevent: stop\ndata: 2\n\ndata: 3\n\n'
is "$(prints "$many" --json --max-events 2 | wc -l | tr -d ' ')" 2 \
    '--max-events'
is "$(cat "$TMPDIR/err")" 'sse: 2 events, as asked for' '--max-events: why'
is "$(prints "$many" --json --until-type stop | tail -n 1)" \
    '{"type":"stop","data":"2","id":""}' '--until-type prints that event'
is "$(prints "$many" --json --until-data 1)" \
    '{"type":"message","data":"1","id":""}' '--until-data prints that event'
is "$(prints "$many" --json --until-data '' | wc -l | tr -d ' ')" 3 \
    '--until-data wants exactly this data'
is "$(prints 'data:\n\ndata: x\n\n' --json --until-data= | wc -l | tr -d ' ')" \
    1 '--until-data of an empty event'
is "$(prints 'id: 1\ndata: a\n\nid: 2\ndata: b\n\n' --trace --max-events 1 |
    tail -n 1)" '{"final_id":"1"}' 'the final id is that of the last event read'
is "$(prints 'data: a\n\nid\ndata: b\n\n' --trace --last-event-id 'x y')" \
    '{"type":"message","data":"a","id":"x y"}
{"type":"message","data":"b","id":""}
{"final_id":""}' '--last-event-id'

# Each event is handed over by itself, at once.
mkfifo "$TMPDIR/in" "$TMPDIR/out"
"$sse" cat --json "$TMPDIR/in" >"$TMPDIR/out" 2>/dev/null &
exec 9<"$TMPDIR/out" 8>"$TMPDIR/in"
printf 'data: 1\n\r' >&8
read -r line <&9
is "$line" '{"type":"message","data":"1","id":""}' \
    'an event is printed on the byte that completes it'
printf 'data: 2\n\n' >&8
read -r line <&9
is "$line" '{"type":"message","data":"2","id":""}' 'and so is the next'
exec 8>&- 9<&-
wait

# On a terminal, where there is a way to make one.
if command -v script >/dev/null && script -qec true /dev/null >/dev/null 2>&1
then
    printf 'event: add\nid: 7\ndata: a\033b\ndata: c\n\ndata: d\n\n' \
        >"$TMPDIR/t.sse"
    # The command is read by a shell, to which paths go as variables.
    on_terminal() {
        SSE=$sse FILE=$TMPDIR/t.sse script -qec \
            "env TERM=xterm $* \"\$SSE\" cat \"\$FILE\" 2>/dev/null" \
            /dev/null </dev/null | tr -d '\r'
    }
    esc=$(printf '\033')
    is "$(on_terminal NO_COLOR=1)" 'add      7  a\x1bb
            c
message     d' 'terminal: columns, control characters made visible'
    like "$(on_terminal NO_COLOR=)" "*${esc}\[1;36madd${esc}\[0m  *" \
        'terminal: colour'
    is "$(on_terminal TERM=dumb | tr -d '[:print:]\n')" '' \
        'terminal: no colour on a dumb one'
else
    skip 'terminal' 'no script(1) here'
fi
done_testing
