# check.sh - `sse check`: each finding with its line and byte, exit codes, and
# that it does not matter how the stream was cut.
#
# SPDX-License-Identifier: MIT
. "${TOP:-.}/tests/support/tap.sh"

sse=$BUILD/bin/sse
cd "$TMPDIR" || exit 1

# finds NAME INPUT EXIT WANT: level, code, line and byte of all findings in a
# printf format.
finds() {
    # The format is the input.
    # shellcheck disable=SC2059
    printf "$2" >in
    "$sse" check --json in >out 2>err
    is "$?" "$3" "$1: exit code"
    is "$(tr -d '{}"' <out | awk -F '[:,]' '$1 == "level" {
        print $2, $4, $6, $8 }' | tr '\n' ,)" "$4" "$1"
}

finds 'a clean stream' \
    ': c\nid: 1\nevent: a\ndata: b\n\nretry: 10\n\ndata: c\n\n' 0 ''
is "$(cat err)" 'sse: no errors' 'a clean stream: reason'
is "$(tail -n 1 out)" '{"summary":{"bytes":48,"events":2,'\
'"comments":1,"lf":9,"cr":0,"crlf":0,"errors":0,"notes":0}}' \
    'a clean stream: summary'
finds 'an empty stream' '' 0 'note empty 1 0,'
finds 'a byte order mark' '\357\273\277data: a\n\n' 0 'note bom 1 0,'
finds 'a second one' '\357\273\277\357\273\277data: a\n\n' 1 \
    'error near-field 1 0,note bom 1 0,'
finds 'CRLF' 'data: a\r\n\r\n' 0 'note line-end 1 0,'
finds 'CR' 'data: a\r\rdata: b\r\r' 0 'note line-end 1 0,'
finds 'CR last' ': a\r' 0 'note line-end 1 0,'
finds 'mixed line ends' 'data: a\n\ndata: b\r\n\rdata: c\n\n' 0 \
    'note line-end 3 9,'
finds 'a name in the wrong case' 'Data: a\n\n' 1 'error near-field 1 0,'
finds 'white space behind a name' ': x\ndata : a\n\n' 1 'error near-field 2 4,'
finds 'white space in front of one' ' data: a\n\n' 1 'error near-field 1 0,'
finds 'a slip of the pen' 'evnt: a\ndata: b\n\nretyr: 1\n\n' 1 \
    'error near-field 1 0,error near-field 4 17,'
finds 'a failure in a field' 'error: {"code":500}\n\n' 1 \
    'error near-field 1 0,'
finds 'a field of somebody else' 'foo: bar\ndata: a\n\n' 0 \
    'note unknown-field 1 0,'
finds 'a short name is not guessed at' 'if: 1\nda: 2\n\n' 0 \
    'note unknown-field 1 0,note unknown-field 2 6,'
finds 'no colon' 'data\n\n' 0 'note no-colon 1 0,note empty-data 1 0,'
finds 'text' 'data: a\nmore\n\n' 1 'error text 2 8,'
finds 'the size of a chunk' '1f\ndata: a\n\n' 1 'error text 1 0,'
like "$(cat out)" '*HTTP chunk*' 'the size of a chunk: named'
finds 'a recording' 'sse-record 1\n\n@0 end\n' 1 \
    'error text 1 0,error text 3 14,'
like "$(cat out)" '*sse replay*' 'a recording: named'
finds 'a line of white space' 'data: a\n  \n\n' 1 'error text 2 8,'
finds 'JSON' 'data: {}\n\n{"error":1}\n\n' 1 'error json 3 10,'
finds 'JSON without a line end' '{"error":1}' 1 \
    'error json 1 0,error unfinished 1 0,'
finds 'HTML' '<html>\n' 1 'error html 1 0,'
finds 'a NUL in an id' 'id: a\000b\ndata: c\n\n' 1 \
    'note nul 1 5,error id-nul 1 0,'
finds 'a NUL in data' 'data: a\n\ndata: b\000\000\n\n' 0 'note nul 3 16,'
finds 'retry: no digits' 'data: a\nretry: 1s\n\n' 1 'error retry 2 8,'
like "$(cat out)" '*not digits alone*' 'retry: no digits: why'
finds 'retry: overflow' 'retry: 18446744073709551616\n\n' 1 \
    'error retry 1 0,'
like "$(cat out)" '*beyond 64 bits*' 'retry: overflow: why'
finds 'retry: nothing' 'retry\ndata: a\n\n' 1 \
    'error retry 1 0,note no-colon 1 0,'
