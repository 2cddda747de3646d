#!/bin/sh
# chat_program.sh - sse-chat as a program: flags, messages, exit statuses, and
# `curl -N` as its client.
#
# SPDX-License-Identifier: MIT
. "$TOP/tests/support/tap.sh"

chat=$BUILD/bin/sse-chat
dir=$TMPDIR
unset SSE_CHAT_LISTEN SSE_CHAT_DB SSE_CHAT_UPSTREAM SSE_CHAT_API_KEY \
    SSE_CHAT_MODEL SSE_CHAT_AGENT SSE_CHAT_HOST SSE_CHAT_KEEP_ALIVE \
    SSE_CHAT_UPSTREAM_IDLE SSE_CHAT_ERROR_EVENT
export SSE_CHAT_OFFLINE_DELAY_MS=1
pids=

# A failed assertion must not leave a server behind.
end_all() {
    for pid in $pids; do
        kill -KILL "$pid" 2>/dev/null
    done
}
trap end_all EXIT

# start NAME ARGUMENT...: starts a server and waits until it listens; its
# output is in $dir/NAME.out and .err, its process in $pid, its URL in $url.
start() {
    name=$1
    shift
    "$chat" "$@" >"$dir/$name.out" 2>"$dir/$name.err" &
    pid=$!
    pids="$pids $pid"
    wait_until 60 grep -q 'upstream' "$dir/$name.out" || return 1
    url=$(sed -n '1s/^sse-chat: listening on //p' "$dir/$name.out")
}

# refused NAME WANTED-IN-MESSAGE ARGUMENT...: exit status 2 and a message.
refused() {
    name=$1 wanted=$2
    shift 2
    "$chat" "$@" >"$dir/out" 2>"$dir/err"
    status=$?
    is "$status" 2 "$name: exit status 2"
    like "$(cat "$dir/err")" "*$wanted*" "$name: says why"
    is "$(cat "$dir/out")" '' "$name: nothing on stdout"
}

refused 'unknown flag' '--nonsense' --nonsense
refused 'no flag' 'what' what
refused 'missing value' '--db wants a value' --db
refused 'empty value' 'is empty' --db ''
refused 'no port' 'ADDR:PORT' --listen 127.0.0.1
refused 'bad port' '65535' --listen 127.0.0.1:65536
refused 'bad port alone' '65535' --listen 65536
refused 'no numeric address' 'numeric' --listen example.com:80
refused 'no URL' 'http://' --upstream localhost:8000
refused 'URL with a space' 'white space' --upstream 'http://a b'
refused 'bad time' 'milliseconds' --keep-alive 1s
refused 'zero idle time' 'milliseconds' --upstream-idle 0
refused 'error event with a space' 'space' --error-event 'a b'
refused 'error event that is taken' 'another event' --error-event done
SSE_CHAT_LISTEN=nowhere SSE_CHAT_UPSTREAM_IDLE=0
export SSE_CHAT_LISTEN
refused 'bad variable' 'sse-chat: SSE_CHAT_LISTEN=nowhere: is not ADDR:PORT'
"$chat" --help >"$dir/out" 2>"$dir/err"
is "$?:$(cat "$dir/err")" 0: 'bad variable: help is there all the same'
unset SSE_CHAT_LISTEN
export SSE_CHAT_UPSTREAM_IDLE
refused 'bad time in a variable' 'sse-chat: SSE_CHAT_UPSTREAM_IDLE=0: is not a'
unset SSE_CHAT_UPSTREAM_IDLE

"$chat" --help >"$dir/out" 2>"$dir/err"
is $? 0 'help: exit status 0'
for flag in listen db upstream keep-alive upstream-idle error-event model \
    agent host help version; do
    like "$(cat "$dir/out")" "*--$flag*" "help: names --$flag"
