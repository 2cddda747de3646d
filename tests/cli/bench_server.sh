# bench_server.sh - the load client of `make bench-server`: it sees whatever is
# lost, doubled, out of order, cut or refused; the floor and ours are right.
#
# SPDX-License-Identifier: MIT
. "${TOP:-.}/tests/support/tap.sh"

sse=$BUILD/bin/sse
load=$BUILD/bench/sse-bench-load
cd "$TMPDIR" || exit 1
case $(uname -s) in
Linux) ;;
*)
    skip 'the load client' 'it is for Linux'
    done_testing ;;
esac

# listen COMMAND...: starts a server; sets pid and port.
listen() {
    : >url
    "$@" >url 2>&1 &
    pid=$!
    wait_until 60 grep -q http:// url
    port=$(sed -n 's,.*http://[^/]*:\([0-9]*\).*,\1,p' url)
}
# runs NAME EXIT PATTERN ARGUMENTS...: the client, and what it says on stderr.
runs() {
    name=$1 want=$2 pattern=$3
    shift 3
    timeout 60 "$load" "$@" --port "$port" --pid "$pid" >out 2>err
    is "$?" "$want" "$name: exit code"
    like "$(cat err)" "$pattern" "$name"
}
figure() {
    sed -n "s/^$1=//p" out
}

for server in floor serve; do
    case $server in
    floor) listen "$BUILD/bench/sse-bench-floor" ;;
    serve) listen "$sse" serve --listen 127.0.0.1:0 ;;
    esac
    runs "$server: publishes in flight" 0 '' fan --conns 50 --window 8 \
        --seconds 0.5 --size 200
    is "$(figure deliveries)" "$(($(figure published) * 50))" \
        "$server: every event to every subscriber"
    runs "$server: publishes at a rate" 0 '' fan --conns 20 --rate 50 \
        --seconds 0.5 --size 60
    is "$(figure published):$(figure deliveries)" 25:500 \
        "$server: as many as the rate says"
    runs "$server: a client that never sleeps" 0 '' fan --conns 20 --rate 50 \
        --seconds 0.5 --size 60 --awake
    is "$(figure published):$(figure deliveries)" 25:500 \
        "$server: it gets as many"
    runs "$server: some who stall" 0 '' fan --conns 20 --stalled 5 --rate 50 \
        --seconds 0.5 --size 4096
    runs "$server: idle subscribers" 0 '' idle --from 10 --conns 100
    kill "$pid"
    wait
done
for server in floor streams; do
    listen "$BUILD/bench/sse-bench-$server"
    runs "$server: private streams" 0 '' stream --conns 20 --streams 60 \
        --events 50 --size 60 --path '/stream?events=50&size=60'
    is "$(figure streams):$(figure events)" 60:3000 \
        "$server: as many as asked for"
    runs "$server: short streams" 0 '' stream --conns 5 --streams 200 \
        --events 1 --size 60 --path '/stream?events=1&size=60' --reconnect
    runs "$server: one event too few" 1 '*deliveries lost*' stream --conns 1 \
        --events 3 --size 60 --path '/stream?events=2&size=60'
    kill "$pid"
    wait
done

# Servers that are wrong.
# stream NUMBER...: a stream of these events, as a file.
stream() {
    for number; do
        printf 'data: %010d \n\n' "$number"
    done >wrong.sse
}
one='stream --conns 1 --events 3 --size 11'
# wrong NAME PATTERN FLAGS...: of sse replay, which serves the file.
wrong() {
    name=$1 pattern=$2
    shift 2
    listen "$sse" replay --listen 127.0.0.1:0 "$@"
    # Words of one command line.
    # shellcheck disable=SC2086
    runs "$name" 1 "$pattern" $one
    kill "$pid"
    wait
}
stream 0 1 2
listen "$sse" replay --listen 127.0.0.1:0 --crlf --chunk 1 wrong.sse
# shellcheck disable=SC2086
runs 'a right stream, a byte at a time' 0 '' $one
kill "$pid"
wait
wrong 'a cut connection' '*connections cut: 1*' --cut 20 wrong.sse
wrong 'a status' '*other answers*' --status 503 wrong.sse
stream 0 2
wrong 'an event lost' '*out of order*lost*' wrong.sse
stream 0 1 1 2
wrong 'an event twice' '*out of order*' wrong.sse
stream 0 2 1
wrong 'an event too late' '*out of order*' wrong.sse
# A topic whose events nobody published.
stream 7 8
listen "$sse" replay --listen 127.0.0.1:0 --loop --gap 20 wrong.sse
runs 'events out of nowhere' 1 '*out of order*' fan --conns 2 --rate 5 \
    --seconds 0.3 --size 11 --drain 3
kill "$pid"
wait
# A topic where one of three gets something else than the others.
few='fan --conns 3 --rate 50 --seconds 0.5 --size 60 --drain 3'
# faulty FAULT EXIT PATTERN
faulty() {
    listen "$BUILD/bench/sse-bench-floor" 0 "$1"
    # shellcheck disable=SC2086
    runs "one subscriber: $1" "$2" "$3" $few
    kill "$pid"
    wait
}
faulty lose 1 '*out of order*deliveries lost: 5*'
faulty double 1 '*out of order*'
faulty comment 0 ''
listen "$BUILD/bench/sse-bench-floor"
kill "$pid"
wait
runs 'nobody listens' 1 '*connections refused*' fan --conns 1
"$load" fan --conns x --port 1 >out 2>err
is "$?" 2 'a wrong command line'
done_testing
