# check_readme.sh - the README's program runs, its figures and links hold.
#
# SPDX-License-Identifier: MIT
. "$(dirname "$0")/support/tap.sh"

cc=${CC:-cc}
readme=$TOP/README.md

sed -n '/^```c$/,/^```$/p' "$readme" | sed '1d;$d' >"$TMPDIR/program.c"
# The list of options is one of words; the library is linked as it was built.
# shellcheck disable=SC2086
succeeds 'the program compiles without a warning' $cc -std=c99 -Wall -Wextra \
    -pedantic -Werror ${SAN:+-fsanitize=$SAN} -I"$TOP/include" \
    "$TMPDIR/program.c" "$BUILD/lib/libsse.a" -o "$TMPDIR/program"
is "$(printf 'event: greeting\ndata: hello\n\n' | "$TMPDIR/program")" \
    'greeting: hello' 'the program prints what the README says'
printf 'data: cut' | "$TMPDIR/program"
is $? 1 'the program tells a stream that is cut short'

# What it says of trying it out, with the folder of this build.
mkdir "$TMPDIR/tree"
ln -s "$TOP/include" "$TMPDIR/tree/include"
ln -s "$BUILD" "$TMPDIR/tree/build"
cp "$TMPDIR/program.c" "$TMPDIR/tree/"
words=$(sed -n 's/^(In the tree.*`cc \(.*\)`.)$/\1/p' "$readme")
# shellcheck disable=SC2086
(cd "$TMPDIR/tree" && $cc ${SAN:+-fsanitize=$SAN} $words) 2>&1
is "$(printf 'data: hello\n\n' | "$TMPDIR/tree/a.out")" \
    'message: hello' 'it is tried out as the README says'

cat >"$TMPDIR/size.c" <<'END'
#include <sse/sse.h>
#include <stdio.h>
int main(void)
{
    printf("%lu\n", (unsigned long)sizeof(sse_parser));
    return 0;
}
END
$cc -I"$TOP/include" "$TMPDIR/size.c" -o "$TMPDIR/size"
size=$("$TMPDIR/size")
if [ "$(getconf LONG_BIT)" = 64 ]; then
    is "$(sed -n 's/.*is a struct of \([0-9]*\) bytes.*/\1/p' "$readme")" \
        "$size" 'the parser is as large as the README says'
fi
if [ "$size" -le 256 ]; then
    ok 'the parser takes at most 256 bytes'
else
    not_ok "the parser takes $size bytes"
fi

missing=
for link in $(sed -n 's/.*](\([^):]*\)).*/\1/p' "$readme"); do
    [ -e "$TOP/$link" ] || missing="$missing $link"
done
is "$missing" '' 'every link leads somewhere'

missing=
for example in "$TOP"/examples/*.c; do
    name=${example##*/}
    grep -q "^| \[$name\]($name) |" "$TOP/examples/README.md" ||
        missing="$missing $name"
done
is "$missing" '' 'every example is in the table of examples'
missing=
for link in $(sed -n 's/.*](\([^):]*\)).*/\1/p' "$TOP/examples/README.md"); do
    [ -e "$TOP/examples/$link" ] || missing="$missing $link"
done
is "$missing" '' '... whose links lead somewhere'

for name in $(sed -n 's/^    make \([a-z]*\) .*/\1/p' "$readme"); do
    succeeds "make $name is there" grep -q "^## $name:" "$TOP/Makefile"
done
done_testing
