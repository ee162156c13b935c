# Sourced by each test: cases, their count, and a folder that is gone at the end.
# shellcheck shell=bash
set -euo pipefail
umask 022
unset DISPLAY WAYLAND_DISPLAY

# shellcheck disable=SC2034  # for the tests
source_folder=$(realpath "$1") build_folder=$(realpath "$2") config=$3
scratch=$(mktemp -d)
passed=0 skipped=0 failed=0

at_exit() { :; }
trap 'at_exit; rm -rf "$scratch"' EXIT
trap 'exit 130' HUP INT TERM

skip() { printf 'Skipped: %s\n' "$*"; exit 77; }
fail() { printf 'Failure: %s\n' "$*"; exit 1; }
need() { local tool; for tool; do command -v "$tool" >/dev/null || skip "$tool is not installed"; done; }
# has <grep option or pattern..>: does the pipe hold it? Read to the end: grep -q leaves at the first match, and whoever still
# writes then dies of it, which pipefail takes for a failure.
has() { grep "$@" >/dev/null; }
expect_same() { # <what> <file expected> <file found>
  diff -u --label expected --label found "$2" "$3" || fail "$1"
}

# run_case <function>: in a shell of its own, in which the first command that fails ends the case.
run_case() {
  local status=0
  printf '[ RUN      ] %s\n' "$1"
  set +e
  (set -eE; trap 'printf "Failure: %s\n" "$BASH_COMMAND"' ERR; "$1")
  status=$?
  set -e
  case $status in
    0) passed=$((passed + 1)); printf '[       OK ] %s\n' "$1" ;;
    77) skipped=$((skipped + 1)); printf '[  SKIPPED ] %s\n' "$1" ;;
    *) failed=$((failed + 1)); printf '[  FAILED  ] %s\n' "$1" ;;
  esac
}

# finish: what the script ends with.
finish() {
  printf '[  PASSED  ] %d\n[  SKIPPED ] %d\n[  FAILED  ] %d\n' "$passed" "$skipped" "$failed"
  ((failed == 0)) || exit 1
  ((passed > 0)) || exit 77
}
