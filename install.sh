#!/usr/bin/env bash
# Sets Jane up on Linux or macOS; see usage below. Bash 3.2 (macOS) is enough. Asks nothing.
if [ -z "${BASH_VERSION:-}" ]; then exec bash "$0" "$@"; fi # sh install.sh
set -euo pipefail
set +o posix

usage() {
  cat <<'TEXT'
Usage: ./install.sh [OPTION]...

Finds a JDK, builds dist/jane.jar when its sources are newer, finds or installs Jupyter, gives it the
kernel "Java (Jane)", then trains a network on digits and runs the quickstart notebook.

  --no-demo      set up only; train nothing
  --user         the kernel is for this user (the default)
  --prefix DIR   the kernel goes to DIR/share/jupyter/kernels
  --sys-prefix   the kernel goes to the active virtual or conda environment
  --selftest     build, then hold this machine's Neural Engine, or a stand-in and a simulator, against
                 what is published
  --test         set up what the tests need and run all of them
  --soak         with --test: the long campaigns as well
  --jdk DIR      use the JDK in DIR (version 17 or newer)
  --uninstall    remove what this script made: dist/ and the modules' target/, Jane's cache, and the
                 kernel, where --user, --prefix or --sys-prefix put it
  --help         show this text

Exit codes: 0 done, 1 something failed (the last lines say what), 2 wrong command line.
TEXT
}

OLDEST_JAVA=17
SELF=$(readlink -f "${BASH_SOURCE[0]}" 2>/dev/null) || SELF=${BASH_SOURCE[0]}
ROOT=$(cd "$(dirname "$SELF")" && pwd -P)
JAR=$ROOT/dist/jane.jar
export HOME=${HOME:-$(cd ~ && pwd)}

# Java reads and writes the names of files in the locale's encoding; without a locale that is ASCII.
if [ "$(locale charmap 2>/dev/null)" != UTF-8 ] && locale -a 2>/dev/null | grep -ix 'C\.utf-*8' >/dev/null; then
  export LC_ALL=C.UTF-8
fi

say() { printf '%s\n' "$*"; }
fail() {
  printf 'install.sh: %s\n' "$*" >&2
  exit 1
}
misuse() {
  printf 'install.sh: %s\n' "$*" >&2
  exit 2
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
  local complaint asked=${JAVA_HOME:-}
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
  if [ -z "${1:-}" ] && [ -n "$asked" ] && [ "$JAVA_HOME" != "$asked" ]; then
    say "JAVA_HOME is $asked, which cannot be used: $(jdk_complaint "$asked")"
  fi
  export JAVA_HOME
  say "JDK: $JAVA_HOME ($(java_property "$JAVA_HOME" java.version))"
}

# --- build -------------------------------------------------------------------------------------

maven() {
  # In a container, a user whom the system has no entry for has no home as Java sees it.
  if [ "$(java_property "$JAVA_HOME" user.home)" = '?' ]; then
    set -- "-Dmaven.repo.local=$HOME/.m2/repository" "$@"
  fi
  (cd "$ROOT" && ./mvnw "$@")
}

UNFINISHED=$ROOT/dist/.unfinished # there while building, and after a build that was cut off

is_built() {
  local newer
  [ -f "$JAR" ] && [ -f "$ROOT/dist/jane-extension.jar" ] && [ ! -e "$UNFINISHED" ] || return 1
  newer=$(find "$ROOT/pom.xml" "$ROOT"/*/pom.xml "$ROOT"/*/src/main \
    "$ROOT/native/prebuilt" -newer "$JAR" -print)
  [ -z "$newer" ]
}

