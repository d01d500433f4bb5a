#!/usr/bin/env bash
# Builds the libraries that ship with Jane, on Debian 12: gcc-12 for Linux, clang-19 and lld-19 for
# macOS. The same sources and compilers give the same bytes, wherever the folder is.
#
#   native/prebuilt/build.sh            into this folder, with SHA256SUMS
#   native/prebuilt/build.sh --check    elsewhere, and compares
#
# Needs: apt-get install cmake make python3 gcc-12 g++-12 gcc-12-aarch64-linux-gnu libc6-dev-arm64-cross clang-19 lld-19
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

# The bridge runs on macOS alone; on Linux tests of the Java side load it on a stand-in.
linux_bridge() { # FOLDER
  cmake --build "$WORK/$1" -j2 --target janeane >/dev/null
  cp "$WORK/$1/libjaneane.so" "$OUT/$1/"
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

# The bridge, its guards against exceptions of C++ and Objective-C among it.
darwin_bridge() {
  local folder=$WORK/darwin-bridge file
  local flags=(--target=arm64-apple-macos13 -O2 -fexceptions -fvisibility=hidden -nostdlibinc
    -isystem "$NATIVE/darwin/include" -I "$folder" -I "$NATIVE/ane" -Wall -Wextra -Werror -fno-stack-protector
    -U_FORTIFY_SOURCE "-ffile-prefix-map=$NATIVE=native")
  mkdir -p "$folder"
  awk -f "$NATIVE/testing/api.awk" "$NATIVE/testing/api.tsv" >"$folder/api.h"
  for file in $(listed ANE_SOURCES); do
    clang-19 "${flags[@]}" -std=gnu11 -c "$NATIVE/ane/$file.c" -o "$folder/$file.o"
  done
  clang-19 "${flags[@]}" -std=c++17 -nostdinc++ -c "$NATIVE/ane/guard.cpp" -o "$folder/guard.o"
  clang-19 "${flags[@]}" -fobjc-exceptions -Wno-objc-root-class \
    -c "$NATIVE/ane/guard_objc.m" -o "$folder/guard_objc.o"
  ld64.lld-19 -dylib -arch arm64 -platform_version macos 13.0 13.0 -adhoc_codesign -dead_strip \
    -install_name @rpath/libjaneane.dylib -o "$OUT/darwin-aarch64/libjaneane.dylib" \
    "$folder"/*.o "$NATIVE/darwin/libSystem.tbd" "$NATIVE/darwin/libc++.tbd" "$NATIVE/darwin/libobjc.tbd"
}

listed() { # VARIABLE
  sed -nE "s/^set\($1 ([a-z0-9_ ]+)\).*/\1/p" "$NATIVE/CMakeLists.txt" "$NATIVE/ane.cmake"
}

build() {
  linux linux-x86-64 -DCMAKE_C_COMPILER=gcc-12 -DCMAKE_CXX_COMPILER=g++-12
  linux_bridge linux-x86-64
  linux linux-aarch64 "-DCMAKE_TOOLCHAIN_FILE=$NATIVE/aarch64-linux.cmake" \
    -DCMAKE_C_COMPILER=aarch64-linux-gnu-gcc-12
  darwin
  darwin_bridge
  "$NATIVE/testing/check-macho" "$OUT"/darwin-aarch64/*.dylib
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
