# sock_client.sh - the example client reads the example server, twice in one
# loop, until it is interrupted.
#
# SPDX-License-Identifier: MIT
. "${TOP:-.}/tests/support/tap.sh"

cd "$TMPDIR" || exit 1
examples=$BUILD/examples

"$examples/sock_server" 0 >url &
server=$!
trap 'kill "$server" 2>/dev/null' EXIT
wait_until 60 test -s url
url=$(cat url)
like "$url" 'http://127.0.0.1:*/clock' 'the server says where it is'

"$examples/sock_client" "$url" "$url" >out 2>err &
client=$!
two_ticks() {
    [ "$(grep -c '\[tick\]' out)" -ge 2 ]
}
wait_until 60 two_ticks
kill -s INT "$client"
wait "$client"
is "$?" 0 'the client ends well'
like "$(cat out)" "$url [[]tick] ??:??:??*" 'it printed events'
is "$(grep -c ' events; ended by the caller' err)" 2 \
    'each stream ended once'
"$examples/sock_client" >out 2>err
is "$?" 2 'no URL: usage'
timeout 20 "$examples/sock_client" "${url%clock}other" >out 2>err
is "$?" 1 'a stream that failed'
like "$(cat err)" '*HTTP status 404' '... and why'
is "$("$examples/sock_client" 2>&1)" 'usage: sock_client URL...' \
    'no URL: usage'
port=${url#http://*:}
for program in sock_server sock_llm_server broadcast; do
    timeout 20 "$examples/$program" "${port%/clock}" >out 2>err
    is "$?:$(cat err)" "1:$program: Address already in use" \
        "$program: a port that is taken"
done
# Without descriptors there is no pipe, and no loop.
for files in 4 5; do
    (ulimit -n "$files" && "$examples/sock_client" "$url") \
        >out 2>err 3>&- 4>&-
    is "$?" 1 "no more than $files files: exit code"
    like "$(cat err)" 'sock_client: *' "no more than $files files: says so"
done
done_testing
