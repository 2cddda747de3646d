# check_install.sh - what is installed can be found, compiled against, linked
# with, run, and taken away again.
#
# SPDX-License-Identifier: MIT
. "$(dirname "$0")/support/tap.sh"

cc=${CC:-cc} cxx=${CXX:-c++} make=${MAKE:-make}
pkg_config=${PKG_CONFIG:-pkg-config} san=${SAN_FLAGS:-}
prefix=$TMPDIR/prefix stage=$TMPDIR/stage

# The build directory as it is named in the tree: make knows no spaces.
make_in_tree() {
    $make -C "$TOP" BUILD="${BUILD#"$TOP"/}" "$@"
}

# Staged for packaging: nothing outside DESTDIR, nothing that names it.
succeeds 'make install DESTDIR=... PREFIX=/usr works' \
    make_in_tree install DESTDIR="$stage" PREFIX=/usr
for file in include/sse/sse.h lib/libsse.a lib/pkgconfig/libsse.pc \
    lib/cmake/libsse/libsseConfig.cmake bin/sse share/man/man1/sse.1 \
    share/man/man3/sse_parser.3 share/man/man3/sse_parser_feed.3; do
    succeeds "it installs $file" test -s "$stage/usr/$file"
done
curl=yes
[ -f "$stage/usr/lib/libsse-curl.a" ] || curl=no
is "$(cd "$stage/usr/share/man" && cat man?/* | awk '$1 == ".Xr" &&
    $2 ~ /^(lib)?sse/ { print "man" $3 "/" $2 "." $3 }' | sort -u |
    while read -r page; do
        [ -f "$page" ] || [ "$page:$curl" = man3/sse_curl.3:no ] || echo "$page"
    done)" '' \
    'each page of ours that a page refers to is installed'
is "$(find "$stage" -mindepth 1 -maxdepth 1)" "$stage/usr" \
    'it installs below PREFIX only'
is "$(grep -rlI -e "$stage" -e "$TOP" -e '@[A-Z_]*@' "$stage/usr")" '' \
    'no text file installed names the staging directory or the source tree'
succeeds 'make uninstall works' \
    make_in_tree uninstall DESTDIR="$stage" PREFIX=/usr
is "$(find "$stage" ! -type d)" '' 'it leaves no file behind'

# Part of it: what a part needs comes along.
succeeds 'make install ADAPTERS=... works' make_in_tree install \
    ADAPTERS='hub curl' DESTDIR="$stage" PREFIX=/usr
for file in include/sse/sock.h lib/libsse-sock.a lib/pkgconfig/libsse-sock.pc \
    share/man/man3/sse_server.3; do
    succeeds "with the hub it installs $file" test -s "$stage/usr/$file"
done
is "$(find "$stage" -name '*llm*')" '' 'and no adapter that was not asked for'
make_in_tree uninstall DESTDIR="$stage" PREFIX=/usr >/dev/null 2>&1
if make_in_tree ADAPTERS='sock tcp' libs >"$TMPDIR/log" 2>&1; then
    not_ok 'an adapter that there is not is refused'
else
    like "$(cat "$TMPDIR/log")" '*ADAPTERS*tcp*' \
        'an adapter that there is not is refused, and which is told'
fi

# In place, with a library directory as some systems have it.
succeeds 'make install PREFIX=... LIBDIR=... works' \
    make_in_tree install PREFIX="$prefix" libdir="$prefix/lib/here"