build() {
  if is_built; then
    say "Built:  dist/jane.jar is newer than its sources"
    return
  fi
  say "Building dist/jane.jar (the first time, Maven and libraries are downloaded) ..."
  if [ -e "$UNFINISHED" ]; then rm -rf "$ROOT"/*/target/classes; fi
  mkdir -p "$ROOT/dist" && touch "$UNFINISHED" || fail "cannot write to $ROOT/dist; \
copy this folder to where you may write, and run install.sh there"
  maven -q -Dmaven.test.skip=true package || fail "the build failed; the lines above say where.
The first one needs a network connection, and Maven does not read https_proxy: behind a proxy, name it
in $HOME/.m2/settings.xml, see https://maven.apache.org/guides/mini/guide-proxies.html"
  rm "$UNFINISHED"
}

jane() { "$JAVA_HOME/bin/java" -jar "$JAR" "$@"; }

# --- Jupyter -----------------------------------------------------------------------------------

JUPYTER_PACKAGES="jupyter-notebook jupyter-nbconvert python3-nbclient python3-nbconvert"

apt_install() { # PACKAGE...
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

can_apt() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; }

has_jupyter() { command -v jupyter >/dev/null && jupyter nbconvert --version >/dev/null 2>&1; }

# Installs Jupyter with what the machine has and says which.
get_jupyter() {
  if can_apt; then
    say "No Jupyter found; installing it with apt-get ..."
    # shellcheck disable=SC2086 # a list of packages
    apt_install $JUPYTER_PACKAGES
  elif command -v uv >/dev/null; then
    say "No Jupyter found; installing it with uv ..."
    uv tool install --quiet --with-executables-from jupyter-core,nbconvert jupyterlab
  elif command -v pipx >/dev/null; then
    say "No Jupyter found; installing it with pipx ..."
    pipx install --include-deps jupyterlab
  elif command -v brew >/dev/null; then
    say "No Jupyter found; installing it with brew ..."
    brew install --quiet jupyterlab
  elif python3 -m pip --version >/dev/null 2>&1; then
    say "No Jupyter found; installing it with pip ..."
    python3 -m pip install --quiet --user jupyterlab
  fi
}

# All else works without Jupyter, so its absence is said and is no failure.
setup_jupyter() {
  # Tools that a user installs put programs here; the PATH of a new login has it.
  PATH=$PATH:$HOME/.local/bin
  if ! has_jupyter; then
    get_jupyter || say "That did not work; the lines above say why."
  fi
  if has_jupyter; then
    say "Jupyter: $(command -v jupyter)"
  else
    say "Jupyter is missing. Get it (https://jupyter.org/install), run ./install.sh again, and open"
    say "notebooks/01-quickstart.ipynb with the kernel Java (Jane)."
  fi
}

UNSEARCHED= # a folder of ours that Jupyter looks in only when JUPYTER_PATH names it

# The kernel's folder is made by the jar, so that it names the JDK it was tested with.
setup_kernelspec() { # [--user | --prefix DIR | --sys-prefix]
  local data
  jane kernelspec install "$@"
  if [ "$1" = --prefix ] && has_jupyter; then
    data=$(cd "$2" && pwd -P)/share/jupyter
    if ! jupyter --paths | sed 's/^ *//' | grep -qxF "$data"; then
      UNSEARCHED=$data
      export JUPYTER_PATH=$data${JUPYTER_PATH:+:$JUPYTER_PATH}
    fi
  fi
}

say_unsearched() {
  if [ -n "$UNSEARCHED" ]; then
    say
    say "Jupyter does not look in $UNSEARCHED by itself. Before you start it:"
    say "  export JUPYTER_PATH=$(printf %q "$UNSEARCHED")\${JUPYTER_PATH:+:\$JUPYTER_PATH}"
  fi
}

run_quickstart() {
  local out=$ROOT/dist/quickstart
  [ -w "$ROOT/dist" ] || out=$(mktemp -d)
  if ! has_jupyter; then
    say "Without Jupyter the quickstart notebook was not run."
    return
  fi
  say
  say "Running notebooks/01-quickstart.ipynb (a minute or two) ..."
  mkdir -p "$out"
  jupyter nbconvert --log-level=ERROR --to notebook --execute --output-dir "$out" \
    --ExecutePreprocessor.timeout=600 "$ROOT/notebooks/01-quickstart.ipynb" ||
    fail "the quickstart notebook did not run; the lines above say where"
  jupyter nbconvert --log-level=ERROR --to html --output-dir "$out" "$out/01-quickstart.ipynb"
  say "the notebook, as it ran:  $out/01-quickstart.ipynb"
  say "the same as a page:       $out/01-quickstart.html"
  say "to run it yourself:       jupyter notebook notebooks/01-quickstart.ipynb   (or jupyter lab)"
}

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

