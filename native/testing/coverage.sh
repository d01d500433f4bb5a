#!/usr/bin/env bash
# Lines of the bridge (native/ane) that its tests run: fails below 95 %.
#
#   native/testing/coverage.sh [FOLDER]     builds there (a temporary folder otherwise)
set -euo pipefail

LEAST=95
NATIVE=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
if [ $# -gt 0 ]; then
  mkdir -p "$1"
  WORK=$(cd "$1" && pwd -P)
else
  WORK=$(mktemp -d)
  trap 'rm -rf -- "$WORK"' EXIT
fi

cmake -S "$NATIVE" -B "$WORK" -DJANE_COVERAGE=ON >/dev/null
cmake --build "$WORK" -j2 >/dev/null
find "$WORK" -name '*.gcda' -exec rm -f {} +
ctest --test-dir "$WORK" -R '^ane_' --output-on-failure >"$WORK/ctest.log" ||
  { cat "$WORK/ctest.log"; exit 1; }

# gcov prints "File '...'" and "Lines executed:97.31% of 223" for every file it meets.
cd "$WORK/CMakeFiles/ane_objects.dir"
mapfile -t notes < <(find . ../janeane_objc.dir/ane/guard_objc* -name '*.gcno' 2>/dev/null)
gcov "${notes[@]}" 2>/dev/null | awk -v least=$LEAST '
  /^File / { file = $0; ours = file ~ /native\/ane\/|\/ane\/[a-z0-9_]*\.(c|cpp|m)\047/ }
  /^Lines executed:/ && ours {
    split($0, part, /[:% ]+/)
    count = $NF
    total += count
    run += count * part[3] / 100
    sub(/.*\//, "", file)
    printf "%6.2f %% of %4d lines  %s\n", part[3], count, substr(file, 1, length(file) - 1)
    ours = 0
  }
  END {
    if (total == 0) { print "no lines found"; exit 1 }
    printf "%6.2f %% of %4d lines of native/ane; need %d\n", 100 * run / total, total, least
    exit 100 * run / total < least
  }'