like "$(cat out)" '*without a value*' 'retry: nothing: why'
finds 'retry: zero and for ever' 'retry: 0\nretry:99999999999\ndata: a\n\n' 0 \
    'note retry-value 1 0,note retry-value 2 9,'
finds 'empty data' 'data: a\n\ndata:\n\n' 0 'note empty-data 3 9,'
finds 'no data' 'data: a\n\nevent: x\n\n' 0 'note no-data 3 9,'
finds 'a reconnection time and comments alone' \
    ': a\nretry:10\n: b\n\nretry: 10\n\n' 0 ''
finds 'a reconnection time, and a field without data' \
    'retry: 10\nid: 1\n\nid: 2\nretry: 10\n\n' 0 \
    'note no-data 1 0,note no-data 4 17,'
finds 'ill-formed UTF-8' 'data: a\n\ndata: \342\202b\377\n\n' 1 \
    'error utf-8 3 15,'
finds 'UTF-8 cut by a line end' \
    'data: \360\237\230\ndata: \360\237\230\200\n\n' 1 \
    'error utf-8 1 6,'
finds 'surrogates' 'data: \355\240\200\n\n' 1 'error utf-8 1 6,'
finds 'an event without its blank line' 'data: a\n\nid: 1\ndata: b\n' 3 \
    'error unfinished 3 9,'
is "$(cat err)" 'sse: in ends in the middle of an event' \
    'an event without its blank line: reason'
finds 'an event without its line end' 'data: a' 3 'error unfinished 1 0,'
finds 'no line end behind a comment' 'data: a\n\n: b' 0 'note last-line 3 9,'
finds 'unfinished, and more' 'Data: b\ndata: a\n' 1 \
    'error near-field 1 0,error unfinished 1 0,'

# Long things, in bounded memory.
long() {
    head -c "$1" /dev/zero | tr '\0' "${2:-x}"
}
{ printf 'data: '; long 70000; printf '\n\n'; } >long.sse
"$sse" check long.sse >out 2>err
is "$?" 0 'a long line: exit code'
like "$(cat out)" 'long.sse, line 1, byte 0: note: a line of 70006 bytes;*' \
    'a long line'
{ printf 'data: a\n\nid: '; long 2000; printf '\ndata: a\n\n'; } >long.sse
like "$("$sse" check long.sse 2>err)" '*byte 9: note: an id of 2000 bytes;*' \
    'a large id'
{ printf 'data: a\nid: '; long 70000; printf '\n\n'; } >long.sse
"$sse" check long.sse >out 2>err
is "$?" 1 'a very long id: exit code'
like "$(cat out)" '*byte 8: error: an id of 70000 bytes *' 'a very long id'
{ printf 'event: '; long 70000; printf '\ndata: a\n\n'; } >long.sse
like "$("$sse" check long.sse 2>err)" '*error: an event type of more than*' \
    'a very long type'
{ long 200000 D; printf ': a\n'; } >long.sse
like "$("$sse" check long.sse 2>err)" '*byte 0: note: "DDD*' \
    'a very long field'
# Where sh has no such limit, it says so.
# shellcheck disable=SC3045
if (ulimit -v 60000) 2>/dev/null && case ${SAN_FLAGS:-} in *-fsanitize*) false
    esac; then
    { printf 'data: '; long 100000000; printf '\n\n'; } |
        (ulimit -v 60000 && "$sse" check >out 2>err)
    like "$(tail -n 1 out)" 'standard input: 100000008 bytes, events 1,*' \
        'an event of 100 MB in bounded memory'
else
    skip 'an event of 100 MB in bounded memory' 'no limit can be set here'
fi

# Many of a kind.
i=0
while [ "$i" -lt 25 ]; do
    echo "foo: $i"
    i=$((i + 1))
done >many.sse
is "$("$sse" check many.sse 2>err | grep -c unknown-field)" 10 \
    'ten of a kind are shown'
like "$("$sse" check many.sse 2>err)" '*more like this*notes 25' \
    'and all are counted'
is "$("$sse" check --all many.sse 2>err | grep -c unknown-field)" 25 \
    'all of them under --all'

# However it is cut.
printf '%b' '\0357\0273\0277data: a\r\ndata\nData: x\nid: a\0000b\n' \
    'retry: 1x\n\ndata: \0342\0202\0377\0360\0237\0230\0200\r\r' \
    'foo\n{}\n\n: c\rdata: e' >odd.sse
