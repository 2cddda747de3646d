# check_flags.sh - the flags that each program takes, those of its help and
# those of its manual page are the same, short ones too.
#
# SPDX-License-Identifier: MIT
. "$(dirname "$0")/support/tap.sh"

man=$TOP/docs/man
bin=$BUILD/bin
cd "$TMPDIR" || exit 1
LC_ALL=C
export LC_ALL
unset SSE_SCAN
: >none

# in_help: the flags that a help on standard input explains, one a line.
in_help() {
    sed -nE 's/^  ((-[A-Za-z], )?--[a-z0-9-]+|-[A-Za-z]( .*|$)).*/\1/p' |
        grep -oE '^-[A-Za-z]|--[a-z0-9-]+' | sort
}

# in_page PAGE [COMMAND]: the flags that the page explains, but for those in
# its parts about commands; or those of the part about one.
in_page() {
    awk -v command="${2:-}" '
    /^\.S[sh] / { part = $1 == ".Ss" ? $3 : "" }
    $1 == ".It" && part == command {
        for (i = 2; i < NF; i++)
            if ($i == "Fl") print "-" $(i + 1)
    }' "$man/$1" | sort
}

# all_explained PAGE: whatever flag it speaks of, it explains somewhere.
all_explained() {
    awk '{ for (i = 1; i < NF; i++) if ($i ~ /^[.]?Fl$/) print "-" $(i + 1) }' \
        "$man/$1" | sort -u >spoken
    sed -n 's/^\.It //p' "$man/$1" | awk '{
        for (i = 1; i < NF; i++) if ($i == "Fl") print "-" $(i + 1) }' |
        sort -u >explained
    is "$(comm -23 spoken explained)" '' "$1 speaks of no flag but its own"
}

# Every flag that a program might take, to be tried with each of them.
flags="$(printf -- '-%s ' a b c d e f g h i j k l m n o p q r s t u v w x y z \
    A B C D E F G H I J K L M N O P Q R S T U V W X Y Z)
$(cat "$TOP"/tools/sse/*.[ch] "$TOP"/examples/chat/*.c "$TOP"/bench/*.c |
    grep -oE '"--[a-z0-9-]+"' | tr -d '"' | sort -u)
$(sed -nE 's/^    \{"([a-z-]+)", .*/--\1/p' "$TOP/examples/chat/config.c")"

# taken REFUSAL COMMAND...: those that the command takes.  REFUSAL is how it
# speaks of the others.  One stands behind each, twice, since the first may be
# taken for a value: so no server is started.
taken() {
    refusal=$1
    shift
    for flag in $flags; do
        said=$("$@" "$flag" --no-such-flag --no-such-flag <none 2>&1)
        case $said in
        *"$refusal$flag" | *"$refusal$flag"[!a-z-]*) ;;
        *) echo "$flag" ;;
        esac
    done | sort -u
}

# same NAME REFUSAL COMMAND...: the command takes what is in `want`.
same() {
    name=$1
    shift
    taken "$@" >got
    is_file got want "$name takes the flags of its help, and no other"
}

# built PROGRAM: it is there, or told to be missing.
built() {
    [ -x "$bin/$1" ] || { skip "the flags of $1" 'it was not built'; false; }
}

if built sse; then
    "$bin/sse" --help | in_help >want
    in_page sse.1 >got
    is_file got want 'sse.1 has the flags of sse --help'
    all_explained sse.1
    same sse 'there is no flag "' "$bin/sse"
    for command in $("$bin/sse" help | sed -n 's/^  sse \([a-z]*\) .*/\1/p')
    do
        "$bin/sse" help "$command" | in_help >want
        { in_page sse.1 "$command"; printf '%s\n' -h --help; } | sort >got
        is_file got want "sse.1 has the flags of sse $command --help"
        same "sse $command" 'there is no flag ' "$bin/sse" "$command"
    done
fi
if built sse-chat; then
    "$bin/sse-chat" --help | in_help >want
    in_page sse-chat.1 >got
    is_file got want 'sse-chat.1 has the flags of sse-chat --help'
    all_explained sse-chat.1
    same sse-chat 'unknown argument ' "$bin/sse-chat"
fi
if built sse-bench; then
    "$bin/sse-bench" --help | in_help >want
    same sse-bench 'no such flag: ' "$bin/sse-bench" parse
fi
done_testing