NATIVE_PACKAGES="cmake make gcc gcc-12 libc6-dev gcc-12-aarch64-linux-gnu gcc-aarch64-linux-gnu \
g++-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user clang-19 lld-19 g++ g++-12 gobjc libgnustep-base-dev python3"

has_all() { # PROGRAM...
  local program
  for program in "$@"; do
    command -v "$program" >/dev/null || return 1
  done
}

# Configures, builds and tests native/ in dist/native/NAME; says the outcome of each C test program.
native_build() { # NAME CMAKE_ARGUMENT...
  local name=$1 folder=$ROOT/dist/native/$1 log=$ROOT/dist/native-$1.log line
  shift
  if ! { cmake -S "$ROOT/native" -B "$folder" "$@" && cmake --build "$folder" -j2; } >"$log" 2>&1; then
    FAILED=$((FAILED + 1))
    say "FAILED  native $name does not build:"
    tail -n 30 "$log"
    return
  fi
  (cd "$folder" && ctest -j2 --output-on-failure) >>"$log" 2>&1 || true
  while IFS= read -r line; do
    case $line in
      *Passed*) PASSED=$((PASSED + 1)) ;;
      *)
        FAILED=$((FAILED + 1))
        say "FAILED  native $name: $line"
        tail -n 30 "$log"
        ;;
    esac
  done < <(grep -E '^ *[0-9]+/[0-9]+ Test ' "$log")
  say "native $name: $(grep -cE '^ *[0-9]+/[0-9]+ Test .*Passed' "$log") C test programs passed"
}

# The same compilers give the same bytes; others must at least give the same functions.
native_prebuilt() {
  if has_all gcc-12 g++-12 aarch64-linux-gnu-gcc-12 clang-19 ld64.lld-19 python3; then
    check "the prebuilt native libraries are those of the sources" 0 \
      "$ROOT/native/prebuilt/build.sh" --check
    return
  fi
  say "no gcc-12, aarch64 cross gcc-12, clang-19 and lld-19: the functions are compared, not the bytes"
  if has_all nm && [ -f "$ROOT/dist/native/plain/libjanekernels.so" ]; then
    check "the prebuilt native library has the functions of the sources" 0 diff \
      <(nm -D --defined-only "$ROOT/native/prebuilt/linux-x86-64/libjanekernels.so" | cut -c18-) \
      <(nm -D --defined-only "$ROOT/dist/native/plain/libjanekernels.so" | cut -c18-)
  fi
}

# Before the unit tests, which build stand-ins for Apple's frameworks.
stage_compilers() {
  if can_apt && ! { has_all cmake make gcc-12 g++ g++-12 aarch64-linux-gnu-gcc-12 aarch64-linux-gnu-g++ qemu-aarch64 \
    clang-19 ld64.lld-19 && [ -d /usr/include/GNUstep/Foundation ]; }; then
    say "installing compilers with apt-get ..."
    # shellcheck disable=SC2086 # a list of packages
    apt_install $NATIVE_PACKAGES || say "Not all of them are to be had here."
  fi
}