done
like "$(cat "$dir/out")" '*SSE_CHAT_API_KEY*' 'help: names the key'
is "$(awk 'length > 80' "$dir/out")" '' 'help: fits a terminal'
like "$("$chat" --version)" 'sse-chat [0-9]*.[0-9]*.[0-9]*' 'version'
timeout 20 "$chat" --listen 0 --db "$dir/closed.db" >&- 2>"$dir/err"
like "$?:$(cat "$dir/err")" '1:sse-chat: standard output: *' \
    'no standard output: told, and nobody waits for a URL'
if [ -w /dev/full ]; then
    timeout 20 "$chat" --listen 0 --db "$dir/full.db" >/dev/full 2>"$dir/err"
    like "$?:$(cat "$dir/err")" '1:sse-chat: *No space left*' \
        'a URL that cannot be told'
    for flag in --help --version; do
        "$chat" "$flag" >/dev/full 2>"$dir/err"
        like "$?:$(cat "$dir/err")" '1:sse-chat: *No space left*' \
            "$flag: a full disk is told"
    done
else
    skip 'a full disk is told' 'there is no /dev/full'
fi

"$chat" --listen 127.0.0.1:0 --db "$dir/none/chat.db" 2>"$dir/err"
is $? 1 'a database that cannot be made: exit status 1'
like "$(cat "$dir/err")" "*$dir/none/chat.db*folder does not exist*" \
    'names the file and why'

# Rights mean nothing to root, who can become somebody else.
mkdir "$dir/fast"
touch "$dir/fast/chat.db"
chmod 555 "$dir/fast"
if [ "$(id -u)" != 0 ]; then
    "$chat" --listen 127.0.0.1:0 --db "$dir/fast/chat.db" 2>"$dir/err"
    status=$?
else
    chown 65534 "$dir/fast/chat.db"
    cp "$chat" "$dir/sse-chat" # the tree may be out of the other's reach
    chmod 755 "$dir" "$dir/sse-chat"
    setpriv --reuid=65534 --clear-groups "$dir/sse-chat" \
        --listen 127.0.0.1:0 --db "$dir/fast/chat.db" 2>"$dir/err"
    status=$?
fi
chmod 755 "$dir/fast"
is "$status" 1 'a folder that cannot be written to: exit status 1'
like "$(cat "$dir/err")" '*folder must be writable*' 'says why'

printf 'no database at all, but long enough to look at' >"$dir/text.db"
"$chat" --listen 127.0.0.1:0 --db "$dir/text.db" 2>"$dir/err"
is $? 1 'a file that is no database: exit status 1'
is "$(cat "$dir/text.db")" 'no database at all, but long enough to look at' \
    'and it is left alone'

start first --listen=127.0.0.1:0 --db "$dir/chat.db"
first=$pid
port=${url##*:}
like "$(sed -n 1p "$dir/first.out")" \
    'sse-chat: listening on http://127.0.0.1:[1-9]*' 'says where it listens'
like "$(cat "$dir/first.out")" "*database $dir/chat.db*" 'says the database'
like "$(cat "$dir/first.out")" '*offline*' 'says that it is offline'
is "$(find "$dir/chat.db" -perm 600 | wc -l | tr -d ' ')" 1 \
    'the database is for its owner alone'

"$chat" --listen "127.0.0.1:$port" --db "$dir/other.db" 2>"$dir/err"
is $? 1 'a port in use: exit status 1'
like "$(cat "$dir/err")" "*$port*--listen*SSE_CHAT_LISTEN*" 'says what to do'
"$chat" --listen "$port" --db "$dir/other.db" 2>"$dir/err"
like "$?:$(cat "$dir/err")" "1:*port $port of 127.0.0.1 is in use*" \
    'a port alone is one of 127.0.0.1'

"$chat" --listen 127.0.0.1:0 --db "$dir/chat.db" 2>"$dir/err"
is $? 1 'a database in use: exit status 1'
like "$(cat "$dir/err")" '*another sse-chat*--db*' 'says what to do'

# curl -N is what people try first.
json='Content-Type: application/json'
token=$(curl -s "$url/api/v1/users" -H "$json" -d '{"name":"Ada"}' |
    sed 's/.*"token":"\([^"]*\)".*/\1/')
auth="Authorization: Bearer $token"
session=$(curl -s "$url/api/v1/chat/sessions" -H "$auth" -H "$json" -d '{}' |
    sed 's/.*"session_id":"\([^"]*\)".*/\1/')
curl -s "$url/api/v1/documents?name=tea.md" -H "$auth" \
    -H 'Content-Type: text/markdown' \
    --data-binary '# Tea

The best tea of the house is oolong, brewed for four minutes.
' >"$dir/document"
like "$(cat "$dir/document")" '*document_id*"bytes":69*' 'a document by curl'
curl -sN "$url/api/v1/chat/sessions/$session/messages" -H "$auth" \
    -H "$json" -d '{"content":"Which tea is the best?"}' >"$dir/stream"
is $? 0 'curl -N reads a whole stream'
is "$(sed -n 1p "$dir/stream")" 'event: start' 'which begins with start'
is "$(grep -c '^event: done$' "$dir/stream")" 1 'and has one done'
like "$(sed -n 's/^data: {"content":"\(.*\)"}$/\1/p' "$dir/stream" |
    tr -d '\n')" '*oolong*' 'with the passage between'
