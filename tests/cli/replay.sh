# replay.sh - `sse replay`: the bytes, the pace, the pieces, the places of
# faults, and recordings that are broken.
#
# SPDX-License-Identifier: MIT
. "${TOP:-.}/tests/support/tap.sh"

sse=$BUILD/bin/sse
cd "$TMPDIR" || exit 1

printf 'id: 1\ndata: a\n\nid: 2\ndata: b\n\nid: 3\ndata: c\n\n' >ids.sse
printf 'data: a\r\ndata: b\r\rdata: c\n\ndata: d' >mixed.sse
printf '%s\n' 'sse-record 1' 'source: -' 'unknown: x' 'status: 200' \
    'header: Content-Type: text/event-stream; charset=utf-8' '' '@100 8' \
    'data: 1' '' '@300200 9' 'data: 2' '' '' '@300300 end' >tape

# replays NAME WANT ARGUMENTS...: what goes to standard output, as printf
# shows it.
replays() {
    name=$1 want=$2
    shift 2
    "$sse" replay "$@" >out 2>err
    is "$?" 0 "$name: exit code"
    # The format is what is wanted.
    # shellcheck disable=SC2059
    printf "$want" >want
    is_file out want "$name"
}

replays 'a plain file' "$(sed 's/$/\\n/' ids.sse | tr -d '\n')" ids.sse
is "$(cat err)" 'sse: end of the stream' 'the last line on stderr says why'
"$sse" replay <mixed.sse >out 2>err
is_file out mixed.sse 'standard input, every line end as it is'
replays 'CRLF' 'data: a\r\ndata: b\r\n\r\ndata: c\r\n\r\ndata: d' --crlf \
    mixed.sse
for chunk in 1 2 7 1000; do
    replays "CRLF in chunks of $chunk" \
        'data: a\r\ndata: b\r\n\r\ndata: c\r\n\r\ndata: d' --crlf \
        --chunk "$chunk" mixed.sse
done
replays 'a recording' 'data: 1\ndata: 2\n\n' tape
replays 'a recording in chunks' 'data: 1\ndata: 2\n\n' --chunk 3 --speed 0 tape
: >empty
replays 'an empty file' '' empty

# Places.
first='id: 1\ndata: a\n\n' second='id: 2\ndata: b\n\n'
replays 'an end after bytes' 'id: 1\nda' --end 8 ids.sse
is "$(cat err)" 'sse: ended, as asked for' 'an end after bytes: why'
replays 'an end before the end' "$first${second}id: 3\\ndata:" --end -4 ids.sse
replays 'an end behind an event' "$first" --end event:1 ids.sse
replays 'an end without the final mark' "$first$second" --end event:-1 ids.sse
replays 'an end at the beginning' '' --cut event:0 ids.sse
is "$(cat err)" 'sse: cut, as asked for' 'a cut: why'
replays 'a place beyond the end' "$first${second}id: 3\\ndata: c\\n\\n" \
    --end event:9 ids.sse
replays 'the first of two ends' "$first" --reset event:1 --cut 20 ids.sse
is "$(cat err)" 'sse: reset, as asked for' 'the first of two ends: why'
replays 'places count the CRLF' 'data: a\r\ndata: b\r\n\r\n' --crlf \
    --end event:1 mixed.sse

# The pace.  Only lower bounds: a busy machine is late, never early.
now_ms() {
    date +%s%3N
}
# lasts NAME LEAST ARGUMENTS...: at least so many milliseconds.
lasts() {
    name=$1 least=$2
    shift 2
    from=$(now_ms)
    "$sse" replay "$@" >out 2>err
    took=$(($(now_ms) - from))
    is "$((took >= least))" 1 "$name ($took ms)"
}
case $(now_ms) in
*[!0-9]*) skip 'the pace' 'date(1) shows no milliseconds here' ;;
*)
    lasts 'a recording takes its time' 300 tape
    lasts 'half as fast takes twice as long' 600 --speed 0.5 tape
    lasts 'a gap in place of the recorded times' 200 --gap 100 tape
    lasts 'a gap between the events of a file' 150 --gap 50 ids.sse
    lasts 'a stall' 250 --stall event:1,250 ids.sse
    from=$(now_ms)
    sed 's/^@300/@60000/' tape >slow
    timeout 30 "$sse" replay --speed 1000 slow >out 2>err
    timeout 30 "$sse" replay --speed 0 slow >out 2>err
    # Two minutes if the speed were ignored.
    is "$(($(now_ms) - from < 30000))" 1 'faster, and without waiting' ;;
esac
mkfifo pipe
"$sse" replay --stall 3 ids.sse >pipe 2>err &
pid=$!
{
    dd bs=1 count=3 2>/dev/null
    kill -s INT "$pid"
    cat
} <pipe >out
wait "$pid"
is "$?:$(cat out):$(cat err)" '130:id::sse: interrupted' \
    'a stall for good ends with SIGINT'
"$sse" replay --loop ids.sse 2>err | head -n 99 >out
is "$(sort out | uniq -c | awk '{ print $1 }' | sort -u | tr '\n' ' ')" \
    '11 33 ' 'a loop begins anew, until its reader leaves'

# Recordings that are broken.
# broken NAME PATTERN: the file `bad`.
broken() {
    "$sse" replay bad >out 2>err
    is "$?" 1 "$1: exit code"
    like "$(cat err)" "sse: bad, byte $2" "$1"
}
printf 'sse-record 2\n\n@0 end\n' >bad
broken 'another version' \
    '0: a recording of a version *version 1'
printf 'sse-record 1' >bad
broken 'nothing but a first line' '0: *'
printf 'sse-record 1\nstatus: 200\n' >bad
broken 'an end within the head' '25: the recording ends within its head'
printf 'sse-record 1\nstatus: x\n\n@0 end\n' >bad
broken 'a bad status' '13: *'
printf 'sse-record 1\nheader: x\n\n@0 end\n' >bad
broken 'a bad header' '13: *'
printf 'sse-record 1\nnonsense\n\n@0 end\n' >bad
broken 'a bad line' '13: *'
printf 'sse-record 1\n\n@0 5\nab' >bad
broken 'an end within a record' \
    '14: the recording is cut short within this record'
printf 'sse-record 1\n\n@0 2\nab\n' >bad
broken 'no end' \
    '22: the recording is cut short *'
printf 'sse-record 1\n\n@0 2\nabc@0 end\n' >bad
broken 'a wrong length' \
    '21: no line end behind *'
printf 'sse-record 1\n\n@5 2\nab\n@4 end\n' >bad
broken 'time that goes back' \
    '22: the time goes back'
printf 'sse-record 1\n\n@0 end\nmore' >bad
broken 'more behind the end' \
    '21: there is more *'
printf 'sse-record 1\n\n@0 over\n' >bad
broken 'an unknown end' '14: a record *'
printf 'sse-record 1\n\n0 2\n' >bad
broken 'no time' '14: a record *'
printf 'sse-record 1\n\n@99999999999999999999 2\nab\n' >bad
broken 'a time beyond 64 bits' '14: a record *'
# Cut anywhere, a recording is told to be broken; what is shorter than its
# first word is a plain stream.
size=$(wc -c <tape | tr -d ' ')
at=11 accepted=''
while [ "$at" -lt "$size" ]; do
    head -c "$at" tape >bad
    "$sse" replay --speed 0 bad >out 2>err
    code=$?
    [ "$code" -eq 1 ] || accepted="$accepted $at:$code"
    at=$((at + 1))
done
is "$accepted" '' "a recording cut at each of $size bytes"
done_testing
