# replay_serve.sh - `sse replay --listen`: each fault is seen by `sse cat`
# with its exit code and its reason; readers come back where they were.
#
# SPDX-License-Identifier: MIT
. "${TOP:-.}/tests/support/tap.sh"

sse=$BUILD/bin/sse
cd "$TMPDIR" || exit 1
printf 'id: 1\ndata: a\n\nid: 2\ndata: b\n\nid: 3\ndata: c\n\n' >ids.sse
printf 'data: a\n\ndata: [DONE]\n\n' >done.sse

# serve ARGUMENTS...: starts a server and waits for its URL.
serve() {
    : >url
    "$sse" replay --listen 127.0.0.1:0 "$@" >url 2>served &
    server=$!
    wait_until 60 grep -q . url
    url=$(cat url)
}
# ends CODE REASON DATA NAME ARGUMENTS...: what `sse cat` makes of it, and
# that the server ended by itself.
ends() {
    code=$1 reason=$2 data=$3 name=$4
    shift 4
    name="$transport: $name"
    "$sse" cat --transport "$transport" --json "$@" "$url" >out 2>err
    is "$?" "$code" "$name: exit code"
    like "$(tail -n 1 err)" "sse: $reason" "$name: reason"
    is "$(sed 's/.*"data":"\([^"]*\)".*/\1/' out | tr '\n' ' ')" "$data" \
        "$name: events"
    wait "$server"
    is "$?" 0 "$name: the server ends after --max-conns"
}
one=--no-reconnect

for transport in curl sock; do
    if [ "$transport" = curl ] && [ ! -f "$BUILD/lib/libsse-curl.a" ]; then
        skip 'replaying to sse cat over curl' 'there is no libcurl'
        continue
    fi
    serve --max-conns 1 ids.sse
    like "$url" 'http://127.0.0.1:[1-9]*/' 'the URL is the first line'
    ends 0 'the stream ended*' 'a b c ' 'the whole stream' $one
    is "$(cat served)" 'sse: 1 request answered, as asked for' \
        'the last line on stderr says why'
    serve --max-conns 1 --crlf --chunk 1 ids.sse
    ends 0 'the stream ended*' 'a b c ' 'CRLF, a byte at a time' $one
    serve --max-conns 1 ids.sse
    ends 0 'the stream ended*' 'a b c ' 'a POST' -d '{}'
    serve --max-conns 1 --cut event:2 ids.sse
    ends 1 '*' 'a b ' 'a cut' $one
    serve --max-conns 1 --cut 20 ids.sse
    ends 1 '*' 'a ' 'a cut within an event' $one
    serve --max-conns 1 --reset event:2 ids.sse
    ends 1 '*reset*' 'a b ' 'a reset' $one
    serve --max-conns 1 --end 20 ids.sse
    ends 3 '*in the middle of an event' 'a ' 'an end within an event' $one
    serve --max-conns 1 --end event:-1 done.sse
    ends 0 'the stream ended*' 'a ' 'no final mark' $one --until-data '[DONE]'
    serve --max-conns 1 --stall event:1 ids.sse
    ends 1 '*silent*' 'a ' 'a stall for good' $one --idle-timeout 1000
    serve --max-conns 1 --stall event:1,300 ids.sse
    ends 0 'the stream ended*' 'a b c ' 'a stall that ends' $one \
        --idle-timeout 20000
    serve --max-conns 1 --html
    ends 1 'media type text/html*' '' 'a page with status 200' $one
    like "$(cat err)" '*<!DOCTYPE html>*' 'a page with status 200: shown'
    serve --max-conns 1 --status 404 ids.sse
    ends 1 'HTTP status 404*' '' 'an error status'
    serve --max-conns 1 --status 204 ids.sse
    ends 0 '*' '' 'no content'
    serve --max-conns 1 -H 'Content-Type: text/event-stream; charset=utf-8' \
        -H 'X-Custom: yes' ids.sse
    ends 0 '*' 'a b c ' 'headers' $one -v
    like "$(cat err)" '*< X-Custom: yes*' 'headers: sent'

    # Faults that pass.
    serve --max-conns 2 --status 503 -H 'Retry-After: 1' --faults 1 ids.sse
    ends 0 '*' 'a b c ' 'an error with Retry-After, then the stream' \
        --retry-ms 10 --max-events 3 -v
    like "$(cat err)" '*waiting [1-9][0-9][0-9][0-9] ms: HTTP status 503*' \
        'an error with Retry-After: waited for'
    serve --max-conns 2 --status 429 -H 'Retry-After: 0' --faults 1 done.sse
    ends 0 '*' 'a [DONE] ' 'a 429, then the stream' --retry-ms 10 \
        --until-data '[DONE]'

    # Coming back.
    serve --max-conns 3 --cut event:1 ids.sse
    ends 0 '*' 'a b c ' 'behind the last event, then nothing more' \
        --retry-ms 10 -v
    like "$(cat err)" '*204*' 'behind the last event: the end is a 204'
    serve --max-conns 2 --cut event:2 --ignore-last-event-id ids.sse
    ends 0 '*' 'a b a ' 'from the beginning' --retry-ms 10 --max-events 3
    serve --max-conns 1 ids.sse
    ends 0 '*' 'a b c ' 'an unknown id' $one --last-event-id 7
    serve --max-conns 1 ids.sse
    ends 0 '*' 'c ' 'a known id' $one --last-event-id 2
done
serve --loop ids.sse
"$sse" cat --transport sock --json --max-events 7 "$url" >out 2>err
is "$(wc -l <out | tr -d ' ')" 7 'a loop'
kill -s INT "$server"
wait "$server"
is "$?:$(cat served)" '130:sse: interrupted' 'SIGINT ends the server'
serve ids.sse
kill -s TERM "$server"
wait "$server"
is "$?:$(cat served)" '0:sse: ended by SIGTERM' \
    'SIGTERM ends it with status 0, as it does sse serve'

# Several readers at a time, each at his own place.
serve --max-conns 4 --gap 20 ids.sse
readers=
for i in 1 2 3 4; do
    "$sse" cat --transport sock --json --no-reconnect "$url" >"out$i" \
        2>/dev/null &
    readers="$readers $!"
done
for reader in $readers; do
    wait "$reader"
done
wait "$server"
is "$?:$(cat out1 out2 out3 out4 | sort | uniq -c | awk '{ print $1 }' |
    tr '\n' ' ')" '0:4 4 4 ' 'readers side by side'

# A reader of the output that leaves while the stream is silent.
for transport in curl sock; do
    if [ "$transport" = curl ] && [ ! -f "$BUILD/lib/libsse-curl.a" ]; then
        skip 'a reader that leaves, over curl' 'there is no libcurl'
        continue
    fi
    serve --max-conns 1 --stall event:1 ids.sse
    {
        timeout 60 "$sse" cat --transport "$transport" "$url" 2>err
        echo "$?" >code
    } | head -n 1 >out
    is "$(cat code):$(cat err)" '0:sse: the reader of the output is gone' \
        "$transport: a reader that leaves is noticed in silence"
    wait "$server"
    is "$?" 0 "$transport: and the connection is closed"
done

# A recording may hold headers that cannot be sent.
printf 'sse-record 1\nstatus: 200\nheader: a b: c\n\n@1 end\n' >odd
serve --max-conns 1 odd
"$sse" cat --transport sock --no-reconnect "$url" >out 2>err
is "$?:$(tail -n 1 err)" '1:sse: HTTP status 500' \
    'a recorded header that is none is answered all the same'
wait "$server"
like "$(cat served)" 'sse: *cannot*1 request answered*' 'and told'
serve --listen localhost:0 --max-conns 1 ids.sse
like "$url" 'http://127.0.0.1:[1-9]*/' 'localhost to listen on'
transport=sock
ends 0 '*' 'a b c ' 'localhost to listen on' $one

# The command line.
# wrong PATTERN NAME ARGUMENTS...
wrong() {
    pattern=$1 name=$2
    shift 2
    timeout 20 "$sse" replay "$@" </dev/null >out 2>err
    is "$?" 2 "$name: exit code"
    like "$(cat err)" "sse: replay: $pattern" "$name: reason"
}
wrong '--speed wants *"fast"' 'a speed that is none' --speed fast ids.sse
wrong '--cut wants a place*"x"' 'a place that is none' --cut x ids.sse
wrong '--end wants a place*"event:"' 'a place without a number' \
    --end event: ids.sse
wrong '--stall wants a place*' 'a bad stall' --stall 1,x ids.sse
wrong '--chunk wants *"0"' 'no bytes at a time' --chunk 0 ids.sse
wrong '--status wants *"99"' 'a status that is none' --status 99 \
    --listen 127.0.0.1:0 ids.sse
wrong '--status is for --listen' 'a status without a server' --status 503 \
    ids.sse
for place in :8080 127.0.0.1 127.0.0.1:65536 '[]:0' 127.0.0.1:+1; do
    wrong "--listen wants *\"$place\"" "no place to listen: $place" \
        --listen "$place" ids.sse
done
wrong '--header wants *' 'a bad header' --listen 127.0.0.1:0 -H x ids.sse
for bad in 'a b: c' "$(printf 'a: b\001')" "$(printf 'a: b\r\nc: d')"; do
    wrong '--header wants *' 'a header that is none' --listen 127.0.0.1:0 \
        -H "$bad" ids.sse
done
wrong '--html is the answer itself*' 'a page and a file' \
    --listen 127.0.0.1:0 --html ids.sse
wrong 'one recording at a time*' 'two files' ids.sse done.sse
for place in nowhere:0 example.com:80 ::1:0 '[127.0.0.1]:0' 127.1:0; do
    wrong '--listen wants an address in numbers*' \
        "no address in numbers: $place" --listen "$place" ids.sse
done
"$sse" replay --listen 192.0.2.1:0 ids.sse >out 2>err
like "$?:$(cat err)" '1:sse: 192.0.2.1:0: *' 'an address that is not ours'
if [ -w /dev/full ]; then
    "$sse" replay --listen 127.0.0.1:0 ids.sse >/dev/full 2>err
    is "$?:$(cat err)" '1:sse: writing the output: No space left on device' \
        'a URL that nobody gets to know'
else
    skip 'a URL that nobody gets to know' 'there is no /dev/full'
fi
done_testing
