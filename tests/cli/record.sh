# record.sh - `sse record`: what is kept of a stream, and that replaying it
# gives the stream again.
#
# SPDX-License-Identifier: MIT
. "${TOP:-.}/tests/support/tap.sh"

sse=$BUILD/bin/sse
cases=$TOP/tests/cases
cd "$TMPDIR" || exit 1

# All cases: record, replay, cat prints what cat prints of the file itself.
differing='' count=0
for file in "$cases"/*.sse; do
    "$sse" record -o tape - <"$file" 2>err
    recorded=$?
    "$sse" replay tape 2>err >again
    "$sse" cat --trace --base64 "$file" >want 2>err
    wanted=$?
    "$sse" cat --trace --base64 again >got 2>err
    if ! cmp -s again "$file" || ! cmp -s got want ||
        [ "$recorded" -ne "$wanted" ]; then
        differing="$differing ${file##*/}"
    fi
    count=$((count + 1))
done
is "$differing" '' "record, replay, cat: as cat of the file ($count files)"

# Pieces and their times.
mkfifo pipe
rm -f tape
{
    printf 'data: 1\n'
    wait_until 60 grep -q 'data: 1' tape
    sleep 0.3
    printf '\ndata: 2\n\n'
} >pipe &
"$sse" record pipe >tape 2>err
is "$?:$(cat err)" '0:sse: end of file' 'a pipe'
wait
is "$(sed 's/^@[0-9]*/@T/' tape)" 'sse-record 1
source: pipe

@T 8
data: 1

@T 10

data: 2


@T end' 'a recording: pieces as they came'
is "$(awk '/^@[0-9]* 8$/ { a = substr($1, 2) } /^@[0-9]* 10$/ {
    print (substr($1, 2) - a >= 200000) }' tape)" 1 'a recording: their times'

# A recording given to cat, as a file or in pieces.
"$sse" cat tape >out 2>err
is "$?:$(cat out err)" '1:sse: tape is a recording; `sse replay --speed 0 tape '\
'| sse cat` prints its events' 'cat of a recording says what it is'
mkfifo begun
"$sse" cat --trace <begun >out 2>err &
exec 8>begun
printf 'sse-re' >&8
printf 'cord 1\n' >&8
exec 8>&-
wait "$!"
is "$?:$(cat out)" '1:{"final_id":""}' 'cat of one in a pipe'
like "$(cat err)" 'sse: standard input is a recording; `sse replay *0 - |*' \
    'cat of one in a pipe: reason'
for first in sse-recorder sse-record sse; do
    printf '%s\ndata: a\n\nsse-record 1\n\n' "$first" >stream
    is "$("$sse" cat stream 2>err):$(cat err)" \
        "$(printf 'message\t\ta'):sse: end of file" "$first is no recording"
done

# Limits and ends.
# ends CODE REASON LAST NAME ARGUMENTS...: of `sse record`, and the last line
# of the recording.
ends() {
    code=$1 reason=$2 last=$3 name=$4
    shift 4
    "$sse" record -o tape "$@" >out 2>err
    is "$?" "$code" "$name: exit code"
    like "$(tail -n 1 err)" "sse: $reason" "$name: reason"
    is "$(tail -n 1 tape | cut -d ' ' -f 2)" "$last" "$name: last record"
}
printf 'data: 1\n\ndata: 2\n' >cut.sse
printf 'id: 1\ndata: 1\n\nid: 2\ndata: 2\n\n' >ids.sse
ends 3 '*in the middle of an event' end 'an event cut short' cut.sse
ends 0 '5 bytes, as asked for' stopped '--max-bytes' --max-bytes 5 cut.sse
is "$("$sse" replay tape 2>err)" data: '--max-bytes: no more than that'
sleep 60 >pipe &
sleeper=$!
ends 0 'the time asked for is over' stopped '--max-time' --max-time 200 pipe
kill "$sleeper"
wait
"$sse" record missing >out 2>err
is "$?" 1 'no such file'
like "$(cat err)" 'sse: missing: No such file or directory (a URL *' \
    'no such file: reason'
"$sse" record -o dir/tape cut.sse >out 2>err
is "$?" 1 'no such folder'
cp ids.sse same
ln same link
for arguments in 'same same' 'link same' 'same -'; do
    # The words of one command line.
    # shellcheck disable=SC2086
    "$sse" record -o $arguments <same >out 2>err
    is "$?:$(cat err)" \
        "2:sse: record: ${arguments%% *} is the input, too" \
        "onto itself: -o $arguments"
done
is_file same ids.sse 'onto itself: nothing is lost'
# A recording of nothing is no file.
"$sse" record -o new missing 2>err
is "$?:$(find . -name new)" 1: 'no such file: nothing is left behind'
"$sse" record -o new new 2>err
is "$?:$(find . -name new)" 2: 'a new file onto itself: nothing is left behind'
"$sse" record -o new --max-time 100 pipe 2>err &
recorder=$!
exec 8>pipe
wait "$recorder"
is "$?:$(tail -n 1 new | cut -d ' ' -f 2)" 0:stopped \
    'silence is recorded, too'
