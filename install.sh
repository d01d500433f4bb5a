#!/usr/bin/env bash
# Sets Jane up on Linux or macOS; see usage below. Bash 3.2 (macOS) is enough. Asks nothing.
set -euo pipefail

usage() {
  cat <<'TEXT'
Usage: ./install.sh [OPTION]...

Finds a JDK, builds dist/jane.jar when its sources are newer, and trains a network on digits.

  --no-demo      set up only; train nothing
  --test         set up what the tests need and run all of them
  --soak         with --test: the long campaigns as well
  --jdk DIR      use the JDK in DIR (version 17 or newer)
  --uninstall    remove what this script made: dist/, the kernelspec 'jane', Jane's cache
  --help         show this text

Exit codes: 0 done, 1 something failed (the last lines say what), 2 wrong command line.
TEXT
}

OLDEST_JAVA=17
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
JAR=$ROOT/dist/jane.jar
export HOME=${HOME:-$(cd ~ && pwd)}

say() { printf '%s\n' "$*"; }
fail() {
  printf 'install.sh: %s\n' "$*" >&2
  exit 1
}

# --- JDK ---------------------------------------------------------------------------------------

is_mac() { [ "$(uname -s)" = Darwin ]; }

# True on Apple silicon, also in a translated (Rosetta) shell, where uname says x86_64.
is_apple_silicon() { is_mac && [ "$(/usr/sbin/sysctl -n hw.optional.arm64 2>/dev/null)" = 1 ]; }

java_property() { # JDK NAME
  "$1/bin/java" -XshowSettings:properties -version 2>&1 | sed -n "s/^ *$2 = //p"
}

# Prints why DIR cannot be used, or nothing when it can.
jdk_complaint() { # DIR
  local dir=$1 version arch modules
  if [ ! -x "$dir/bin/java" ]; then
    say "no bin/java in it"
    return
  fi
  version=$(java_property "$dir" java.specification.version) || version=
  version=${version#1.}
  case $version in
    '' | *[!0-9]*)
      say "its java does not say its version"
      return
      ;;
  esac
  if [ "$version" -lt "$OLDEST_JAVA" ]; then
    say "version $version; need $OLDEST_JAVA or newer"
    return
  fi
  if [ ! -x "$dir/bin/javac" ]; then
    say "a JRE: it has no bin/javac; need a JDK"
    return
  fi
  modules=$("$dir/bin/java" --list-modules 2>/dev/null) || modules=
  local module
  for module in jdk.compiler jdk.jshell; do
    if [[ $modules != *"$module@"* ]]; then
      say "no module $module; need a full JDK"
      return
    fi
  done
  arch=$(java_property "$dir" os.arch) || arch=unknown
  if is_apple_silicon && [ "$arch" != aarch64 ]; then
    say "built for $arch, but this Mac is arm64; need an arm64 JDK"
  fi
}

