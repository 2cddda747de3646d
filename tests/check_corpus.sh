# check_corpus.sh - every fuzz target holds on its corpus, and those that read
# streams on all vectors.
#
# SPDX-License-Identifier: MIT
. "$(dirname "$0")/support/tap.sh"

# What targets that read streams read before the stream.  Scratch, cuts, pauses
# and limits, policies: whole; byte by byte; in pieces with pauses; each overflow
# policy; each end of stream; plain; counted; grown and given up.  For the others
# cuts, and what else they choose.
prefixes_of() {
    case $1 in
    splits)
        echo 00000004 3f030004 7f2d0305 80150306 011f3104 3f07000c 3f0b0214 \
            3f0d0010 3f11011d 40020116 c0290005 7f1f0324 c0030044 \
            00034014 002d4516 ;;
    fragments) echo 00000004 01030005 072d0305 3f150304 ;;
    curl_pause) echo 0000000000 0100030100 0200010200 0305070301 ;;
    utf8) echo 0000 0300 2d11 ;;
    roundtrip) echo 00 03 2d ;;
    esac
}

# replay PROGRAM ARGUMENT...: one test point; after a failure each file is run
# alone, to name the first that fails.
replay() {
    program=$1
    shift
    if count=$("$program" "$@" 2>/dev/null) && [ "$count" != '0 inputs' ]; then
        ok "$target holds on $count"
        return
    fi
    not_ok "$target fails"
    for file; do
        case $file in
        --prefix) continue ;;
        esac
        [ -f "$file" ] || continue
        for prefix in '' $prefixes; do
            if ! told=$("$program" --prefix "$prefix" "$file" 2>&1); then
                note "prefix $prefix of $file:"
                note "$(printf '%s\n' "$told" | head -n 40 | cut -c 1-200)"
                return
            fi
        done
    done
}

unnamed=
for program in "$BUILD"/fuzz/replay_*; do
    target=${program##*/replay_}
    grep -q "^| \`fuzz_$target\` |" "$TOP/fuzz/README.md" ||
        unnamed="$unnamed $target"
    prefixes=$(prefixes_of "$target")
    set --
    for file in "$TOP/fuzz/corpus/$target"/*; do
        [ ! -f "$file" ] || set -- "$@" "$file"
    done
    for prefix in $prefixes; do
        set -- "$@" --prefix "$prefix" "$TOP"/tests/cases/*.sse
    done
    replay "$program" "$@" 2>/dev/null
done
is "$unnamed" '' 'fuzz/README.md says what each target holds'
done_testing
