# check_dist.sh - the release archive is the same bytes every time, and what
# comes out of it builds and passes.
#
# SPDX-License-Identifier: MIT
. "$(dirname "$0")/support/tap.sh"

if ! git -C "$TOP" rev-parse HEAD >/dev/null 2>&1; then
    skip 'the archive' 'this tree is no git checkout'
    done_testing
fi

# The flags of a make that runs this are not for those it runs.
unset MAKEFLAGS MFLAGS MAKELEVEL
for turn in one two; do
    succeeds "archive $turn" make -s -C "$TOP" dist BUILD="$TMPDIR/$turn"
done
archive=$(cd "$TMPDIR/one/dist" && ls)
is_file "$TMPDIR/one/dist/$archive" "$TMPDIR/two/dist/$archive" \
    'two archives are the same bytes'

mkdir "$TMPDIR/out"
succeeds 'it unpacks' tar -xzf "$TMPDIR/one/dist/$archive" -C "$TMPDIR/out"
tree=$TMPDIR/out/${archive%.tar.gz}
is "$(cd "$tree" && find . -type f | sed 's@^\./@@' | sort)" \
    "$(git -C "$TOP" ls-tree -r --name-only HEAD | sort)" \
    'it holds what is committed'
passed=$(make -s -C "$tree" check-core ONLY='cases finish replay' \
    BUILD="$TMPDIR/build" 2>"$TMPDIR/errors" | tail -n 1)
like "$passed" '*[1-9]* passed, 0 failed' 'tests of the core pass there'
[ ! -s "$TMPDIR/errors" ] || note "$(cat "$TMPDIR/errors")"
done_testing
