#!/usr/bin/env bash
# The .deb of deb_test.sh through dpkg: installed, started, removed. As root on the machine; as anybody, in a folder.
here=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source=tests/install/harness.sh
source "$here/harness.sh"
# shellcheck source=tests/install/program.sh
source "$here/program.sh"

shopt -s nullglob
packages=("$build_folder"/tests/install/package/*.deb)

# shellcheck disable=SC2016
known_to() { "$@" --show --showformat '${db:Status-Status}\n' attnscope 2>/dev/null | has -vx 'not-installed'; }
# The folders into which the package and the triggers of other packages write.
listing() {
  { find "$1"/usr/{bin,share/{applications,attnscope,doc/attnscope,icons/hicolor,mime}} 2>/dev/null || true; } | LC_ALL=C sort
}

# remove_if_known: from the machine, what a case that failed half-way has left there.
on_machine=false
remove_if_known() {
  if [[ $on_machine == true ]] && known_to dpkg-query; then dpkg --log="$scratch/dpkg.log" --purge attnscope; fi
}
at_exit() { remove_if_known; }

# comes_and_goes <root folder, or nothing> <dpkg..>
comes_and_goes() {
  local root=$1
  shift
  listing "$root" >"$scratch/before"
  if ! "$@" --install "${packages[0]}" >"$scratch/log" 2>&1; then
    ! grep -q 'locked by another process' "$scratch/log" || skip "another dpkg is at work"
    cat "$scratch/log"
    fail "dpkg --install"
  fi
  known_to dpkg-query --admindir="$root/var/lib/dpkg" || fail "dpkg does not know the package"
  commands_work "$root/usr"
  (window_shows "$(title_of "$root/usr/share/attnscope/samples/said_twice.json")" "$root/usr") || [[ $? == 77 ]]
  "$@" --remove attnscope >"$scratch/log" 2>&1 || { cat "$scratch/log"; fail "dpkg --remove"; }
  ! known_to dpkg-query --admindir="$root/var/lib/dpkg" || fail "dpkg still knows the package"
  listing "$root" >"$scratch/after"
  expect_same "files left behind, or lost" "$scratch/before" "$scratch/after"
}

on_the_machine() {
  need dpkg dpkg-query
  ((${#packages[@]} == 1)) || skip "deb_test.sh has made no package"
  [[ $on_machine == true ]] || skip "$reason"
  comes_and_goes "" dpkg --log="$scratch/dpkg.log"
}

in_a_folder() {
  need dpkg dpkg-query
  ((${#packages[@]} == 1)) || skip "deb_test.sh has made no package"
  local root=$scratch/root
  mkdir -p "$root"/var/lib/dpkg/{info,updates,triggers} "$root/usr"
  touch "$root"/var/lib/dpkg/{status,available}
  comes_and_goes "$root" dpkg --root="$root" --log="$scratch/dpkg.log" --force-not-root --force-bad-path --force-depends
}

reason=
if ((EUID != 0)); then
  reason="only root installs on the machine"
elif [[ -e /usr/bin/attnscope ]] || known_to dpkg-query; then
  reason="attnscope is installed on this machine, and stays"
else
  on_machine=true
fi
run_case on_the_machine
run_case in_a_folder
finish