PKG_CONFIG_PATH=$prefix/lib/here/pkgconfig${PKG_CONFIG_PATH:+:$PKG_CONFIG_PATH}
LD_LIBRARY_PATH=$prefix/lib/here${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
export PKG_CONFIG_PATH LD_LIBRARY_PATH
version=$(sed -n 's/^Version: //p' "$prefix/lib/here/pkgconfig/libsse.pc")
libraries=$(cd "$prefix/lib/here" && ls ./*.a | sed 's|^\./||; s|\.a$||')

# A whole program in few lines: the data of each event of its input.
cat >"$TMPDIR/program.c" <<'END'
#include <sse/sse.h>
#include <stdio.h>

static int on_event(const sse_event *event, void *user)
{
    (void)user;
    printf("%.*s\n", (int)event->data_len, event->data);
    return SSE_GO;
}

int main(void)
{
    char scratch[4096], chunk[512];
    size_t len, used;
    sse_parser parser;
    if (sse_parser_init(&parser, scratch, sizeof scratch, on_event, NULL)) {
        return 1;
    }
    while ((len = fread(chunk, 1, sizeof chunk, stdin)) > 0) {
        sse_parser_feed(&parser, chunk, len, &used);
    }
    return sse_parser_finish(&parser, 1) != SSE_OK;
}
END
cp "$TMPDIR/program.c" "$TMPDIR/program.cc"

runs() {
    printf 'data: one\n\ndata: two\ndata: lines\n\n' | "$1"
}
answer='one
two
lines'

if ! $pkg_config --version >/dev/null 2>&1; then
    skip 'programs find libsse through pkg-config' "there is no $pkg_config"
else
    # Lists of options, here and below.
    # shellcheck disable=SC2046,SC2086
    succeeds 'a program in C builds through pkg-config' $cc -std=c99 \
        -pedantic -Wall -Wextra -Werror $san $($pkg_config --cflags libsse) \
        -o "$TMPDIR/c" "$TMPDIR/program.c" $($pkg_config --libs libsse)
    is "$(runs "$TMPDIR/c")" "$answer" 'it runs'
    # shellcheck disable=SC2046,SC2086
    succeeds 'it builds with the archive' $cc -std=c99 $san \
        $($pkg_config --cflags libsse) -o "$TMPDIR/a" "$TMPDIR/program.c" \
        "$prefix/lib/here/libsse.a"
    is "$(env -u LD_LIBRARY_PATH "$TMPDIR/a" </dev/null; echo $?)" 0 \
        'it runs without the shared library'
    if command -v "$cxx" >/dev/null 2>&1; then
        # shellcheck disable=SC2046,SC2086
        succeeds 'a program in C++ builds through pkg-config' $cxx \
            -std=c++11 -pedantic -Wall -Wextra -Werror $san \
            $($pkg_config --cflags libsse) -o "$TMPDIR/cc" \
            "$TMPDIR/program.cc" $($pkg_config --libs libsse)
        is "$(runs "$TMPDIR/cc")" "$answer" 'it runs as well'
    else
        skip 'a program in C++ builds through pkg-config' "there is no $cxx"
    fi
    is "$($pkg_config --modversion libsse)" "$version" \
        'pkg-config knows the version'
fi

# Spaces in the names of both.  A shell needs to be told to read what
# pkg-config prints as it would read a command.
spaced="$TMPDIR/own prefix"
succeeds 'make install DESTDIR=... PREFIX=... works where both have spaces' \
    make_in_tree install DESTDIR="$TMPDIR/a stage" PREFIX="$spaced"
succeeds 'its files are there' test -s "$TMPDIR/a stage$spaced/bin/sse"
succeeds 'make uninstall works there' \
    make_in_tree uninstall DESTDIR="$TMPDIR/a stage" PREFIX="$spaced"
is "$(find "$TMPDIR/a stage" ! -type d)" '' 'it leaves no file behind'
make_in_tree install PREFIX="$spaced" >/dev/null 2>&1
is "$(cd "$spaced" && find . | sort)" \
    "$(cd "$prefix" && find . | sed 's|lib/here/|lib/|' | grep -v /here$ |
        sort)" 'what is installed there is what is installed elsewhere'
if $pkg_config --version >/dev/null 2>&1; then
    flags=$(PKG_CONFIG_PATH=$spaced/lib/pkgconfig \
        $pkg_config --cflags --libs libsse)
    # A list of options.
    # shellcheck disable=SC2086
    succeeds 'a program builds through pkg-config where PREFIX has a space' \
        eval "$cc -std=c99 $san -o '$TMPDIR/s' '$TMPDIR/program.c' $flags"
else
    skip 'a program builds through pkg-config where PREFIX has a space' \
        "there is no $pkg_config"
fi

# Each library: its header is there and its first function can be linked.
for library in $libraries; do
    part=${library#libsse-}
    [ "$part" != "$library" ] || continue
    function=$(sed -n "s/^$library //p" "$TOP/tests/abi/symbols.txt" |
        head -n 1)
    printf '#include <sse/%s.h>\n%s\n' "$part" \
        "int main(void) { return (void (*)(void))$function == 0; }" \
        >"$TMPDIR/$part.c"
    # shellcheck disable=SC2046,SC2086
    succeeds "$library builds through pkg-config" $cc -std=c99 $san \
        $($pkg_config --cflags "$library") -o "$TMPDIR/$part" \
        "$TMPDIR/$part.c" $($pkg_config --libs "$library")
    succeeds "a program with $library runs" "$TMPDIR/$part"
done

# CMake: every target that is installed.
if ! command -v cmake >/dev/null 2>&1; then
    skip 'a project finds libsse through CMake' 'there is no cmake'
else
    mkdir "$TMPDIR/project"
    cp "$TMPDIR"/*.c "$TMPDIR/project"
    parts=$(for library in $libraries; do echo "${library#libsse-}"; done)
    {
        echo 'cmake_minimum_required(VERSION 3.10)'
        echo 'project(try C)'
        # One line of it.
        # shellcheck disable=SC2086
        echo "find_package(libsse $version REQUIRED COMPONENTS" $parts ')'
        echo 'add_executable(program program.c)'
        echo 'target_link_libraries(program libsse::libsse)'
        for part in $parts; do
            [ "$part" != libsse ] || continue
            echo "add_executable($part $part.c)"
            echo "target_link_libraries($part libsse::$part)"
        done
    } >"$TMPDIR/project/CMakeLists.txt"
    for kind in OFF ON; do
        succeeds "a project finds libsse through CMake, libsse_STATIC $kind" \
            env CC="$cc" cmake -S "$TMPDIR/project" -B "$TMPDIR/cmake-$kind" \
            -DCMAKE_PREFIX_PATH="$prefix" -Dlibsse_STATIC=$kind \
            -Dlibsse_DIR="$prefix/lib/here/cmake/libsse" \
            -DCMAKE_C_FLAGS="$san"
        succeeds 'it builds' cmake --build "$TMPDIR/cmake-$kind"
        is "$(runs "$TMPDIR/cmake-$kind/program")" "$answer" 'its program runs'
    done
    succeeds 'a project finds libsse where PREFIX has a space' \
        env CC="$cc" cmake -S "$TMPDIR/project" -B "$TMPDIR/cmake-spaced" \
        -DCMAKE_PREFIX_PATH="$spaced" -DCMAKE_C_FLAGS="$san"
    succeeds 'it builds' cmake --build "$TMPDIR/cmake-spaced" --target program
    is "$(LD_LIBRARY_PATH='' && runs "$TMPDIR/cmake-spaced/program")" \
        "$answer" 'its program runs'
    sed -i.old 's/libsse [0-9.]* /libsse 99 /' "$TMPDIR/project/CMakeLists.txt"
    if cmake -S "$TMPDIR/project" -B "$TMPDIR/cmake-99" \
        -Dlibsse_DIR="$prefix/lib/here/cmake/libsse" >"$TMPDIR/log" 2>&1; then
        not_ok 'a version that is not there is not found'
    else
        ok 'a version that is not there is not found'
    fi
fi

is "$(printf 'data: x\n\n' | "$prefix/bin/sse" cat --json 2>/dev/null)" \
    '{"type":"message","data":"x","id":""}' 'the installed command runs'
succeeds 'make uninstall finds everything' make_in_tree uninstall \
    PREFIX="$prefix" libdir="$prefix/lib/here"
is "$(find "$prefix" ! -type d)" '' 'nothing is left'
make_in_tree uninstall PREFIX="$spaced" >/dev/null 2>&1
is "$(find "$spaced" ! -type d)" '' 'nor where PREFIX has a space'

if make_in_tree BUILD='two words' libs >"$TMPDIR/log" 2>&1; then
    not_ok 'a BUILD with a space is refused'
else
    like "$(cat "$TMPDIR/log")" '*BUILD*space*' \
        'a BUILD with a space is refused, and why is told'
fi
done_testing
