# check_symbols.sh - what the libraries export, and what the core needs.
#
# SPDX-License-Identifier: MIT
#
# tests/abi/symbols.txt lists every public function as `LIBRARY FUNCTION`.
# A difference is a decision: a function taken away takes a new SONAME number,
# any change a line in CHANGELOG.md, and only then
#
#   sh tests/check_symbols.sh --update
. "$(dirname "$0")/support/tap.sh"

update=${1:-}
cc=${CC:-cc} nm=${NM:-nm} ar=${AR:-ar}
want=$TOP/tests/abi/symbols.txt
LC_ALL=C
export LC_ALL

# Shared libraries: exactly what is listed, all of it ours.
: >"$TMPDIR/exported"
for file in "$BUILD"/lib/libsse*.so; do
    [ -f "$file" ] || continue
    library=$(basename "$file" .so)
    $nm -D --defined-only "$file" | awk -v library="$library" '
        $2 != "A" { sub(/@.*/, "", $3); print library, $3 }' |
        sort >"$TMPDIR/$library.txt"
    cat "$TMPDIR/$library.txt" >>"$TMPDIR/exported"
    if [ "$update" != --update ]; then
        grep "^$library " "$want" >"$TMPDIR/want.txt"
        is_file "$TMPDIR/$library.txt" "$TMPDIR/want.txt" \
            "$library exports what tests/abi/symbols.txt says"
    fi
    soname=$(${READELF:-readelf} -d "$file" |
        sed -n 's/.*SONAME.*\[\(.*\)\].*/\1/p')
    like "$soname" "$library.so.[0-9]*" "$library has a SONAME"
done
if [ "$update" = --update ]; then
    sort "$TMPDIR/exported" >"$want"
fi
if [ ! -s "$TMPDIR/exported" ]; then
    skip 'what the shared libraries export' 'they were not built'
fi

# Archives have no hidden names: whatever is global there is a promise to
# clash with nobody's.
for file in "$BUILD"/lib/libsse*.a; do
    strangers=$($nm --defined-only "$file" 2>/dev/null | awk '
        NF == 3 && $2 ~ /^[A-TV-Z]$/ && $3 !~ /^_*sse_/ &&
            $3 !~ /^__?_?(asan|odr_asan|sanitizer|sancov|start|stop|llvm)/ &&
            $3 !~ /^\.L|^DW\.ref|^__x86\.get_pc|^__.*_guard/ { print $3 }')
    is "$strangers" '' "every global name in $(basename "$file") begins with sse_"
done

# Zero heap as a fact of linking: the core, compiled plainly, needs four
# functions that move bytes and nothing else.
core=$TMPDIR/core
mkdir "$core"
for level in -Os -O2; do
    rm -f "$core"/*
    # One run of the compiler for all sources.
    # shellcheck disable=SC2086
    if ! (cd "$core" && $cc -std=c99 $level -fno-stack-protector \
        -DSSE_BUILDING -I"$TOP/include" -c "$TOP"/libsse/*.c &&
        $ar rcs libsse.a ./*.o) 2>"$TMPDIR/errors"; then
        not_ok "the core compiles with $level"
        note "$(cat "$TMPDIR/errors")"
        continue
    fi
    needed=$($nm -u "$core/libsse.a" | awk '
        $1 == "U" && $2 !~ /^_*sse_/ && $2 !~ /^_?mem(cpy|move|set|cmp)$/ &&
            $2 != "_GLOBAL_OFFSET_TABLE_" { print $2 }' | sort -u)
    is "$needed" '' \
        "with $level the core needs only memcpy, memmove, memset and memcmp"
done

# The same, told by the linker: a program of the whole core and those four,
# without a C library.  The compiler's own run-time may help, on processors
# that cannot divide for example.
cat >"$TMPDIR/four.c" <<'END'
#include <stddef.h>
void *memcpy(void *to, const void *from, size_t len);
void *memmove(void *to, const void *from, size_t len);
void *memset(void *to, int byte, size_t len);
int memcmp(const void *a, const void *b, size_t len);
void _start(void);

void *memcpy(void *to, const void *from, size_t len)
{
    return memmove(to, from, len);
}
void *memmove(void *to, const void *from, size_t len)
{
    volatile char *t = (volatile char *)to;
    const volatile char *f = (const volatile char *)from;
    if ((size_t)to - (size_t)from >= len) {
        for (size_t i = 0; i < len; i++) {
            t[i] = f[i];
        }
    } else {
        for (size_t i = len; i > 0; i--) {
            t[i - 1] = f[i - 1];
        }
    }
    return to;
}
void *memset(void *to, int byte, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        ((volatile char *)to)[i] = (char)byte;
    }
    return to;
}
int memcmp(const void *a, const void *b, size_t len)
{
    const volatile unsigned char *x = (const volatile unsigned char *)a;
    const volatile unsigned char *y = (const volatile unsigned char *)b;
    for (size_t i = 0; i < len; i++) {
        if (x[i] != y[i]) {
            return x[i] < y[i] ? -1 : 1;
        }
    }
    return 0;
}
void _start(void)
{
    for (;;) {
    }
}
END
if [ "$(uname -s)" = Linux ]; then
    succeeds 'the whole core links without a C library' \
        $cc -std=c99 -O2 -ffreestanding -fno-stack-protector -nostdlib \
        -static -o "$TMPDIR/bare" "$TMPDIR/four.c" \
        -Wl,--whole-archive "$core/libsse.a" -Wl,--no-whole-archive -lgcc
else
    skip 'the whole core links without a C library' 'tried on Linux only'
fi
done_testing