# One folder a line, most wanted first.
jdk_candidates() {
  local dir on_path
  if [ -n "${JAVA_HOME:-}" ]; then say "$JAVA_HOME"; fi
  # On macOS /usr/bin/javac is a stub; java_home below knows what is behind it.
  if ! is_mac && on_path=$(command -v javac); then
    say "$(dirname "$(dirname "$(readlink -f "$on_path")")")"
  fi
  if [ -x /usr/libexec/java_home ]; then
    /usr/libexec/java_home -F -v "$OLDEST_JAVA+" 2>/dev/null || true
  fi
  for dir in /usr/lib/jvm/* /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
    /usr/local/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
    /Library/Java/JavaVirtualMachines/*/Contents/Home "$HOME"/.sdkman/candidates/java/*; do
    if [ -x "$dir/bin/java" ]; then say "$dir"; fi
  done
}

REJECTED=
# Sets JAVA_HOME to the first usable candidate; lists the others in REJECTED.
search_jdk() {
  local dir complaint
  REJECTED=
  while IFS= read -r dir; do
    complaint=$(jdk_complaint "$dir")
    if [ -z "$complaint" ]; then
      JAVA_HOME=$dir
      return 0
    fi
    REJECTED="$REJECTED  $dir: $complaint"$'\n'
  done < <(jdk_candidates)
  return 1
}

jdk_advice() {
  if is_mac; then
    say "brew install openjdk@21"
  elif command -v apt-get >/dev/null; then
    say "sudo apt-get install openjdk-17-jdk-headless   (or -21-, -25-, as the release has it)"
  elif command -v dnf >/dev/null; then
    say "sudo dnf install java-21-openjdk-devel"
  elif command -v pacman >/dev/null; then
    say "sudo pacman -S --needed jdk-openjdk"
  else
    say "install a JDK of version $OLDEST_JAVA or newer with your package manager"
  fi
}

apt_install_jdk() {
  local version
  say "No usable JDK found; installing one with apt-get ..."
  apt-get update -qq
  mkdir -p /usr/share/man/man1 # slim images lack it, and the package then fails to configure
  for version in 17 21 25; do
    if apt-cache show "openjdk-$version-jdk-headless" >/dev/null 2>&1; then
      DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        "openjdk-$version-jdk-headless" >/dev/null
      return
    fi
  done
}

setup_jdk() { # [DIR]
  local complaint
  if [ -n "${1:-}" ]; then
    complaint=$(jdk_complaint "$1")
    [ -z "$complaint" ] || fail "cannot use the JDK in $1: $complaint"
    JAVA_HOME=$(cd "$1" && pwd -P)
  elif ! search_jdk; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
      apt_install_jdk
    fi
    search_jdk || fail "found no JDK of version $OLDEST_JAVA or newer.
${REJECTED:+Looked at:
$REJECTED}Get one:  $(jdk_advice)
or name one:  ./install.sh --jdk DIR"
  fi
  export JAVA_HOME
  say "JDK: $JAVA_HOME ($(java_property "$JAVA_HOME" java.version))"
}

# --- build -------------------------------------------------------------------------------------

maven() { (cd "$ROOT" && ./mvnw "$@"); }

is_built() {
  [ -f "$JAR" ] || return 1
  local newer
  newer=$(find "$ROOT/pom.xml" "$ROOT"/*/pom.xml "$ROOT"/*/src/main -newer "$JAR" -print)
  [ -z "$newer" ]
}

build() {
  if is_built; then
    say "Built:  dist/jane.jar is newer than its sources"
    return
  fi
  say "Building dist/jane.jar (the first time, Maven and libraries are downloaded) ..."
  maven -q -Dmaven.test.skip=true package || fail "the build failed; the lines above say where"
}

jane() { "$JAVA_HOME/bin/java" -jar "$JAR" "$@"; }

# --- test --------------------------------------------------------------------------------------

PASSED=0
FAILED=0
SKIPPED=0
UNCOUNTED=

# One end-to-end check: NAME EXIT_CODE COMMAND... ; what it prints is shown when it fails.
check() {
  local name=$1 expected=$2 code=0 output
  shift 2
  output=$("$@" 2>&1) || code=$?
  if [ "$code" = "$expected" ]; then
    PASSED=$((PASSED + 1))
    say "ok      $name"
  else
    FAILED=$((FAILED + 1))
    say "FAILED  $name: exit code $code, need $expected; it printed:"
    say "$output"
  fi
}

# Adds up one attribute over the Surefire reports of this run.
reported() { # ATTRIBUTE
  find "$ROOT" -path '*/target/surefire-reports/TEST-*.xml' -exec grep -m1 -h '<testsuite ' {} + |
    sed -n "s/.* $1=\"\([0-9]*\)\".*/\1/p" | awk '{ n += $1 } END { print n + 0 }'
}

