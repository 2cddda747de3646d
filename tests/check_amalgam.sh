# check_amalgam.sh - the core as two files passes the tests of the core, and
# SSE_PREFIX renames all that a linker sees of it.
#
# SPDX-License-Identifier: MIT
. "$(dirname "$0")/support/tap.sh"

cc=${CC:-cc}
dir=$TMPDIR/amalgam
sanitize=${SAN:+-fsanitize=$SAN}

(cd "$TMPDIR" && "$TOP/libsse/amalgam.sh" amalgam)
is "$(ls "$dir")" 'sse.c
sse.h' 'the two files are made, named from where one stands'
version=$(sed -n 's/^#define SSE_VERSION_[A-Z]* *\([0-9]\)/\1/p' \
    "$TOP/include/sse/version.h" | tr '\n' .)
like "$(head -n 1 "$dir/sse.h")" "*libsse ${version%.},*" \
    'the first line has the version'
# Lists of options.
# shellcheck disable=SC2086
succeeds 'they compile without a warning' $cc -std=c99 -O1 -Wall -Wextra \
    -pedantic -Werror $sanitize -c "$dir/sse.c" -o "$dir/sse.o"
succeeds 'and without vector code' $cc -std=c99 -Os -Wall -Wextra -pedantic \
    -Werror -DSSE_NO_SIMD -c "$dir/sse.c" -o "$dir/small.o"
# Compiling alone: what the program is linked with later does not matter.
succeeds 'and under the sanitizers' $cc -std=c99 -O1 \
    -fsanitize=address,undefined -c "$dir/sse.c" -o "$dir/sane.o"
# shellcheck disable=SC2086
succeeds 'and with a prefix' $cc -std=c99 -O1 -Wall -Wextra -pedantic \
    -Werror -DSSE_PREFIX=my_ $sanitize -c "$dir/sse.c" -o "$dir/my.o"
is "$(nm -g --defined-only "$dir/my.o" | awk '{ print $3 }' |
    grep -v '^my_sse_' | grep '^sse')" '' \
    'the prefix is in front of every name'

sed -n '/^```c$/,/^```$/p' "$TOP/README.md" | sed '1d;$d' |
    sed 's@<sse/sse.h>@"sse.h"@' >"$dir/program.c"
# shellcheck disable=SC2086
succeeds 'a program and two copies of the core link' $cc -DSSE_PREFIX=my_ \
    $sanitize -I"$dir" "$dir/program.c" "$dir/my.o" "$dir/sse.o" \
    -o "$dir/program"
is "$(printf 'data: hello\n\n' | "$dir/program")" 'message: hello' \
    'and the program runs'
if command -v "${CXX:-c++}" >/dev/null 2>&1; then
    printf '#include "sse.h"\nint main() { return sse_version()[0] != 48; }\n' \
        >"$dir/program.cc"
    # shellcheck disable=SC2086
    succeeds 'the header serves C++ too' "${CXX:-c++}" -std=c++11 $sanitize \
        -I"$dir" "$dir/program.cc" "$dir/sse.o" -o "$dir/program"
    { echo '#include "sse.c"'; cat "$dir/program.c"; } >"$dir/one.cc"
    # shellcheck disable=SC2086
    succeeds 'both and a program are one file of C++' "${CXX:-c++}" \
        -std=c++17 -O1 -Wall -Wextra -Werror $sanitize "$dir/one.cc" \
        -o "$dir/one"
    is "$(printf 'data: hello\n\n' | "$dir/one")" 'message: hello' \
        'and that program runs'
fi

# The tests' own objects, linked with the amalgamation in the library's place.
for object in "$BUILD"/obj/tests/core/test_*.o; do
    name=$(basename "$object" .o)
    # shellcheck disable=SC2086
    $cc $sanitize "$object" "$BUILD/obj/libsupport.a" "$dir/sse.o" \
        -o "$dir/$name" 2>"$dir/$name.err" &&
        "$dir/$name" >"$dir/$name.tap" 2>&1 &&
        grep -q '^1\.\.[1-9]' "$dir/$name.tap" &&
        ! grep -q '^not ok' "$dir/$name.tap"
    is $? 0 "$name passes"
done
done_testing
