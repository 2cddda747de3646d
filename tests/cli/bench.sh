# bench.sh - sse-bench finds what its generators put there, with each variant,
# and says what is wrong with a command line.
#
# SPDX-License-Identifier: MIT
. "${TOP:-.}/tests/support/tap.sh"

bench=$BUILD/bin/sse-bench
unset SSE_SCAN
corpora='openai anthropic tiny multiline big heartbeat crlf full'

# wrong PATTERN ARGUMENT...: exit status 2, nothing on stdout, the reason.
wrong() {
    pattern=$1
    shift
    output=$("$bench" "$@" 2>"$TMPDIR/err")
    is "$?$output" 2 "sse-bench $*: a wrong command line"
    like "$(cat "$TMPDIR/err")" "sse-bench: $pattern" "sse-bench $*: says why"
}
wrong 'name what to measure*'
wrong 'no such mode: read;*' read
wrong 'no such flag: --fast;*' parse --fast
wrong 'one word too many: tiny;*' parse tiny
wrong 'no such corpus: none;*' parse --corpus none
wrong 'a value is missing behind: --size;*' parse --size
wrong '--size wants *: 0;*' parse --size 0
wrong '--size wants *: 99999999999999999999;*' parse \
    --size 99999999999999999999
wrong '--runs wants *: 102;*' parse --runs 102
wrong '--chunk wants *: -1;*' parse --chunk -1
wrong '--chunk is for *' write --chunk 64
wrong 'nothing to write in corpus: heartbeat;*' write --corpus heartbeat
wrong '--chunk wants *: event;*' growth --chunk event
wrong 'this mode has inputs of its own: --corpus;*' limits --corpus tiny
wrong 'this mode has inputs of its own: --size;*' growth --size 5
succeeds 'sse-bench --help' "$bench" --help

# Which variant.
variants=$("$bench" variants)
if [ -n "$variants" ]; then
    export SSE_SCAN=fastest
    wrong 'SSE_SCAN=fastest: no such variant*' parse
    for SSE_SCAN in avx512 neon; do
        echo "$variants" | grep -qx "$SSE_SCAN" ||
            wrong "SSE_SCAN=$SSE_SCAN: this processor*" parse
    done
else
    export SSE_SCAN=swar
    wrong 'SSE_SCAN=swar: built with SSE_NO_SIMD*' parse
fi
export SSE_SCAN=fastest
"$BUILD/bin/sse" --version >"$TMPDIR/out" 2>"$TMPDIR/err"
is "$?" 2 'SSE_SCAN=fastest sse: a wrong command line'
like "$(cat "$TMPDIR/err")" 'sse: SSE_SCAN=fastest: *' \
    'SSE_SCAN=fastest sse: says why'
unset SSE_SCAN

# Every corpus with every variant.  That the numbers of events and bytes are
# those of the generator is asserted within; a difference is exit status 1.
# A small stream, one run: this is not about time.
for variant in ${variants:-none}; do
    [ "$variant" = none ] || export SSE_SCAN="$variant"
    for chunk in 16384 event 64 1; do
        succeeds "$variant: every corpus parses, chunk $chunk" "$bench" \
            parse --chunk "$chunk" --size 20000 --runs 1
    done
    succeeds "$variant: every corpus is indexed" "$bench" scan --size 20000 \
        --runs 1
    succeeds "$variant: every corpus is written and reads back" "$bench" \
        write --size 20000 --runs 1
    like "$("$bench" parse --corpus tiny --size 1000 --runs 1 | head -n 1)" \
        "parse: libsse *, $variant, *" "$variant: the table names it"
    if [ "$variant" != none ]; then
        like "$(printf 'data: a\n\n' |
            "$BUILD/bin/sse" cat --json 2>/dev/null)" \
            '*"data":"a"*' "$variant: sse reads with it"
    fi
done
unset SSE_SCAN
events=$("$bench" parse --corpus tiny --size 1000 --runs 1 --json |
    sed 's/.*"events":\([0-9]*\).*/\1/')
is "$("$bench" corpus --corpus tiny --size 1000 |
    "$BUILD/bin/sse" cat --json 2>/dev/null | wc -l | tr -d ' ')" "$events" \
    'a corpus can be had as a stream'
ways=$("$bench" count --size 2000 | awk '{ print $3 }' | sort -u)
is "$ways" '64
event
parse
write' 'each way is there to be counted'

# One object a line, one line a corpus.
for mode in parse write scan; do
    "$bench" "$mode" --json --size 20000 --runs 2 >"$TMPDIR/$mode.json"
    is "$?" 0 "sse-bench $mode --json"
done
# Beside what is not there: our own rows, and what is missing.
NODE=no-node GO=no-go ROUNDS=1 "$TOP/bench/rivals/run" "$bench" \
    "$TMPDIR/rivals" >"$TMPDIR/table" 2>&1
is "$?" 0 'bench/rivals/run without rivals'
is "$(grep -c '^libsse  *[0-9]' "$TMPDIR/table")" 2 'its tables have our rows'
like "$(cat "$TMPDIR/table")" '*bench-rivals: no-node or npm is not there*' \
    'it says that node is missing'
like "$(cat "$TMPDIR/table")" '*bench-rivals: no-go is not there*' \
    'it says that Go is missing'
"$bench" growth --json --runs 1 >"$TMPDIR/growth"
figure='_ms_per_mib":[0-9.]*'
is "$(grep -c "\"grow$figure,\"in_place$figure,\"fragments$figure}\$" \
    "$TMPDIR/growth")" 5 'growth --json has a line for each length'
"$bench" limits --json --runs 1 >"$TMPDIR/limits"
is "$(grep -c '"read_gb_per_s":.*"memcpy_gb_per_s":[0-9.]*}$' \
    "$TMPDIR/limits")" 4 'limits --json has a line for each size'
is "$(sed 's/.*"corpus":"\([a-z]*\)".*/\1/' "$TMPDIR/parse.json" |
    tr '\n' ' ')" "$corpora " 'parse --json has a line for each corpus'
is "$(wc -l <"$TMPDIR/write.json" | tr -d ' ')" 6 \
    'write --json has a line for each corpus with events and LF'
if command -v node >/dev/null 2>&1; then
    cat >"$TMPDIR/lines.js" <<'END'
const lines = require('fs').readFileSync(0, 'utf8').trim().split('\n');
for (const line of lines) {
    const row = JSON.parse(line);
    for (const name of ['bytes', 'units', 'gb_per_s', 'ns_per_unit'])
        if (!(row[name] > 0)) throw new Error(`${name}: ${line}`);
    if (!row.cpu || !row.compiler || !row.variant) throw new Error(line);
}
console.log(lines.length);
END
    is "$(cat "$TMPDIR"/*.json | node "$TMPDIR/lines.js")" 22 \
        'each line is JSON, with figures and where they are from'
else
    skip 'each line is JSON' 'there is no node'
fi
done_testing
