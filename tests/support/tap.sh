# tap.sh - for tests in shell: TAP on stdout.
#
# SPDX-License-Identifier: MIT
#
#   . "$TOP/tests/support/tap.sh"
#   plan 3                            or done_testing at the end
#   ok NAME                           passed
#   not_ok NAME                       failed
#   is GOT WANT NAME                  passed if the two texts are the same
#   isnt GOT WANT NAME                passed if they differ
#   like TEXT PATTERN NAME            passed if TEXT matches a case pattern
#   is_file GOT WANT NAME             passed if two files hold the same bytes
#   succeeds NAME COMMAND...          passed if the command exits with 0
#   skip NAME WHY                     cannot be tested here
#   note TEXT                         diagnostics
#   wait_until SECONDS COMMAND...     polls until the command exits with 0
#   done_testing                      prints the plan if plan did not; exits
#
# POSIX sh.  A script ends with done_testing, so that its exit status says
# whether anything failed.  When one is started by hand, outside the runner,
# TOP and BUILD are set to the usual places and TMPDIR to a new directory.

: "${TOP:=$(cd "$(dirname "$0")" &&
    while [ ! -f Makefile ] && [ "$PWD" != / ]; do cd ..; done && pwd)}"
: "${BUILD:=$TOP/build}"
if [ -z "${TEST_RUNNER:-}" ]; then
    TMPDIR=$(mktemp -d "${TMPDIR:-/tmp}/test.XXXXXX") || exit 1
    trap 'rm -rf -- "$TMPDIR"' EXIT
fi
export TOP BUILD TMPDIR

tap_count=0
tap_failed=0
tap_plan=

plan() {
    tap_plan=$1
    printf '1..%s\n' "$1"
}

note() {
    printf '%s\n' "$*" | sed 's/^/# /'
}

ok() {
    tap_count=$((tap_count + 1))
    printf 'ok %s - %s\n' "$tap_count" "$*"
}

not_ok() {
    tap_count=$((tap_count + 1))
    tap_failed=$((tap_failed + 1))
    printf 'not ok %s - %s\n' "$tap_count" "$*"
}

skip() {
    tap_count=$((tap_count + 1))
    printf 'ok %s - %s # SKIP %s\n' "$tap_count" "$1" "$2"
}

is() {
    if [ "$1" = "$2" ]; then
        ok "$3"
    else
        not_ok "$3"
        note "got:  $1"
        note "want: $2"
    fi
}

isnt() {
    if [ "$1" != "$2" ]; then
        ok "$3"
    else
        not_ok "$3"
        note "got: $1"
    fi
}

like() {
    # The pattern is meant to be one.
    # shellcheck disable=SC2254
    case $1 in
    $2) ok "$3" ;;
    *)
        not_ok "$3"
        note "got:          $1"
        note "want a match: $2" ;;
    esac
}

is_file() {
    if cmp -s "$1" "$2"; then
        ok "$3"
    else
        not_ok "$3"
        diff -u "$2" "$1" 2>&1 | head -n 40 | sed 's/^/# /'
    fi
}

succeeds() {
    tap_name=$1
    shift
    if tap_output=$("$@" 2>&1); then
        ok "$tap_name"
    else
        tap_status=$?
        not_ok "$tap_name"
        note "exit status $tap_status of: $(printf '%.200s' "$*")"
        printf '%s\n' "$tap_output" | tail -n 40 | sed 's/^/# /'
    fi
}

wait_until() {
    tap_tries=$(($1 * 20))
    shift
    while ! "$@" >/dev/null 2>&1; do
        tap_tries=$((tap_tries - 1))
        [ "$tap_tries" -gt 0 ] || return 1
        sleep 0.05
    done
}

done_testing() {
    [ -n "$tap_plan" ] || printf '1..%s\n' "$tap_count"
    if [ "$tap_failed" -ne 0 ] || [ "$tap_count" -eq 0 ] ||
        [ "${tap_plan:-$tap_count}" -ne "$tap_count" ]; then
        exit 1
    fi
    exit 0
}