# The C kernels: plain, with sanitizers, for another processor; and the libraries that ship.
stage_native() {
  if ! has_all cmake make cc; then
    SKIPPED=$((SKIPPED + 1))
    say "skipped: the C kernels need cmake, make and a C compiler to be built and tested"
    return
  fi
  native_build plain
  if grep -q 'skipped: the in-memory route' "$ROOT/dist/native-plain.log"; then
    SKIPPED=$((SKIPPED + 1))
    say "skipped: the in-memory route needs gobjc and libgnustep-base-dev to be tested"
  fi
  if is_mac; then
    return # the rest is for Linux; the Java tests compare the library that ships
  fi
  native_build sanitized -DJANE_SANITIZE=ON
  if has_all g++ gcov; then
    check "tests run 95 % of the bridge's lines" 0 "$ROOT/native/testing/coverage.sh" "$ROOT/dist/native/coverage"
  fi
  if has_all aarch64-linux-gnu-gcc qemu-aarch64; then
    native_build aarch64 "-DCMAKE_TOOLCHAIN_FILE=$ROOT/native/aarch64-linux.cmake"
  else
    SKIPPED=$((SKIPPED + 1))
    say "skipped: NEON kernels and the bridge on ARM need aarch64-linux-gnu-gcc and qemu-aarch64 to be tested here"
  fi
  native_prebuilt
}

# Format, lint, arrows and unit tests.
stage_verify() {
  local log=$ROOT/dist/verify.log code=0 tests bad
  mkdir -p "$ROOT/dist"
  find "$ROOT" -path '*/target/surefire-reports/*.xml' -type f -exec rm -f {} +
  set +e
  # A test that fails keeps neither the other module from its tests nor the jar from being built.
  maven verify -Dmaven.test.failure.ignore=true "$@" 2>&1 | tee "$log" |
    grep -E '^\[(INFO|WARNING|ERROR)\] (Tests run:.* -- in |Building Jane)'
  code=${PIPESTATUS[0]}
  set -e
  tests=$(reported tests)
  bad=$(($(reported failures) + $(reported errors)))
  SKIPPED=$((SKIPPED + $(reported skipped)))
  FAILED=$((FAILED + bad))
  PASSED=$((PASSED + tests - bad - $(reported skipped)))
  if [ "$code" != 0 ]; then UNCOUNTED="${UNCOUNTED}the build "; fi
  if [ "$code" != 0 ] || [ "$bad" != 0 ]; then
    grep -E -A 12 '^\[ERROR\]' "$log" | head -n 200
    say "The whole log: dist/verify.log"
  fi
}

# In a shell of its own: the variables that name the stand-in stay there.
standin_selftest() (
  use_standin || return
  local inmem=()
  if [ -n "${JANE_ANE_FRAMEWORK_INMEM:-}" ]; then inmem=(--engine ane:isolated/inmem); fi
  jane selftest --graphs 10 --engine ane:isolated ${inmem[@]+"${inmem[@]}"}
)

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
  if ! is_mac; then
    check "selftest finds nothing that differs on the stand-in" 0 standin_selftest
  fi
  if [ "$(id -u)" = 0 ] && unshare -n true 2>/dev/null; then
    check "train-digits trains without a network" 0 unshare -n "$JAVA_HOME/bin/java" -jar "$JAR" \
      train-digits --model mlp --epochs 1
  fi
  check "install.sh refuses an unknown option" 2 "$ROOT/install.sh" --no-such-option
  check "install.sh refuses a folder without a JDK" 1 "$ROOT/install.sh" --jdk "$ROOT/.ci" --no-demo
}

# Adds the tally of a Python test program: its last line is "NAME: N passed, N failed[, N skipped]".
python_stage() { # PROGRAM [ARGUMENT]...
  local log=$ROOT/dist/${1%.py}.log line
  set +e
  "$PYTHON" "$ROOT/kernel-ext/src/test/python/$1" --java "$JAVA_HOME/bin/java" --jar "$JAR" \
    "${@:2}" 2>&1 | tee "$log"
  set -e
  line=$(grep -E '^[a-z ]+: [0-9]+ passed, [0-9]+ failed' "$log" | tail -n 1) || line=
  if [ -z "$line" ]; then
    UNCOUNTED="${UNCOUNTED}$1 "
    return
  fi
  PASSED=$((PASSED + $(say "$line" | sed -E 's/.*: ([0-9]+) passed.*/\1/')))
  FAILED=$((FAILED + $(say "$line" | sed -E 's/.* ([0-9]+) failed.*/\1/')))
  SKIPPED=$((SKIPPED + $(say "$line" | sed -nE 's/.* ([0-9]+) skipped.*/\1/p' | awk '{ n = $1 } END { print n + 0 }')))
}

