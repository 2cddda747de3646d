# cat_exit.sh - exit codes, messages, signals and closed pipes of `sse`.
#
# SPDX-License-Identifier: MIT
. "${TOP:-.}/tests/support/tap.sh"

sse=$BUILD/bin/sse
cd "$TMPDIR" || exit 1

# ends CODE PATTERN NAME ARGUMENTS...: exit code, and the last line on stderr.
ends() {
    want=$1 pattern=$2 name=$3
    shift 3
    "$sse" "$@" </dev/null >out 2>err
    is "$?" "$want" "$name: exit code"
    like "$(tail -n 1 err)" "$pattern" "$name: reason"
}

printf 'data: a\n\n' >whole.sse
printf 'data: a\n\ndata: b\n' >cut.sse
mkdir dir

ends 0 'sse: end of file' 'end of file' cat whole.sse
ends 0 'sse: end of standard input' 'standard input' cat -
ends 3 'sse: cut.sse ends in the middle of an event' 'a cut event' cat cut.sse
ends 0 'sse: 1 event, as asked for' 'a cut event behind the last one wanted' \
    cat --max-events 1 cut.sse
ends 1 'sse: missing: No such file or directory (a URL *' 'no such file' \
    cat missing
ends 1 'sse: dir: is a directory;*' 'a directory' cat dir
ends 1 'sse: missing: No such file or directory' 'emit takes no URL' \
    emit missing
ends 1 'sse: missing: No such file or directory' 'nor does replay' \
    replay missing
for command in emit replay; do
    ends 2 "sse: $command: the name of the file is empty; name one, or \`-\`" \
        "$command: an empty name" "$command" ''
    ends 2 "sse: $command: http://x/ is a URL; \`sse cat\` and \`sse record\` read*" \
        "$command: a URL" "$command" http://x/
done
ends 1 'sse: dir: is a directory; name a file or `-`' 'a directory, to replay' \
    replay dir
if [ "$(id -u)" -ne 0 ]; then
    : >secret && chmod 0 secret
    ends 1 'sse: secret: Permission denied' 'permission' cat secret
fi
ends 1 'sse: ./x/y: No such file or directory' 'no such folder' cat ./x/y

# The command line.
ends 2 'sse: name a subcommand*' 'no subcommand'
ends 2 'sse: there is no subcommand "dog"; *' 'unknown subcommand' dog
ends 2 'sse: there is no flag "--dog"; *' 'unknown flag of sse' --dog
ends 2 'sse: there is no subcommand "dog"; *' 'help on nothing' help dog
ends 2 'sse: cat: there is no flag --dog; `sse cat --help`*' 'unknown flag' \
    cat --dog
ends 2 'sse: cat: there is no flag --dog; *' 'unknown flag with value' \
    cat --dog=1
ends 2 'sse: cat: there is no flag --jsno; did you mean --json[?]' \
    'a slip in a flag' cat --jsno
ends 2 'sse: there is no subcommand "cta"; did you mean "cat"[?]' \
    'a slip in a subcommand' cta whole.sse
ends 1 'sse: example.org/x: No such file * (a URL begins with *)' \
    'a URL without its scheme' cat example.org/x
ends 2 'sse: cat: there is no flag -q; *' 'unknown letter' cat -vq
ends 2 'sse: cat: --chunk needs a value; *' 'missing value' cat --chunk
ends 2 'sse: cat: --until-type wants a type; *' 'a type that no event has' \
    cat --until-type '' whole.sse
ends 2 'sse: cat: --json takes no value' 'value too many' cat --json=1
ends 2 'sse: cat: --chunk wants a whole number *, not "0"' 'zero chunk' \
    cat --chunk 0 whole.sse
ends 2 'sse: cat: --max-events wants * not "1x"' 'not a number' \
    cat --max-events 1x
ends 2 'sse: cat: --max-events wants * not "-1"' 'negative number' \
    cat --max-events -1
ends 2 'sse: cat: --max-event-size wants * not "99999999999999999999"' \
    'number beyond 64 bits' cat --max-event-size 99999999999999999999
ends 2 'sse: cat: --retry-ms wants * not "4294967296"' \
    'number beyond 32 bits' cat --retry-ms 4294967296
