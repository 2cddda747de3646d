# no_curl.sh - `sse` where libcurl was not found: what reads URLs, and what says
# why it does not.
#
# SPDX-License-Identifier: MIT
. "${TOP:-.}/tests/support/tap.sh"

cd "$TMPDIR" || exit 1
# Lists of options.
# shellcheck disable=SC2086
if ! ${CC:-cc} -std=c99 ${SAN_FLAGS:-} -I"$TOP/include" -I"$TOP" \
    "$TOP"/tools/sse/*.c "$BUILD/lib/libsse-hub.a" "$BUILD/lib/libsse-sock.a" \
    "$BUILD/lib/libsse-llm.a" "$BUILD/lib/libsse.a" -pthread -o sse 2>err; then
    not_ok 'it is built'
    note "$(cat err)"
    done_testing
fi
ok 'it is built'
printf 'data: a\n\n' >a.sse
timeout 200 ./sse replay --listen 127.0.0.1:0 --max-conns 1 a.sse >url 2>served &
wait_until 60 grep -q . url
url=$(cat url)
is "$(./sse cat --no-reconnect "$url" 2>err):$(cat err)" \
    "$(printf 'message\t\ta'):sse: the stream ended" 'cat reads http'
for arguments in '--transport curl http' https; do
    # The words of one command line.
    # shellcheck disable=SC2086
    ./sse cat --no-reconnect $arguments"${url#http}" 2>err
    is "$?" 1 "cat $arguments: exit code"
    like "$(cat err)" 'sse: http*: this build of sse has no libcurl; *' \
        "cat $arguments: reason"
done
for command in check record; do
    ./sse $command "$url" >out 2>err
    is "$?" 1 "$command: exit code"
    like "$(tail -n 1 err)" 'sse: http*: this build of sse has no libcurl, *' \
        "$command: reason"
done
wait
done_testing
