#!/usr/bin/env bash
# The .deb: made by cpack, read, unpacked and used. It stays in the build folder, for dpkg_test.sh.
here=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source=tests/install/harness.sh
source "$here/harness.sh"
# shellcheck source=tests/install/program.sh
source "$here/program.sh"

package_folder=$build_folder/tests/install/package

is_made() {
  need cpack dpkg-deb dpkg-shlibdeps file strip
  rm -rf "$package_folder"
  cpack --config "$build_folder/CPackConfig.cmake" -B "$package_folder" >"$scratch/log" 2>&1 ||
    { cat "$scratch/log"; fail "cpack"; }
  rm -rf "$package_folder/_CPack_Packages"
  ls "$package_folder"/attnscope_*.deb
}
run_case is_made
((passed == 1)) || finish
package=$(ls "$package_folder"/*.deb)
root=$scratch/root
dpkg-deb -x "$package" "$root"

# field_has <field> <extended regular expression>
field_has() { dpkg-deb -f "$package" "$1" | has -E "$2" || fail "$1: $(dpkg-deb -f "$package" "$1")"; }

control_is_complete() {
  field_has Package '^attnscope$'
  field_has Version "^$(sed -n 's/^project(attnscope VERSION \([0-9.]*\) .*/\1/p' "$source_folder/CMakeLists.txt" | sed 's/\./\\./g')\$"
  field_has Section '^science$'
  field_has Maintainer '^[^<]+ <[^@ ]+@[^@ ]+>$'
  field_has Description '^ [^ ]'
  local library
  for library in libc6 libcairo2 libfontconfig1 libglfw3 libpango 'libstdc\+\+6' libgl1; do
    field_has Depends "(^|, )$library"
  done
  field_has Recommends '(^|, )fonts-inter(,|$)'
  dpkg-deb --ctrl-tarfile "$package" | tar -t | sed 's|^\./||; /^$/d' | LC_ALL=C sort >"$scratch/members"
  expect_same "control members" <(printf 'control\nmd5sums\n') "$scratch/members"
}

files_are_as_they_should_be() {
  dpkg-deb --fsys-tarfile "$package" | tar -tv --numeric-owner |
    sed -n '\|^-rwxr-xr-x 0/0 .* \./usr/bin/attnscope$|d; \|^-rw-r--r-- 0/0 .* \./usr/share/|d; \|^drwxr-xr-x 0/0 .* \./|d; p' \
      >"$scratch/odd"
  expect_same "owners and modes" /dev/null "$scratch/odd"
  dpkg-deb --ctrl-tarfile "$package" | tar -x -C "$scratch" ./md5sums
  (cd "$root" && md5sum --check --quiet "$scratch/md5sums")
  file "$root/usr/bin/attnscope" | has ', stripped$' || fail "the binary is not stripped"
  ! file "$root/usr/bin/attnscope" | grep -E 'not stripped|with debug_info' || fail "the binary is not stripped"
}

commands_work_unpacked() { commands_work "$root/usr"; }

window_opens_unpacked() {
  sed -i 's/^\( *"title": \)".*",$/\1"Of this package",/' "$root/usr/share/attnscope/samples/said_twice.json"
  window_shows "Of this package" "$root/usr"
}

run_case control_is_complete
run_case files_are_as_they_should_be
run_case commands_work_unpacked
run_case window_opens_unpacked
finish
