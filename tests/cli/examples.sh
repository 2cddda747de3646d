# examples.sh - the examples that read standard input: what they print, and that
# they say why where reading or writing fails; and ports that are none.
#
# SPDX-License-Identifier: MIT
. "${TOP:-.}/tests/support/tap.sh"

dir=$BUILD/examples
cd "$TMPDIR" || exit 1

printf 'one\ntwo\n' | "$dir/emit_stdout" >stream 2>err
is "$?:$(cat err)" 0: 'emit_stdout ends well'
is "$("$dir/parse_stdin" <stream)" 'line (1): one
line (2): two' 'parse_stdin reads what emit_stdout writes'
printf 'data: cut' | "$dir/parse_stdin" >out 2>err
is "$?:$(cat err)" '1:the stream ended in the middle of an event' \
    'parse_stdin tells a stream that is cut short'
{
    printf 'data: '
    head -c 70000 /dev/zero | tr '\0' x
    printf '\n\ndata: next\n\n'
} | "$dir/parse_stdin" >out 2>err
is "$?:$(cat out)" '0:message: next' 'parse_stdin skips a large event'
like "$(cat err)" '* bytes dropped before byte *' 'and tells'
printf 'data: {"choices":[{"delta":{"content":"hi"}}]}\n\n' |
    "$dir/llm_read" chat >out 2>err
like "$?:$(tail -n 1 out)" '?:{"verdict":"truncated"*' \
    'llm_read tells an answer without its end'

# A folder can be opened and not be read.
for program in parse_stdin emit_stdout; do
    "$dir/$program" <. >out 2>err
    like "$?:$(cat err)" '1:standard input: *' "$program: input that fails"
    if [ -w /dev/full ]; then
        "$dir/$program" <stream >/dev/full 2>err
        like "$?:$(cat err)" '1:standard output: *' \
            "$program: output that fails"
    else
        skip "$program: output that fails" 'there is no /dev/full'
    fi
done

for program in sock_server sock_llm_server broadcast microhttpd_server; do
    if [ ! -x "$dir/$program" ]; then
        skip "$program: no port" 'it was built without its library'
        continue
    fi
    for port in abc 80x 70000 700000 -1 ''; do
        timeout 60 "$dir/$program" "$port" >out 2>&1
        is "$?:$(cat out)" "2:$program: \"$port\" is no port" \
            "$program: \"$port\""
    done
done
done_testing
