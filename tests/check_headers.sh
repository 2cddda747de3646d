# check_headers.sh - each public header compiles alone, as C99 and as C++11, and
# so does each example, for those who copy it.
#
# SPDX-License-Identifier: MIT
. "$(dirname "$0")/support/tap.sh"

cc=${CC:-cc} cxx=${CXX:-c++}
strict='-pedantic -Wall -Wextra -Werror -fsyntax-only'
curl_flags=$(FLAGS='' "$TOP/scripts/probe" "$TMPDIR" libcurl cflags)
has_curl=$(FLAGS='' "$TOP/scripts/probe" "$TMPDIR" libcurl libs)

# Twice, so that the guard is tried too.
for path in "$TOP"/include/sse/*.h; do
    header=sse/${path##*/}
    printf '#include <%s>\n#include <%s>\nint sse_check_headers;\n' \
        "$header" "$header" >"$TMPDIR/alone.c"
    cp "$TMPDIR/alone.c" "$TMPDIR/alone.cc"
    if [ "$header" = sse/curl.h ] && [ -z "$has_curl" ]; then
        skip "$header" 'libcurl is not installed'
        continue
    fi
    # Lists of options.
    # shellcheck disable=SC2086
    succeeds "$header as C99" $cc -std=c99 $strict -Wstrict-prototypes \
        -Wc++-compat $curl_flags -I"$TOP/include" "$TMPDIR/alone.c"
    if command -v "$cxx" >/dev/null 2>&1; then
        # shellcheck disable=SC2086
        succeeds "$header as C++11" $cxx -std=c++11 $strict $curl_flags \
            -I"$TOP/include" "$TMPDIR/alone.cc"
    else
        skip "$header as C++11" "there is no $cxx"
    fi
done

# Examples are copied into programs with flags of their own.
strict='-pedantic -Wall -Wextra -Wconversion -Wsign-conversion -Wshadow'
strict="$strict -Werror -fsyntax-only"
for path in "$TOP"/examples/*.c "$TOP"/examples/common/*.c; do
    example=${path##*/}
    case $example in
    libuv_*) libraries='libcurl libuv' ;;
    libevent_*) libraries='libcurl libevent_pthreads' ;;
    microhttpd_*) libraries=libmicrohttpd ;;
    curl_*) libraries=libcurl ;;
    *) libraries= ;;
    esac
    flags='' lacking=''
    for library in $libraries; do
        if [ -z "$(FLAGS='' "$TOP/scripts/probe" "$TMPDIR" "$library" libs)" ]
        then
            lacking=$library
        fi
        flags="$flags $(FLAGS='' "$TOP/scripts/probe" "$TMPDIR" "$library" \
            cflags)"
    done
    if [ -n "$lacking" ]; then
        skip "$example" "$lacking is not installed"
        continue
    fi
    # shellcheck disable=SC2086
    succeeds "$example as C99" $cc -std=c99 $strict $flags \
        -I"$TOP/include" -I"$TOP/examples" "$path"
    if command -v "$cxx" >/dev/null 2>&1; then
        # shellcheck disable=SC2086
        succeeds "$example as C++11" $cxx -x c++ -std=c++11 $strict $flags \
            -I"$TOP/include" -I"$TOP/examples" "$path"
    else
        skip "$example as C++11" "there is no $cxx"
    fi
done

# The core stands on three headers of the language, and on vector headers in
# its scanners alone.
strangers=$(grep -n '^ *# *include <' "$TOP"/include/sse/event.h \
    "$TOP"/include/sse/parser.h "$TOP"/include/sse/writer.h \
    "$TOP"/include/sse/status.h "$TOP"/include/sse/version.h \
    "$TOP"/libsse/*.[ch] | grep -v '<std\(def\|int\)\.h>\|<string\.h>' |
    grep -v '<sse/' | grep -v '/scan_[a-z0-9_]*\.c:.*<[a-z0-9_]*\.h>$')
is "$strangers" '' 'the core includes nothing but stddef, stdint and string'

# Adapters stand on the core's public face; what is private to it stays so.
# One exception: the command forces a variant of the scan, for those who
# measure, by the hook that tests and benchmarks use too.
strangers=$(grep -n '^ *# *include [<"].*libsse/' \
    "$TOP"/adapters/*/*.[ch] "$TOP"/tools/*/*.[ch] 2>/dev/null |
    grep -v '/tools/sse/main\.c:[0-9]*:#include "libsse/scan\.h"$')
is "$strangers" '' 'adapters and tools include no private header of the core'
done_testing
