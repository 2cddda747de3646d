# check_layout.sh - the public structs look as they did when programs were
# compiled against them.
#
# SPDX-License-Identifier: MIT
#
# tests/abi/layout.txt is for 64-bit systems.  A difference is a decision: it
# takes a new SONAME number and a line in CHANGELOG.md, and only then
#
#   sh tests/check_layout.sh --update
. "$(dirname "$0")/support/tap.sh"

update=${1:-}
cc=${CC:-cc}
want=$TOP/tests/abi/layout.txt
curl_flags=$(FLAGS='' "$TOP/scripts/probe" "$TMPDIR/probe" libcurl cflags)
has_curl=$(FLAGS='' "$TOP/scripts/probe" "$TMPDIR/probe" libcurl libs)

set --
for header in "$TOP"/include/sse/*.h; do
    if [ "${header##*/}" != curl.h ] || [ -n "$has_curl" ]; then
        set -- "$@" "$header"
    fi
done
awk -f "$TOP/tests/abi/layout.awk" "$@" >"$TMPDIR/layout.c"
# A list of options.
# shellcheck disable=SC2086
succeeds 'the members of all public structs are known' $cc -std=c99 \
    $curl_flags -I"$TOP/include" -o "$TMPDIR/layout" "$TMPDIR/layout.c"
"$TMPDIR/layout" >"$TMPDIR/layout.txt"

structs=$(cat "$@" | grep -c '^} sse_[a-z_0-9]*;')
enums=$(cat "$@" | grep -c '^typedef enum')
is "$(grep -c ' size ' "$TMPDIR/layout.txt")" "$((structs - enums))" \
    'no public struct is left out'

if [ "$update" = --update ]; then
    cp "$TMPDIR/layout.txt" "$want"
fi
pointer=$(sed -n 's/^sse_event\.type 0 //p' "$TMPDIR/layout.txt")
if [ "$pointer" != 8 ]; then
    skip 'the layout is the one in tests/abi/layout.txt' 'not a 64-bit system'
elif [ -z "$has_curl" ]; then
    grep -v '^sse_curl' "$want" >"$TMPDIR/want.txt"
    is_file "$TMPDIR/layout.txt" "$TMPDIR/want.txt" \
        'the layout is the one in tests/abi/layout.txt'
else
    is_file "$TMPDIR/layout.txt" "$want" \
        'the layout is the one in tests/abi/layout.txt'
fi
done_testing