ends 2 'sse: cat: one source at a time*' 'two sources' cat a b
ends 2 'sse: cat: the name of the source is empty*' 'empty source' cat ''
ends 2 'sse: cat: ftp://x/y: only http*' 'other scheme' cat ftp://x/y
ends 2 'sse: cat: --header is for URLs*' 'a header for a file' \
    cat -H 'a: b' whole.sse
ends 2 'sse: cat: --no-reconnect is for URLs*' 'reconnecting to a file' \
    cat --no-reconnect -
ends 2 'sse: cat: --chunk is for files*' 'chunks of a URL' \
    cat --chunk 1 http://127.0.0.1:9/
ends 2 'sse: cat: -H wants *' 'bad header' cat -H nonsense http://127.0.0.1:9/
for transport in curl sock; do
    ends 2 'sse: cat: -H wants *' "$transport: a space in a header's name" \
        cat --transport "$transport" -H 'a b: c' http://127.0.0.1:9/
    ends 2 'sse: cat: -H wants *' "$transport: a control character in it" \
        cat --transport "$transport" -H "a: $(printf 'b\001')" \
        http://127.0.0.1:9/
    ends 2 'sse: cat: http://127.0.0.1:9/a b: *%20*' "$transport: a space" \
        cat --transport "$transport" 'http://127.0.0.1:9/a b'
    ends 2 'sse: http://127.0.0.1:9x/: *no valid*URL' "$transport: a bad port" \
        cat --transport "$transport" http://127.0.0.1:9x/
done
ends 2 'sse: http://127.0.0.1:99999/: *no valid*URL' 'check: a bad port' \
    check http://127.0.0.1:99999/
ends 2 'sse: record: http://127.0.0.1:9/a b: *%20*' 'record: a space' \
    record 'http://127.0.0.1:9/a b'
ends 2 'sse: cat: -X wants *' 'bad method' cat -X 'A B' http://127.0.0.1:9/
ends 1 'sse: missing: No such file*' 'body from a missing file' \
    cat -d @missing http://127.0.0.1:9/
for command in cat check record; do
    ends 1 'sse: missing: No such file*' "$command: headers from no file" \
        $command -H @missing http://127.0.0.1:9/
    ends 2 "sse: $command: -d was given twice*" "$command: two bodies" \
        $command -d a -d b http://127.0.0.1:9/
done
ends 2 'sse: record: the name of the output is empty*' 'no name for -o' \
    record -o '' whole.sse
ends 2 'sse: serve: --access-log wants *' 'no name for a log' \
    serve --access-log ''
ends 1 'sse: missing: No such file*' 'serve: a token from no file' \
    serve --token @missing
ends 2 'sse: cat: --transport is curl or sock*' 'unknown transport' \
    cat --transport pigeon http://127.0.0.1:9/
ends 2 'sse: cat: --transport sock has no TLS *; leave it out for HTTPS://h/' \
    'TLS over plain sockets' cat --transport sock HTTPS://h/
ends 2 'sse: emit: there is no flag --json; *' 'unknown flag of emit' \
    emit --json
ends 2 'sse: emit: one input at a time*' 'two inputs of emit' emit a b
ends 1 'sse: missing: No such file*' 'emit: no such file' emit missing

# Help and version go to stdout and succeed.
for arguments in --help help 'help help' 'help --help' 'cat --help' 'cat -h' \
    'help cat' 'emit --help' 'help emit' --version; do
    # The words of one command line.
    # shellcheck disable=SC2086
    "$sse" $arguments >out 2>err
    code=$?
    is "$code:$(wc -c <err | tr -d ' '):$(test -s out && echo text)" 0:0:text \
        "sse $arguments"
done
is "$("$sse" cat --help)" "$("$sse" help cat)" 'both ways to the same help'
like "$("$sse" --version)" 'sse [0-9]*.[0-9]*.[0-9]*' 'version'
"$sse" cat --json -- -x 2>err
is "$?" 1 '-- ends the flags'
like "$(cat err)" 'sse: -x: *' 'so that a file may begin with a dash'

