#!/usr/bin/env bash
# check-macho passes the libraries that ship and refuses each damaged copy, saying why.
#   native/testing/test_macho.sh
set -euo pipefail

HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
LIBRARY=$HERE/../prebuilt/darwin-aarch64/libjaneane.dylib
WORK=$(mktemp -d)
trap 'rm -rf -- "$WORK"' EXIT
COPY=$WORK/libjaneane.dylib

refused() { # REASON
  local said
  if said=$("$HERE/check-macho" "$COPY" 2>&1); then
    echo "passed, but should say: $1" >&2
    exit 1
  fi
  case $said in
    *"$1"*) ;;
    *) echo "says '$said'; need: $1" >&2; exit 1 ;;
  esac
}

poke() { # OFFSET BYTES
  printf "$2" | dd of="$COPY" bs=1 seek="$1" conv=notrunc 2>/dev/null
}

# The first place of a text in the library.
place() {
  python3 -c 'import sys; print(open(sys.argv[1], "rb").read().index(sys.argv[2].encode()))' "$LIBRARY" "$1"
}

fresh() { cp "$LIBRARY" "$COPY"; }

"$HERE/check-macho" "$HERE"/../prebuilt/darwin-aarch64/*.dylib
fresh && poke 0 '\0' && refused "need a 64-bit Mach-O"
fresh && poke 4 '\x07' && refused "need arm64"
fresh && poke 12 '\x02' && refused "need a dynamic library"
fresh && poke 32 '\x7f' && refused "not on the list"
fresh && poke "$(place '@rpath/')" 'X' && refused "install name"
fresh && poke "$(place '/usr/lib/libobjc')" '/usr/lib/libevil' && refused "loads /usr/lib/libevil"
fresh && poke "$(place '_dlopen')" '_system'  && refused "_system"
fresh && poke 5000 '\xff\xfe\xfd' && refused "page"
fresh && head -c 3000 "$LIBRARY" >"$COPY" && refused ""
fresh && mv "$COPY" "$WORK/libother.dylib" && COPY=$WORK/libother.dylib && refused "no expectation"