exec 8>&-
ln -s nowhere dangling
"$sse" record -o dangling missing 2>err
is "$?:$(find . -name dangling)" 1:./dangling \
    'what was there already stays'
if [ -w /dev/full ]; then
    "$sse" record -o /dev/full cut.sse 2>err
    is "$?:$(cat err)" \
        '1:sse: writing the output: No space left on device' 'a full disk'
fi
"$sse" record -o tape pipe 2>err &
recorder=$!
exec 8>pipe
printf 'data: 1\n\n' >&8
wait_until 60 grep -q data tape
kill -s INT "$recorder"
wait "$recorder"
is "$?:$(cat err):$(tail -n 1 tape | cut -d ' ' -f 2)" \
    '130:sse: interrupted:stopped' 'SIGINT'
exec 8>&-
# A terminal that is closed is no reason to lose the end; nohup is obeyed.
# shellcheck disable=SC2016
if [ -n "$(sh -c 'kill -s HUP $$; echo ignored' 2>/dev/null)" ]; then
    skip SIGHUP 'it is ignored here'
else
    "$sse" record -o tape pipe 2>err &
    recorder=$!
    exec 8>pipe
    printf 'data: 1\n\n' >&8
    wait_until 60 grep -q data tape
    kill -s HUP "$recorder"
    wait "$recorder"
    is "$?:$(tail -n 1 tape | cut -d ' ' -f 2)" 129:stopped SIGHUP
    exec 8>&-
fi
(trap '' HUP && exec "$sse" record -o tape pipe 2>err) &
recorder=$!
exec 8>pipe
printf 'data: 1\n\n' >&8
wait_until 60 grep -q data tape
kill -s HUP "$recorder"
exec 8>&-
wait "$recorder"
is "$?:$(tail -n 1 tape | cut -d ' ' -f 2)" 0:end 'SIGHUP that is ignored'
for arguments in '-H a:b cut.sse' '--max-bytes 0 cut.sse' 'a b' --dog \
    '--max-time x' 'ftp://x/'; do
    # The words of one command line.
    # shellcheck disable=SC2086
    "$sse" record $arguments >out 2>err
    is "$?" 2 "wrong: $arguments"
    like "$(cat err)" 'sse: record: *' "wrong: $arguments: reason"
done

if [ ! -f "$BUILD/lib/libsse-curl.a" ]; then
    skip 'recording URLs' 'there is no libcurl'
    done_testing
fi
# serve ARGUMENTS...: something to record from.
serve() {
    : >url
    "$sse" replay --listen 127.0.0.1:0 --max-conns 1 "$@" >url 2>served &
    server=$!
    wait_until 60 grep -q . url
    url=$(cat url)
}
serve -v -H 'X-Request: 7' -H 'Set-Cookie: secret' ids.sse
ends 0 'the stream ended' end 'a URL' -H 'A: b' --last-event-id 1 -d '{}' \
    "$(echo "$url" | sed 's|//|//me:secret@|')"
wait "$server"
like "$(cat served)" '\* POST /, body of 2 bytes, Last-Event-ID: 1*' \
    'a URL: the request is the one asked for'
like "$(cat tape)" "*source: $url
status: 200
header: Content-Type: text/event-stream
*header: X-Request: 7
*" 'a URL: status and headers are kept'
is "$(grep -c secret tape)" 0 'a URL: neither cookies nor credentials'
is "$("$sse" replay tape 2>err | tr '\n' ,)" 'id: 2,data: 2,,' \
    'a URL: the stream is kept'
serve --cut event:1 ids.sse
ends 1 '*' cut 'a cut connection' "$url"
wait "$server"
is "$("$sse" replay tape 2>err | tr '\n' ,):$(cat err)" \
    'id: 1,data: 1,,:sse: the recorded connection was cut here' \
    'a cut connection: what came is kept'
serve --status 429 -H 'Retry-After: 7' cut.sse
ends 1 'HTTP status 429*' end 'an error' "$url"
wait "$server"
serve tape
"$sse" cat --no-reconnect -v "$url" >out 2>err
is "$?" 1 'an error replayed is an error'
like "$(cat err)" '*< HTTP/1.1 429*< Retry-After: 7*' \
    'an error replayed: status and headers'
wait "$server"
serve --html
ends 1 'status 200, but no text/event-stream*' end 'a page' "$url"
wait "$server"
serve --stall event:1 ids.sse
ends 1 '*silent*' cut '--idle-timeout' --idle-timeout 1000 "$url"
wait "$server"
serve ids.sse
kill "$server"
wait
"$sse" record -o tape "$url" 2>err
is "$?" 1 'nobody listens'
isnt "$(cat err)" '' 'nobody listens: reason'
is "$(tail -n 1 tape | cut -d ' ' -f 2)" cut \
    'nobody listens: the recording before is kept'
rm -f new
"$sse" record -o new "$url" 2>err
is "$?:$(find . -name new)" 1: 'nobody listens: no file is left behind'
done_testing
