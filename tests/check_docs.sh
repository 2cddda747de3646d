# check_docs.sh - manual pages and texts say what is so: every function has
# its page, every synopsis is the header's, every example compiles and does
# what the text shows, every reference leads somewhere.
#
# SPDX-License-Identifier: MIT
. "$(dirname "$0")/support/tap.sh"

cc=${CC:-cc} san=${SAN_FLAGS:-}
man=$TOP/docs/man
work=$TMPDIR/docs
mkdir "$work"
PATH=$BUILD/bin:$PATH
LC_ALL=C
export PATH LC_ALL

texts=$(cd "$TOP" && echo README.md docs/*.md)
for page in "$man"/*.[1-9]; do
    name=${page##*/}
    awk -v page="$name" -v dir="$work" -f "$TOP/tests/support/mdoc.awk" \
        "$page" | sed "s/^/$name /"
done >"$work/pages"
for text in $texts; do
    name=${text##*/}
    awk -v page="${name%.md}" -v dir="$work" \
        -f "$TOP/tests/support/fences.awk" "$TOP/$text" | sed "s|^|$text |"
done >"$work/texts"

# all KIND: the words of that kind, of pages and texts.
all() {
    awk -v kind="$1" '$2 == kind { print $3 }' "$work/pages" "$work/texts"
}

# Pages: the format.
for page in "$man"/*.[1-9]; do
    name="${page##*/} is well-formed"
    if command -v mandoc >/dev/null 2>&1; then
        # Whether references lead somewhere is asked below.
        is "$(mandoc -T lint -W style "$page" 2>&1 | grep -v \
            -e 'referenced manual not found' -e 'outdated mandoc.db')" \
            '' "$name"
    elif command -v groff >/dev/null 2>&1; then
        is "$(groff -mdoc -ww -z "$page" 2>&1)" '' "$name"
    else
        skip "$name" 'there is neither mandoc nor groff'
    fi
done

is "$(grep -nE '^\.Fn [a-z_0-9]+ , [a-z]' "$man"/*.3)" '' \
    'every function in a list has its parentheses'

# Names: each function in one page, no page of a function that is not there.
awk '{ print $2 }' "$TOP/tests/abi/symbols.txt" | sort >"$work/symbols"
awk '$1 ~ /\.3$/ && $2 == "name" { print $3 }' "$work/pages" | sort \
    >"$work/names"
sed -n 's/^static inline .*\(sse_[a-z_]*\)(.*/\1/p' \
    "$TOP"/include/sse/event.h | cat - "$work/symbols" |
    sort >"$work/functions"
is "$(uniq -d "$work/names")" '' 'no function is in two pages'
is "$(comm -13 "$work/names" "$work/functions")" '' 'every function has a page'
is "$(comm -23 "$work/names" "$work/functions")" libsse \
    'no page names a function that is not there'
awk '$1 ~ /\.3$/ && $2 == "name" && $3 != "libsse" { print $1, $3 }' \
    "$work/pages" | sort >"$work/named"
awk '$2 == "function" { print $1, $3 }' "$work/pages" | sort >"$work/shown"
is_file "$work/shown" "$work/named" \
    'each synopsis shows the functions that its page names'

dead=
for target in $(awk '$2 == "xref" && $3 ~ /^(lib)?sse/ { print $3 "." $4 }' \
    "$work/pages" | sort -u); do
    [ -f "$man/$target" ] || grep -qx "${target%.3}" "$work/names" ||
        dead="$dead $target"
done
is "$dead" '' 'every reference to a page of ours leads to one'

# Words: what looks like ours is in the headers, or is a figure that
# `sse serve` gives at /metrics; and the other way round.
{
    cat "$TOP"/include/sse/*.h | grep -ow '[sS][sS][eE]_[A-Za-z0-9_]*'
    sed -n 's/.*put(&*text, "\([a-z_]*\)".*/sse_\1/p' \
        "$TOP/tools/sse/serve_metrics.c"
} | sort -u >"$work/words"
pages=$(cd "$man" && ls -- *.3 | tr '\n' '|' | sed 's/\.3//g; s/|$//')
known="SSE_CHAT_.*|SSE_NO_SIMD|SSE_SCAN|SSE_PREFIX|sse_priv_.*|SSE_PRIV_.*|$pages"
# shellcheck disable=SC2086
is "$(cd "$TOP" && sed 's/\\[&e-]//g' docs/man/*.[1-9] $texts |
    grep -ow '[sS][sS][eE]_[A-Za-z0-9_]*' | sort -u |
    comm -23 - "$work/words" | grep -vixE "$known")" '' \
    'every name of ours in pages and texts is in the headers'
cat "$man"/*.3 | grep -ow 'SSE_[A-Z0-9_]*' | sort -u >"$work/told"
is "$(cat "$TOP"/include/sse/*.h | grep -ohE \
    '^(#define| +)? *SSE_[A-Z0-9_]+( = |, *$|, /|,?$| [0-9(U])' |
    grep -ow 'SSE_[A-Z0-9_]*' | grep -v -e '_H$' -e SSE_API | sort -u |
    comm -23 - "$work/told")" '' 'every constant is in a page'

# Members of public structs, but for the private and the reserved ones.
for header in "$TOP"/include/sse/*.h; do
    awk '
    { text = text $0 "\n" }
    END {
        while ((at = index(text, "/*")) > 0)
            text = substr(text, 1, at - 1) \
                substr(text, at + index(substr(text, at), "*/") + 1)
        n = split(text, line, "\n")
        for (i = 1; i <= n; i++) {
            if (line[i] ~ /^typedef struct [a-z_0-9]* \{/) {
                split(line[i], word, " ")
                struct = word[3]
            } else if (line[i] ~ /^}/) {
                struct = ""
            } else if (struct != "" && line[i] ~ /^    [a-z].*;/) {
                sub(/;.*/, "", line[i])
                count = split(line[i], word, ",")
                for (k = 1; k <= count; k++) {
                    sub(/.*[ *]/, "", word[k])
                    if (word[k] ~ /^[a-z_0-9]*[a-z0-9]$/ &&
                        word[k] !~ /^reserved/)
                        print struct, word[k]
                }
            }
        }
    }' "$header"
