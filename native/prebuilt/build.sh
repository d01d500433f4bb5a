#!/usr/bin/env bash
# Builds the libraries that ship with Jane, on Debian 12: gcc-12 for Linux, clang-19 and lld-19 for
# macOS. The same sources and compilers give the same bytes, wherever the folder is.
#
#   native/prebuilt/build.sh            into this folder, with SHA256SUMS
#   native/prebuilt/build.sh --check    elsewhere, and compares
#
# Needs: apt-get install cmake make gcc-12 gcc-12-aarch64-linux-gnu libc6-dev-arm64-cross clang-19 lld-19
set -euo pipefail

HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
NATIVE=$(dirname "$HERE")
WORK=$(mktemp -d)
trap 'rm -rf -- "$WORK"' EXIT

OUT=$WORK/out

say() { printf '%s\n' "$*"; }

linux() { # FOLDER CMAKE_ARGUMENT...
  local folder=$1
  shift
  cmake -S "$NATIVE" -B "$WORK/$folder" "$@" >/dev/null
  cmake --build "$WORK/$folder" -j2 --target janekernels >/dev/null
  mkdir -p "$OUT/$folder"
  cp "$WORK/$folder/libjanekernels.so" "$OUT/$folder/"
}

# Without Apple's headers and libraries: darwin/ has the few lines that are needed of them.
darwin() {
  local folder=$WORK/darwin-aarch64 file level
  local flags=(--target=arm64-apple-macos13 -std=gnu11 -O3 -fvisibility=hidden -nostdlibinc
    -isystem "$NATIVE/darwin/include" -Wall -Wextra -Werror -ffp-contract=off -fno-math-errno -fno-stack-protector
    "-ffile-prefix-map=$NATIVE=native")
  mkdir -p "$folder" "$OUT/darwin-aarch64"
  # The files that exist once, and once per level, are those of CMakeLists.txt.
  for file in $(listed ONCE); do
    clang-19 "${flags[@]}" -c "$NATIVE/kernels/$file.c" -o "$folder/$file.o"
  done
  for level in scalar neon; do
    for file in table $(listed FAMILIES) $(listed HELPERS); do
      clang-19 "${flags[@]}" "-DJANE_LEVEL=$level" "-DJANE_LEVEL_$level" \
        -c "$NATIVE/kernels/$file.c" -o "$folder/$file-$level.o"
    done
  done
  ld64.lld-19 -dylib -arch arm64 -platform_version macos 13.0 13.0 -adhoc_codesign -dead_strip \
    -install_name @rpath/libjanekernels.dylib -o "$OUT/darwin-aarch64/libjanekernels.dylib" \
    "$folder"/*.o "$NATIVE/darwin/libSystem.tbd"
}

listed() { # VARIABLE
  sed -nE "s/^set\($1 ([a-z_ ]+)\).*/\1/p" "$NATIVE/CMakeLists.txt"
}

build() {
  linux linux-x86-64 -DCMAKE_C_COMPILER=gcc-12
  linux linux-aarch64 "-DCMAKE_TOOLCHAIN_FILE=$NATIVE/aarch64-linux.cmake" \
    -DCMAKE_C_COMPILER=aarch64-linux-gnu-gcc-12
  darwin
  (cd "$OUT" && sha256sum ./*-*/* | sed 's|\./||' >SHA256SUMS)
}

case ${1:-} in
  '')
    build
    cp -R "$OUT/." "$HERE/"
    cat "$HERE/SHA256SUMS"
    ;;
  --check)
    build
    diff "$HERE/SHA256SUMS" "$OUT/SHA256SUMS"
    (cd "$HERE" && sha256sum --check --quiet SHA256SUMS)
    say "the prebuilt libraries are those that these sources give, byte for byte"
    ;;
  *)
    say "build.sh: unknown option '$1'; need --check or none" >&2
    exit 2
    ;;
esac
