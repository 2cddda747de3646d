# check_runner.sh - what scripts/run-tests makes of the programs it runs.
#
# SPDX-License-Identifier: MIT
. "$(dirname "$0")/support/tap.sh"

build=$TMPDIR/build
mkdir -p "$build" "$TMPDIR/tests"

# run PROGRAM...: the sum that a run of them in $build ends with.
run() {
    BUILD=$build JOBS=1 LIMIT=60 ONLY='' \
        sh "$TOP/scripts/run-tests" "$@" 2>&1 | tail -n 1
}

# program NAME: a test whose text comes from standard input.
program() {
    {
        printf '#!/bin/sh\n'
        cat
    } >"$TMPDIR/tests/$1"
    chmod 755 "$TMPDIR/tests/$1"
}

program passes <<'END'
echo 1..1
echo ok 1
END
program skips <<'END'
echo 1..2
echo ok 1
echo 'ok 2 # SKIP no such thing'
END
program fails <<'END'
echo 1..1
echo not ok 1
exit 1
END
program silent <<'END'
exit 0
END
program short <<'END'
echo 1..2
echo ok 1
END
program late <<'END'
echo 1..1
echo ok 1
exit 3
END
program dies <<'END'
echo 1..1
echo ok 1
kill -s SEGV $$
END
t=$TMPDIR/tests
is "$(run "$t/passes")" '1 passed, 0 failed' 'what passes'
is "$(run "$t/skips")" '1 passed, 0 failed, 1 skipped' 'what is skipped'
is "$(run "$t/fails")" '0 passed, 1 failed' 'what fails'
is "$(run "$t/silent")" '0 passed, 1 failed' 'no plan'
is "$(run "$t/short")" '1 passed, 1 failed' 'fewer results than planned'
is "$(run "$t/late")" '1 passed, 1 failed' 'all passed, but the exit status'
is "$(run "$t/dies")" '1 passed, 1 failed' 'a signal'
is "$(run "$t/passes" "$t/fails" -- "$t/skips")" \
    '2 passed, 1 failed, 1 skipped' 'the sum of all'

# What a test leaves running ends with it.
program leaves <<'END'
sleep 300 &
echo $! >"$LEFT"
echo 1..1
echo ok 1
END
LEFT=$TMPDIR/left
export LEFT
is "$(run "$t/leaves")" '1 passed, 0 failed' 'a test that leaves a program'
gone() {
    ! kill -0 "$(cat "$LEFT")" 2>/dev/null ||
        grep -q '^State:.*Z' "/proc/$(cat "$LEFT")/status" 2>/dev/null
}
succeeds 'the program is gone' wait_until 60 gone

# Two runs in one folder: a test of the first goes on until told that a second
# run is there.
program long <<'END'
echo 1..1
touch "$BEGUN"
tries=1200
while [ ! -f "$GO_ON" ] && [ $tries -gt 0 ]; do
    tries=$((tries - 1))
    sleep 0.05
done
echo ok 1
END
BEGUN=$TMPDIR/begun GO_ON=$TMPDIR/go_on
export BEGUN GO_ON
if command -v flock >/dev/null 2>&1; then
    run "$t/long" >"$TMPDIR/first" &
    first=$!
    succeeds 'a first run begins' wait_until 60 test -f "$BEGUN"
    BUILD=$build JOBS=1 LIMIT=60 ONLY='' sh "$TOP/scripts/run-tests" \
        "$t/passes" "$t/long" >"$TMPDIR/second" 2>"$TMPDIR/errors" &
    second=$!
    succeeds 'a second one says that it waits' wait_until 60 grep -q \
        'another run of tests' "$TMPDIR/errors"
    is "$(cat "$TMPDIR/second")" '' 'and has not begun'
    touch "$GO_ON"
    wait "$first"
    is "$(cat "$TMPDIR/first")" '1 passed, 0 failed' 'the first one passes'
    wait "$second"
    is "$?:$(tail -n 1 "$TMPDIR/second")" '0:2 passed, 0 failed' \
        'then the second one'
else
    skip 'two runs in one folder' 'there is no flock'
fi
done_testing