PYTHON=
# Finds a Python with what the end-to-end tests need, or installs it where that is possible.
setup_python() {
  local python needs='import jupyter_client, jupyter_kernel_test, nbclient, nbconvert, nbformat'
  if can_apt && ! { /usr/bin/python3 -c "$needs" && command -v chromium; } >/dev/null 2>&1; then
    say "installing what the end-to-end tests need with apt-get ..."
    # shellcheck disable=SC2086 # a list of packages
    apt_install python3 python3-jupyter-kernel-test $JUPYTER_PACKAGES chromium
  fi
  for python in python3 /usr/bin/python3; do
    if "$python" -c "$needs" >/dev/null 2>&1; then
      PYTHON=$python
      return
    fi
  done
  return 1
}

# Sets Jane up in a folder that Jupyter does not search, then does what the last line says.
prefix_is_found() (
  folder=$(mktemp -d) && trap 'rm -rf "$folder"' EXIT
  "$ROOT/install.sh" --jdk "$JAVA_HOME" --no-demo --prefix "$folder/it's new" >"$folder/log" || true
  cat "$folder/log"
  eval "$(tail -n 1 "$folder/log")"
  "$PYTHON" -c 'from jupyter_client.kernelspec import get_kernel_spec as get; print(get("jane").resource_dir)' |
    grep -F "$folder/it's new/share/jupyter/kernels/jane"
)

# A real Jupyter client on the real kernel, and the page in a real browser.
stage_notebook() {
  if [ ! -f "$JAR" ]; then
    return # counted as a failure of the command line already
  fi
  if ! setup_python; then
    SKIPPED=$((SKIPPED + 1))
    say "skipped: no Python with jupyter_client, jupyter_kernel_test, nbclient, nbconvert, nbformat"
    return
  fi
  if has_jupyter; then
    check "install.sh --prefix says how Jupyter finds the kernel" 0 prefix_is_found
  fi
  python_stage run.py
  python_stage run.py --signal \
    test_kernel.KernelTest.test_interrupt_stops_a_cell_and_the_next_one_runs
  python_stage notebooks.py
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
  run_stage "compilers" stage_compilers
  run_stage "build, format, lint, arrows, unit tests" stage_verify ${1+"$1"}
  run_stage "native kernels" stage_native
  run_stage "command line" stage_command_line
  run_stage "kernel and notebooks in Jupyter" stage_notebook
  say
  [ -z "$UNCOUNTED" ] || fail "failed without a test to count: $UNCOUNTED"
  say "$PASSED passed, $FAILED failed, $SKIPPED skipped"
  [ "$FAILED" = 0 ] && [ "$PASSED" != 0 ]
}

# --- self-test ---------------------------------------------------------------------------------

# Where there is no Neural Engine, the bridge runs on a stand-in for Apple's framework, which asks a
# process of Jane to compute, with the rules and the arithmetic of an M5. Fails where it cannot be built.
use_standin() {
  local folder=$ROOT/dist/native/plain log=$ROOT/dist/standin.log suffix=so
  if ! has_all cmake make cc c++ awk; then
    say "No stand-in for Apple's framework: it needs cmake, make, a C and a C++ compiler, and awk."
    return 1
  fi
  mkdir -p "$ROOT/dist"
  if ! { cmake -S "$ROOT/native" -B "$folder" &&
    cmake --build "$folder" -j2 --target janeane janeespresso janepower; } >"$log" 2>&1; then
    say "The stand-in for Apple's framework does not build; see dist/standin.log."
    return 1
  fi
  if is_mac; then suffix=dylib; fi
  export JANE_ANE=$folder/libjaneane.$suffix JANE_ANE_FRAMEWORK=$folder/libjaneespresso.$suffix
  if cmake --build "$folder" -j2 --target janeneural >>"$log" 2>&1; then # with GNUstep alone
    export JANE_ANE_FRAMEWORK_INMEM=$folder/libjaneneural.$suffix
  fi
  export JANE_ANE_POWER=$folder/libjanepower.$suffix JANE_ANE_TARGET=m5
  export JANE_STANDIN_BACKEND="exec '$JAVA_HOME/bin/java' -cp '$JAR' '$ROOT/native/testing/Backend.java' sim:m5 \$1"
}