is "$(tail -c 2 "$dir/stream" | od -An -tx1 | tr -d ' ')" '0a0a' \
    'and ends with a blank line'

# Its rows are in a database that other programs can read meanwhile.
if command -v sqlite3 >/dev/null 2>&1; then
    is "$(sqlite3 "$dir/chat.db" \
        "SELECT group_concat(role || ' ' || status, ', ') FROM messages")" \
        'user complete, assistant complete' 'the rows are in SQLite'
    is "$(sqlite3 "$dir/chat.db" "SELECT count(*) FROM users
        WHERE instr(hex(token_hash), upper('$token')) > 0")" 0 \
        'the token is not'
else
    skip 'the rows are in SQLite' 'no sqlite3 here'
    skip 'the token is not' 'no sqlite3 here'
fi
case $(cat "$dir/chat.db" "$dir/chat.db-wal" 2>/dev/null | tr -d '\0') in
*"$token"*) not_ok 'the token is in no file' ;;
*) ok 'the token is in no file' ;;
esac

kill -TERM "$first"
wait "$first"
is $? 0 'SIGTERM: exit status 0'
is "$(cat "$dir/first.err")" '' 'nothing to complain about'

# The same by variables; a message of an older run is still there.
SSE_CHAT_LISTEN=127.0.0.1:0 SSE_CHAT_DB=$dir/chat.db \
    SSE_CHAT_UPSTREAM=http://127.0.0.1:9/v1 start second
like "$(cat "$dir/second.out")" \
    '*upstream http://127.0.0.1:9/v1/chat/completions*' 'says the upstream'
like "$(curl -s "$url/api/v1/chat/sessions/$session/messages" -H "$auth")" \
    '*Which tea is the best*' 'messages outlive the process'
kill -INT "$pid"
wait "$pid"
is $? 0 'SIGINT: exit status 0'

# Ctrl-C in the middle of an answer.
SSE_CHAT_OFFLINE_DELAY_MS=1000
start third --listen 127.0.0.1:0 --db "$dir/chat.db"
rm "$dir/stream" # what it holds is of before
curl -sN "$url/api/v1/chat/sessions/$session/messages" -H "$auth" \
    -H "$json" -d '{"content":"And the worst?"}' >"$dir/stream" &
wait_until 60 grep -q 'event: chunk' "$dir/stream"
kill -INT "$pid"
wait_until 60 grep -q 'second signal does not wait' "$dir/third.err"
is $? 0 'says that it waits for an answer'
kill -INT "$pid"
wait "$pid"
is $? 0 'and does not after a second signal'
like "$(tail -n 2 "$dir/stream")" '*"code":"truncated"*' \
    'whoever reads it is told that it is cut'

done_testing
