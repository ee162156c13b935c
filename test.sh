#!/usr/bin/env bash
# ./test.sh [WORD]: the same set-up as run.sh, then tests.
#   (nothing)      every test of the release build
#   unit conformance gl gui cli lint slow    the tests with that label
#   asan tsan      the tests under the address and undefined-behaviour, or the thread sanitizer
#   all            release, asan and tsan
#   bench [ROWS]   measures against other programs, under ten minutes: tests/bench/README.md; ROWS as in 1,2,12
#   bench-quick    the same with few rounds, under a minute
# ATTNSCOPE_DATA=<folder> names the reference data of the conformance tests. With CI set, a warning is an error.
set -euo pipefail

# shellcheck source=third_party/setup.sh
source "$(dirname "${BASH_SOURCE[0]}")/third_party/setup.sh"

data=${ATTNSCOPE_DATA:-}
if [[ -n $data ]]; then
  [[ -d $data ]] || { echo "ATTNSCOPE_DATA: there is no folder $data" >&2; exit 2; }
  data=$(realpath "$data")
fi
werror=OFF
[[ -z ${CI:-} ]] || werror=ON
settings=(-DATTNSCOPE_BUILD_TESTS=ON "-DATTNSCOPE_WERROR=$werror" "-DATTNSCOPE_DATA=$data")

launcher=()
# run_tests <preset> <targets> <ctest option..>: the tests that draw get an X server of their own, never the person's screen.
run_tests() {
  local folder=$root/build/$1
  configure "$1" "${settings[@]}"
  # shellcheck disable=SC2086 # targets are words
  compile "$1" $2
  say "testing build/$1 ${*:3}"
  "${launcher[@]}" xvfb-run --auto-servernum --server-args '-screen 0 1920x1200x24 -noreset' \
    ctest --test-dir "$folder" --output-on-failure --no-tests=error --parallel "$(nproc)" "${@:3}"
}

release() {
  run_tests release all "$@"
  # ctest keeps what a passing test says to itself; how many reference cases ran is worth a line.
  grep -h '^reference cases:' "$root/build/release/Testing/Temporary/LastTest.log" || true
}
asan() {
  local known_leaks=$root/tests/lsan.supp
  [[ ! -f $known_leaks ]] || export LSAN_OPTIONS=suppressions=$known_leaks:print_suppressions=0
  UBSAN_OPTIONS=print_stacktrace=1 run_tests asan 'tests_unit tests_cli' --label-regex '^(unit|cli)$'
}
tsan() {
  # Its shadow memory has no room for addresses that the kernel shuffles widely.
  ! setarch -R true 2>/dev/null || launcher=(setarch -R)
  TSAN_OPTIONS=suppressions=$root/tests/tsan.supp run_tests tsan tests_unit --label-regex '^unit$'
}
# bench <option..>: with a driver and peers that no other target needs.
bench() {
  configure release "${settings[@]}" -DATTNSCOPE_BUILD_BENCH=ON
  compile release attnscope_bench
  say "measuring; keep the machine quiet"
  "$root/build/release/bin/attnscope_bench" --json "$root/build/release/bench.json" "$@"
}

label=${1:-}
case $label in
  '' | all | asan | tsan | bench | bench-quick | unit | conformance | gl | gui | cli | lint | slow) ;;
  *) sed -n '2,9s/^# //p' "${BASH_SOURCE[0]}" >&2; exit 2 ;;
esac
if [[ $label == bench* ]]; then
  prepare bench
else
  prepare test
fi
case $label in
  '') release ;;
  all) release; asan; tsan ;;
  asan | tsan) "$label" ;;
  bench) if (($# > 1)); then bench --rows "$2"; else bench --markdown "$root/tests/bench/RESULTS.md"; fi ;;
  bench-quick) bench --quick ;;
  *) release --label-regex "^$label\$" ;;
esac
