# cat_large.sh - events, ids, types and comments of every size.
#
# SPDX-License-Identifier: MIT
. "${TOP:-.}/tests/support/tap.sh"

sse=$BUILD/bin/sse
cd "$TMPDIR" || exit 1

# letters COUNT: so many bytes.
letters() {
    head -c "$1" /dev/zero | tr '\0' x
}

# event COUNT: one event with so many bytes of data.
event() {
    printf 'data: '
    letters "$1"
    printf '\n\n'
}

# Data of one line and of many; the default limit is 64 MiB.
event 20000000 >large.sse
"$sse" cat --json large.sse 2>err | tail -c +27 | head -c 20000000 |
    tr -d x | wc -c | tr -d ' ' >out
is "$(cat out):$(cat err)" '0:sse: end of file' '20 MB in one line'
"$sse" cat --base64 large.sse 2>/dev/null | "$sse" emit >again.sse
is_file again.sse large.sse '20 MB there and back'
i=0
while [ "$i" -lt 3000 ]; do
    printf 'data: %0500d\n' "$i"
    i=$((i + 1))
done >lines.sse
echo >>lines.sse
"$sse" cat --json --chunk 1 lines.sse 2>/dev/null | "$sse" emit >again.sse
is_file again.sse lines.sse '1.5 MB in 3000 lines, byte by byte'

# The limit: exactly so much passes, however it is cut.
{
    printf 'id: 1\n'
    event 1000
    printf 'id: 2\n'
    event 1001
    printf 'id: 3\ndata: a\n\n'
} >limit.sse
for chunk in 1 7 4096; do
    "$sse" cat --trace --max-event-size 1000 --chunk "$chunk" limit.sse \
        >out 2>err
    is "$?:$(wc -l <out | tr -d ' '):$(head -n 1 err)" \
        "0:3:sse: an event of 1001 bytes skipped at offset 2029: more than --max-event-size 1000" \
        "--max-event-size 1000, chunks of $chunk"
done
{
    printf 'id: 2\n'
    event 70000000
    printf 'data: behind\n\n'
} >huge.sse
"$sse" cat --trace huge.sse >out 2>err
is "$?:$(cat out)" '0:{"type":"message","data":"behind","id":"2"}
{"final_id":"2"}' '70 MB: skipped by default, its id kept'
is "$(head -n 1 err)" \
    'sse: an event of 70000000 bytes skipped at offset 70000014: more than --max-event-size 67108864' \
    '70 MB: told'
if [ -r /proc/self/status ] && [ "${SAN_FLAGS:-}" = '' ]; then
    # An endless line in bounded memory.
    (
        ulimit -v 60000
        "$sse" cat --json --max-event-size 1000000 huge.sse >out 2>err
        echo "$?:$(cat out)"
    ) >bounded
    is "$(cat bounded)" '0:{"type":"message","data":"behind","id":"2"}' \
        '70 MB in bounded memory'
fi
"$sse" cat --json --max-event-size 200000000 huge.sse 2>err | wc -c |
    tr -d ' ' >out
is "$(cat out):$(cat err)" '70000082:sse: end of file' '70 MB if asked for'

# Ids and types of 1 MiB, and one byte more.
mebibyte=1048576
name() {
    printf '%s: ' "$1"
    letters "$2"
    printf '\ndata: a\n\n'
}
for chunk in 100 4194304; do
    name id "$mebibyte" >id.sse
    is "$("$sse" cat --json --chunk "$chunk" id.sse 2>/dev/null | wc -c |
        tr -d ' ')" $((mebibyte + 38)) "an id of 1 MiB, chunks of $chunk"
    {
        printf 'id: old\n\n'
        name id $((mebibyte + 1))
    } >id.sse
    is "$("$sse" cat --json --chunk "$chunk" id.sse 2>err)" \
        '{"type":"message","data":"a","id":"old"}' \
        "a longer id is ignored, chunks of $chunk"
    is "$(head -n 1 err)" \
        'sse: an id of 1048577 bytes ignored at offset 1048591: longer than 1048576' \
        "and told, chunks of $chunk"
    name event "$mebibyte" >type.sse
    is "$("$sse" cat --json --chunk "$chunk" type.sse 2>/dev/null | wc -c |
        tr -d ' ')" $((mebibyte + 31)) "a type of 1 MiB, chunks of $chunk"
    {
        printf 'id: 4\n'
        name event $((mebibyte + 1))
    } >type.sse
    is "$("$sse" cat --trace --chunk "$chunk" type.sse 2>err)" \
        '{"final_id":"4"}' "a longer type is dropped, chunks of $chunk"
    is "$(head -n 1 err)" \
        'sse: an event skipped at offset 1048600: its type is longer than 1048576 bytes' \
        "and told too, chunks of $chunk"
done

# Comments and unknown fields as large as events.
{
    printf ':'
    letters 3000000
    printf '\nfoo:'
    letters 3000000
    printf '\n'
} >other.sse
for chunk in 5 8388608; do
    is "$("$sse" cat --trace --chunk "$chunk" other.sse 2>/dev/null | wc -c |
        tr -d ' ')" 6000058 "comment and field of 3 MB, chunks of $chunk"
    is "$("$sse" cat --trace --chunk "$chunk" --max-event-size 2000000 \
        other.sse 2>err)" '{"final_id":""}' \
        "the limit holds for them, chunks of $chunk"
    is "$(grep -c 'more than --max-event-size 2000000$' err)" 2 \
        "and both are told, chunks of $chunk"
done
done_testing