# Format, lint, arrows and unit tests.
stage_verify() {
  local log=$ROOT/dist/verify.log code=0 tests bad
  mkdir -p "$ROOT/dist"
  find "$ROOT" -path '*/target/surefire-reports/*.xml' -type f -exec rm -f {} +
  set +e
  maven verify "$@" 2>&1 | tee "$log" |
    grep -E '^\[(INFO|WARNING|ERROR)\] (Tests run:.* -- in |Building Jane)'
  code=${PIPESTATUS[0]}
  set -e
  tests=$(reported tests)
  bad=$(($(reported failures) + $(reported errors)))
  SKIPPED=$((SKIPPED + $(reported skipped)))
  FAILED=$((FAILED + bad))
  PASSED=$((PASSED + tests - bad - $(reported skipped)))
  if [ "$code" != 0 ]; then
    if [ "$bad" = 0 ]; then UNCOUNTED="${UNCOUNTED}the build "; fi
    grep -E -A 12 '^\[ERROR\]' "$log" | head -n 200
    say "The whole log: dist/verify.log"
  fi
}

# The jar as a user starts it.
stage_command_line() {
  if [ ! -f "$JAR" ]; then
    UNCOUNTED="${UNCOUNTED}dist/jane.jar is missing "
    return
  fi
  check "jane --help" 0 jane --help
  check "jane --version" 0 jane --version
  check "no command is a usage error" 2 jane
  check "an unknown option is a usage error" 2 jane doctor --no-such-option
  check "doctor finds no problem" 0 jane doctor
  check "install.sh refuses an unknown option" 2 "$ROOT/install.sh" --no-such-option
  check "install.sh refuses a folder without a JDK" 1 "$ROOT/install.sh" --jdk "$ROOT/.ci" --no-demo
}

run_stage() { # TITLE FUNCTION [ARGUMENT]...
  local title=$1 start=$SECONDS
  shift
  say
  say "== $title"
  "$@"
  say "== $title: $((SECONDS - start)) s"
}

run_tests() { # SOAK
  # Tests tagged "soak" are left out by the pom; an empty list takes them in.
  if [ "$1" = true ]; then set -- -DexcludedGroups=; else set --; fi
  run_stage "build, format, lint, arrows, unit tests" stage_verify ${1+"$1"}
  run_stage "command line" stage_command_line
  say
  [ -z "$UNCOUNTED" ] || fail "failed without a test to count: $UNCOUNTED"
  say "$PASSED passed, $FAILED failed, $SKIPPED skipped"
  [ "$FAILED" = 0 ] && [ "$PASSED" != 0 ]
}

# --- uninstall ---------------------------------------------------------------------------------

remove() { # DIR
  if [ -e "$1" ]; then
    rm -rf -- "$1"
    say "removed $1"
  fi
}

uninstall() {
  local data cache
  if is_mac; then
    data=$HOME/Library/Jupyter
    cache=$HOME/Library/Caches/jane
  else
    data=${XDG_DATA_HOME:-$HOME/.local/share}/jupyter
    cache=${XDG_CACHE_HOME:-$HOME/.cache}/jane
  fi
  remove "$ROOT/dist"
  remove "${JUPYTER_DATA_DIR:-$data}/kernels/jane"
  remove "$cache"
  say "System packages and Maven's own folder $HOME/.m2 stay as they are."
}

# --- main --------------------------------------------------------------------------------------

main() {
  local mode=demo jdk='' soak=false
  while [ $# -gt 0 ]; do
    case $1 in
      --help | -h)
        usage
        exit 0
        ;;
      --no-demo) mode=install ;;
      --test) mode='test' ;;
      --soak) soak=true ;;
      --uninstall) mode=uninstall ;;
      --jdk)
        if [ $# -lt 2 ]; then
          printf 'install.sh: --jdk needs a folder\n' >&2
          exit 2
        fi
        jdk=$2
        shift
        ;;
      *)
        printf "install.sh: unknown option '%s'; see ./install.sh --help\n" "$1" >&2
        exit 2
        ;;
    esac
    shift
  done

  if [ "$mode" = uninstall ]; then
    uninstall
    return
  fi
  setup_jdk "$jdk"
  if [ "$mode" = test ]; then
    run_tests "$soak"
    return
  fi
  build
  if [ "$mode" = demo ]; then
    jane train-digits
  fi
  say
  jane doctor
}

main "$@"