run_selftest() {
  if ! is_apple_silicon; then
    use_standin || say "Going on with the simulator alone."
  fi
  jane selftest --json "$ROOT/dist/selftest.json" --markdown "$ROOT/dist/selftest.md"
}

# --- uninstall ---------------------------------------------------------------------------------

remove() { # DIR...
  local dir
  for dir in "$@"; do
    if [ -e "$dir" ]; then
      rm -rf -- "$dir"
      say "removed $dir"
    fi
  done
}

uninstall() { # --user | --prefix DIR | --sys-prefix
  local data cache history kernel
  if is_mac; then
    data=$HOME/Library/Jupyter
    cache=$HOME/Library/Caches/jane
    history="$HOME/Library/Application Support/jane"
  else
    data=${XDG_DATA_HOME:-$HOME/.local/share}/jupyter
    cache=${XDG_CACHE_HOME:-$HOME/.cache}/jane
    history=${XDG_STATE_HOME:-$HOME/.local/state}/jane
  fi
  case $1 in
    --user) data=${JUPYTER_DATA_DIR:-$data} ;;
    --prefix) data=$2/share/jupyter ;;
    --sys-prefix)
      data=${VIRTUAL_ENV:-${CONDA_PREFIX:-$(python3 -c 'import sys; print(sys.prefix)')}}/share/jupyter ||
        fail "--sys-prefix needs a Python: activate an environment, or use --prefix DIR"
      ;;
  esac
  kernel=$data/kernels/jane
  remove "$ROOT/dist" "$ROOT"/*/target "$cache"
  if grep -qsF jane.notebook.kernel "$kernel/kernel.json"; then
    remove "$kernel"
  else
    say "no kernel of Jane's in $kernel"
  fi
  say "System packages and Maven's own folder $HOME/.m2 stay as they are."
  if [ -e "$history" ]; then
    say "So does what was typed in notebooks: $history"
  fi
}

# --- main --------------------------------------------------------------------------------------

main() {
  local mode=demo jdk='' soak=false
  local where=(--user)
  while [ $# -gt 0 ]; do
    case $1 in
      --help | -h)
        usage
        exit 0
        ;;
      --no-demo) mode=install ;;
      --selftest) mode=selftest ;;
      --test) mode='test' ;;
      --soak) soak=true ;;
      --uninstall) mode=uninstall ;;
      --user | --sys-prefix) where=("$1") ;;
      --prefix)
        [ -n "${2:-}" ] || misuse "--prefix needs a folder"
        where=(--prefix "$2")
        shift
        ;;
      --jdk)
        [ -n "${2:-}" ] || misuse "--jdk needs a folder"
        jdk=$2
        shift
        ;;
      *) misuse "unknown option '$1'; see ./install.sh --help" ;;
    esac
    shift
  done

  if [ "$soak" = true ] && [ "$mode" != 'test' ]; then
    misuse "--soak is for the tests: ./install.sh --test --soak"
  fi
  if [ "$mode" = uninstall ]; then
    uninstall "${where[@]}"
    return
  fi
  setup_jdk "$jdk"
  if [ "$mode" = test ]; then
    run_tests "$soak"
    return
  fi
  build
  if [ "$mode" = selftest ]; then
    run_selftest
    return
  fi
  setup_jupyter
  setup_kernelspec "${where[@]}"
  if [ "$mode" = demo ]; then
    say
    jane train-digits
    run_quickstart
  fi
  say
  local code=0
  jane doctor || code=$?
  say_unsearched
  return "$code"
}

main "$@"