"$sse" check --json odd.sse >want 2>err
mkfifo pipe
"$sse" replay --chunk 1 --gap 1 odd.sse >pipe 2>err &
"$sse" check --json pipe >got 2>err
wait
is_file got want 'the same findings byte by byte'
differing=''
for file in "$TOP"/tests/cases/[eru]*.sse; do
    "$sse" check "$file" >out 2>err
    code=$?
    "$sse" cat "$file" >/dev/null 2>err
    cat=$?
    # Where cat ends within an event, so does check; with other errors, 1.
    case $cat$code in
    00 | 01 | 33 | 31) ;;
    *) differing="$differing ${file##*/}" ;;
    esac
done
is "$differing" '' 'check and cat agree on which cases are cut short'

# Limits, and the command line.
printf 'data: a\n\nData: b\n\ndata: c\n\nData: d\n' >limit.sse
"$sse" check --max-events 1 limit.sse >out 2>err
is "$?" 0 '--max-events'
"$sse" check --max-bytes 12 limit.sse >out 2>err
is "$?" 0 '--max-bytes'
"$sse" check missing >out 2>err
is "$?" 1 'no such file'
for arguments in '-H a:b limit.sse' '--max-events 0 limit.sse' 'a b' --dog; do
    # The words of one command line.
    # shellcheck disable=SC2086
    "$sse" check $arguments >out 2>err
    is "$?" 2 "wrong: $arguments"
    like "$(cat err)" 'sse: check: *' "wrong: $arguments: reason"
done
if [ -w /dev/full ]; then
    "$sse" check limit.sse >/dev/full 2>err
    is "$?:$(cat err)" \
        '1:sse: writing the output: No space left on device' 'a full disk'
fi
"$sse" check pipe >out 2>err &
pid=$!
exec 8>pipe
printf 'Data: a\n' >&8
wait_until 60 grep -q near-field out
is "$?" 0 'a finding is shown at once'
kill -s INT "$pid"
wait "$pid"
is "$?:$(cat err)" '130:sse: interrupted' 'SIGINT'
exec 8>&-

if [ ! -f "$BUILD/lib/libsse-curl.a" ]; then
    skip 'checking URLs' 'there is no libcurl'
    done_testing
fi
# answers NAME EXIT WANT ARGUMENTS...: codes found in an answer of sse replay.
answers() {
    name=$1 want_exit=$2 want=$3
    shift 3
    : >url
    "$sse" replay --listen 127.0.0.1:0 --max-conns 1 "$@" >url 2>served &
    server=$!
    wait_until 60 grep -q . url
    "$sse" check --json "$(cat url)" >out 2>err
    is "$?" "$want_exit" "$name: exit code"
    is "$(sed -n 's/.*"code":"\([^"]*\)".*/\1/p' out | tr '\n' ' ')" "$want" \
        "$name"
    wait "$server"
}
printf 'data: a\n\n' >good.sse
answers 'a good response' 0 '' good.sse
answers 'another media type' 1 'media-type ' -H 'Content-Type: text/plain' \
    good.sse
answers 'parameters, in any case' 0 '' \
    -H 'Content-Type: Text/Event-Stream;charset=UTF-8' good.sse
answers 'another character set' 1 'media-type ' \
    -H 'Content-Type: text/event-stream; charset=latin1' good.sse
answers 'a page' 1 'media-type length cache buffering ' --html
answers 'no hint to nginx' 0 'buffering ' -H 'X-Accel-Buffering: yes' good.sse
answers 'a cache' 0 'cache ' -H 'Cache-Control: max-age=5' good.sse
answers 'a proxy that transforms' 0 'cache ' -H 'Cache-Control: no-cache' \
    good.sse
gzip -c good.sse >good.gz
answers 'a content coding' 0 'coding ' -H 'Content-Encoding: gzip' good.gz
like "$(tail -n 1 out)" '*"bytes":9,"events":1,*' \
    'a content coding: what is in it'
answers 'a content coding that is none' 1 'coding empty ' \
    -H 'Content-Encoding: gzip' good.sse
answers 'a status' 1 'status ' --status 404 good.sse
answers 'no content' 1 'status ' --status 204 good.sse
answers 'a redirect' 1 'status ' --status 302 -H 'Location: /x' good.sse
like "$(cat out)" '*leads to /x*' 'a redirect: where to'
answers 'a cut connection' 1 'unfinished ' --cut 8 good.sse
like "$(cat err)" 'sse: ?*' 'a cut connection: reason'
done_testing
