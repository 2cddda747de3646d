# bench_clients.sh - `make bench-streams` and `make soak-client`, for a moment.
#
# SPDX-License-Identifier: MIT
. "$(dirname "$0")/../support/tap.sh"

program=$BUILD/bench/sse-bench-clients
transports=sock
if [ -f "$BUILD/lib/libsse-curl.a" ]; then
    transports='curl sock'
fi

out=$("$program" --streams 300 --rounds 3 2>&1)
is $? 0 'every event of 300 streams came'
is "$(printf '%s\n' "$out" | awk 'NR > 1 && $2 == 300 && $6 > 0 { print $1 }' |
    tr '\n' ' ')" "$transports " 'a row for each transport'
note "$out"

for transport in $transports; do
    out=$("$program" --transport $transport --soak 500 2>&1)
    is $? 0 "$transport: 500 reconnects leave files and heap flat"
    note "$out"
done

"$program" --streams >/dev/null 2>&1
is $? 2 'a flag wants its number'
"$program" --transport pigeon >/dev/null 2>&1
is $? 2 'a transport that is none'
done_testing