done | sort -u >"$work/members"
lost=
while read -r struct member; do
    # shellcheck disable=SC2046
    (cd "$man" && cat $(grep -lw "$struct" ./*.3) /dev/null) | grep -E '^\.(Fa|It|Pq)' |
        grep -qw "$member" || lost="$lost $struct.$member"
done <"$work/members"
is "$lost" '' 'every member of a public struct is in a page that names it'

# What the compiler says.  Options are lists of words.
# Words are split, so the paths among them are links without a space.
ln -s "$TOP/include" "$work/include"
ln -s "$BUILD/lib" "$work/lib"
flags="-std=c99 -pedantic -Wall -Wextra -Werror -I$work/include"
curl_flags= curl_libs=
if [ -f "$BUILD/lib/libsse-curl.a" ]; then
    curl_flags=$("$TOP/scripts/probe" "$work" libcurl cflags)
    curl_libs=$("$TOP/scripts/probe" "$work" libcurl libs)
fi
buildable() {
    [ -n "$curl_libs" ] || ! grep -q 'sse/curl\.h' "$1"
}

# A function or type declared twice must be the same both times.
synopses=
for file in "$work"/*.3.synopsis.c; do
    ! buildable "$file" || synopses="$synopses $file"
done
# shellcheck disable=SC2086
succeeds 'each synopsis says what the headers say' $cc $flags -std=c11 \
    $curl_flags -fsyntax-only $synopses

parts=
for name in $(all part); do
    ! buildable "$work/$name.c" || parts="$parts $work/$name.c"
done
# shellcheck disable=SC2086
succeeds 'each part of a program in the texts compiles' $cc $flags \
    -D_XOPEN_SOURCE=700 -Wno-unused-function $curl_flags -fsyntax-only $parts

libraries=
for name in hub curl sock llm; do
    [ ! -f "$BUILD/lib/libsse-$name.a" ] ||
        libraries="$libraries $work/lib/libsse-$name.a"
done
is "$(all code | sort | uniq -d)" '' 'no two programs have the same name'
for name in $(all code); do
    if buildable "$work/$name.c"; then
        # shellcheck disable=SC2086
        succeeds "$name.c compiles" $cc $flags $san $curl_flags -pthread \
            -o "$work/$name" "$work/$name.c" $libraries \
            "$BUILD/lib/libsse.a" $curl_libs
    else
        skip "$name.c compiles" 'there is no libcurl'
    fi
done

# Sessions: the commands, run together, print what is shown.
for session in $(all session); do
    name="$session: the session runs as shown"
    awk -v base="$work/$session" '
    /^\$ / || (command && /^>/) {
        command = 1
        print substr($0, 3) >(base ".sh")
        next
    }
    { command = 0; print >(base ".want") }' "$work/$session.session"
    : >>"$work/$session.want"
    missing=
    for program in $(grep -o '\./[a-z_0-9]*' "$work/$session.sh"); do
        [ -x "$work/$program" ] || missing=$program
    done
    if [ -n "$missing" ]; then
        skip "$name" "$missing could not be built here"
    elif [ -z "$curl_libs" ] && grep -q 'sse cat.*url' "$work/$session.sh"
    then
        skip "$name" 'there is no libcurl'
    elif grep -qw curl "$work/$session.sh" &&
        ! command -v curl >/dev/null 2>&1; then
        skip "$name" 'there is no curl'
    else
        (cd "$work" && timeout 120 sh "$session.sh") >"$work/$session.got" 2>&1
        status=$?
        is_file "$work/$session.got" "$work/$session.want" "$name"
        is "$status" 0 "$session: it ends with 0"
    fi
done

# The commands; their flags are looked at by check_flags.sh.
if [ -x "$BUILD/bin/sse" ]; then
    for command in $(sse help | sed -n 's/^  sse \([a-z]*\) .*/\1/p'); do
        succeeds "sse.1 has $command" grep -qx "\.Ss sse $command" "$man/sse.1"
    done
fi

# Texts.
is "$(awk '$2 == "long"' "$work/texts")" '' 'no line of text is too long'
dead=
while read -r text kind target; do
    [ "$text $kind" = "README.md link" ] || [ "$kind" != link ] || [ -e "$TOP/$(dirname "$text")/$target" ] ||
        dead="$dead $text:$target"
done <"$work/texts"
is "$dead" '' 'every relative link leads somewhere'

if [ -f "$TOP/docs/internals.md" ]; then
    grep -oE '`[a-z_0-9]+\.(c|h)`' "$TOP/docs/internals.md" | tr -d '`' |
        sort -u >"$work/explained"
    (cd "$TOP/libsse" && ls ./*.[ch]) | sed 's|^\./||' | sort >"$work/files"
    is_file "$work/explained" "$work/files" \
        'docs/internals.md explains every file of libsse/, and no other'
fi
done_testing
