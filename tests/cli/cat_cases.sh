# cat_cases.sh - the command on every vector: any chunk size gives the same,
# and `sse cat | sse emit` is the identity.
#
# SPDX-License-Identifier: MIT
. "${TOP:-.}/tests/support/tap.sh"

# A thousand runs.  Under a sanitizer, where each takes its time, every fourth
# vector will do, and leaks are looked for in the other tests.
ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0
export ASAN_OPTIONS
step=1
[ -z "${SAN_FLAGS:-}" ] || step=4

sse=$BUILD/bin/sse
cd "$TMPDIR" || exit 1
# Everything goes into a few files, so that few processes are needed beside
# the command itself; a line behind each run says which one it was.
count=0 events=
for case in "$TOP"/tests/cases/*.sse; do
    count=$((count + 1))
    [ $((count % step)) -eq 0 ] || continue
    name=${case##*/}
    events="$events ${name%.sse}.events"
    "$sse" cat --trace --base64 "$case" >>whole 2>>whole.err
    mark="= $name $?"
    echo "$mark" >>whole
    echo "$mark" >>whole.err
    "$sse" cat --trace --base64 --chunk 1 "$case" >>bytes 2>>bytes.err
    mark="= $name $?"
    echo "$mark" >>bytes
    echo "$mark" >>bytes.err
done
[ "$count" -gt 100 ] && ok 'there are vectors' || not_ok 'there are vectors'
is_file bytes whole "a byte at a time = whole ($count vectors)"
is_file bytes.err whole.err 'and so it is on stderr'
# The names have no blanks in them.
# shellcheck disable=SC2086
(cd "$TOP/tests/cases" && awk '/^end / {
    name = FILENAME
    sub("events$", "sse", name)
    print "=", name, / incomplete$/ ? 3 : 0
}' $events) >want
grep '^= ' whole >got
is_file got want 'exit codes: 3 for an incomplete end, else 0'

# All of them behind one another are one long stream.  Read again it has one
# final id; each other one is the id that the events behind it start from.
grep -v '^= ' whole >all
"$sse" emit all >all.sse
is "$?" 0 'emit takes all that cat --trace --base64 prints'
"$sse" cat --trace --base64 all.sse 2>/dev/null >again
grep -v final_id again >again.lines
grep -v final_id all >all.lines
is_file again.lines all.lines 'cat --trace --base64 | emit is the identity'
is "$(tail -n 1 again)" "$(tail -n 1 all)" 'and so it is for the final id'
grep type_b64 all >events
"$sse" emit <events >events.sse
is "$?" 0 'emit takes all that cat --base64 prints'
"$sse" cat --base64 events.sse 2>/dev/null >again
is_file again events 'cat --base64 | emit is the identity'
"$sse" cat --json events.sse 2>/dev/null >events.json
"$sse" emit events.json | "$sse" cat --json 2>/dev/null >again
is_file again events.json 'cat --json | emit is the identity, but for U+FFFD'
done_testing