# Output that fails.
if [ -w /dev/full ]; then
    "$sse" cat whole.sse >/dev/full 2>err
    is "$?:$(cat err)" \
        '1:sse: writing the output: No space left on device' 'a full disk'
    "$sse" cat --trace - </dev/null >/dev/full 2>err
    is "$?" 1 'a full disk met by the last line'
    echo '{"data":"x"}' | "$sse" emit >/dev/full 2>err
    is "$?:$(cat err)" \
        '1:sse: writing the output: No space left on device' \
        'a full disk under emit'
    "$sse" --help >/dev/full 2>err
    is "$?" 1 'a full disk under help'
    timeout 20 "$sse" serve --listen 127.0.0.1:0 >/dev/full 2>err
    is "$?:$(tail -n 1 err)" \
        '1:sse: writing the output: No space left on device' \
        'a full disk under serve'
else
    skip 'a full disk' 'there is no /dev/full'
fi
mkfifo gone
exec 8<>gone 9>gone 8>&-
for arguments in --help --version help 'help cat' 'cat --help' 'serve --help' \
    'cat whole.sse'; do
    # The words of one command line.
    # shellcheck disable=SC2086
    "$sse" $arguments >&9 2>err
    is "$?" 0 "sse $arguments: nobody reads"
done
exec 9>&-
"$sse" cat whole.sse >&- 2>err
is "$?" 1 'stdout closed'
like "$(cat err)" 'sse: writing the output: *' 'stdout closed: reason'
timeout 20 "$sse" serve --listen 127.0.0.1:0 >&- 2>err
is "$?" 1 'stdout closed under serve'
like "$(tail -n 1 err)" 'sse: writing the output: *' \
    'stdout closed under serve: reason'
"$sse" cat - <&- >out 2>err
is "$?" 1 'stdin closed'
like "$(cat err)" 'sse: standard input: *' 'stdin closed: reason'
"$sse" cat whole.sse 2>&- >out
is "$?" 0 'stderr closed'

# Without descriptors there is no loop; a search for leaks needs some, too.
(ulimit -n 5 && ASAN_OPTIONS="${ASAN_OPTIONS:-}:detect_leaks=0" &&
    export ASAN_OPTIONS &&
    exec "$sse" cat --transport sock http://127.0.0.1:9/) >out 2>err 3>&- 4>&-
is "$?:$(cat err)" '1:sse: http://127.0.0.1:9/: Too many open files' \
    'no descriptors: says so'

# A reader that leaves: also while nothing comes.
mkfifo quiet
{
    "$sse" cat quiet 2>err
    echo "$?" >code
} | head -n 1 >out &
exec 8>quiet
printf 'data: a\n\n' >&8
if wait_until 60 test -s code; then
    is "$(cat code):$(cat err)" '0:sse: the reader of the output is gone' \
        'a reader that leaves is noticed at once'
else
    not_ok 'a reader that leaves is noticed at once'
fi
exec 8>&-
wait
i=0
while [ "$i" -lt 20000 ]; do
    echo "data: $i"
    echo
    i=$((i + 1))
done >many.sse
{
    "$sse" cat many.sse 2>err
    echo "$?" >code
} | head -n 1 >out
is "$(cat code):$(cat err):$(cut -f 3 out)" \
    '0:sse: the reader of the output is gone:0' 'a closed pipe in full run'

# Signals, with bytes and an unfinished event under way.
mkfifo slow
signals='INT:130 TERM:143 HUP:129'
# What ignores SIGHUP, such as nohup, has whatever it starts ignore it.
# shellcheck disable=SC2016
if [ -n "$(sh -c 'kill -s HUP $$; echo ignored' 2>/dev/null)" ]; then
    skip SIGHUP 'it is ignored here'
    signals='INT:130 TERM:143'
fi
for signal in $signals; do
    "$sse" cat --trace slow >out 2>err &
    pid=$!
    exec 8>slow
    printf 'id: 5\ndata: a\n\ndata: b\n' >&8
    wait_until 60 test -s out
    kill -s "${signal%:*}" "$pid"
    wait "$pid"
    is "$?:$(cat err)" "${signal#*:}:sse: interrupted" "SIG${signal%:*}"
    is "$(tail -n 1 out)" '{"final_id":"5"}' \
        "SIG${signal%:*}: the final id comes last"
    exec 8>&-
done
# A reader that does not read cannot hold up the end for ever.
mkfifo full
sleep 300 <full &
sleeper=$!
"$sse" cat many.sse >full 2>err &
pid=$!
wait_until 60 grep -q "(sse) S " "/proc/$pid/stat"
kill -s INT "$pid"
wait "$pid"
is "$?" 130 'SIGINT while the output is full'
kill "$sleeper"
wait
done_testing
