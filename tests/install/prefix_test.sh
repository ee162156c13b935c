#!/usr/bin/env bash
# `cmake --install` into a folder with a space in its name, which is then moved.
here=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source=tests/install/harness.sh
source "$here/harness.sh"
# shellcheck source=tests/install/program.sh
source "$here/program.sh"

prefix="$scratch/moved prefix"
cmake --install "$build_folder" --strip --prefix "$scratch/first prefix" >"$scratch/log" || { cat "$scratch/log"; exit 1; }
mv "$scratch/first prefix" "$prefix"

installs_these_files_and_no_others() {
  {
    printf '%s\n' bin/attnscope share/applications/attnscope.desktop share/attnscope/FORMAT.md \
      share/attnscope/schema/{document,settings}.schema.json \
      share/man/man1/attnscope.1 share/doc/attnscope/{README.md,copyright} share/mime/packages/attnscope.xml \
      share/icons/hicolor/{48x48,64x64,128x128,256x256}/apps/attnscope.png share/icons/hicolor/scalable/apps/attnscope.svg
    (cd "$source_folder/assets" && printf 'share/attnscope/%s\n' samples/*.json samples/look_at.txt)
    (cd "$source_folder" && printf 'share/doc/attnscope/%s\n' assets/{gallery,screenshots}/*.png)
  } | LC_ALL=C sort >"$scratch/expected"
  (cd "$prefix" && find . ! -type d -printf '%P\n') | LC_ALL=C sort >"$scratch/found"
  expect_same "other files" "$scratch/expected" "$scratch/found"
  find "$prefix" -type f -printf '%m %P\n' | sed -n '/^755 bin\/attnscope$/d; /^644 /!p' >"$scratch/modes"
  expect_same "file modes" /dev/null "$scratch/modes"
}

commands_work_without_display() { commands_work "$prefix"; }

# The title is this copy's alone: the sample of the source tree would show another.
window_opens_on_the_sample_of_the_prefix() {
  sed -i 's/^\( *"title": \)".*",$/\1"Of this prefix",/' "$prefix/share/attnscope/samples/said_twice.json"
  window_shows "Of this prefix" "$prefix"
}

binary_names_no_folder_of_the_build() {
  [[ $config == Release ]] || skip "a $config build carries the names of its sources"
  local folder
  for folder in "$source_folder" "$build_folder"; do
    tr '\0' '\n' <"$prefix/bin/attnscope" | grep -aF "$folder" >"$scratch/names" || true
    expect_same "paths in the binary" /dev/null "$scratch/names"
  done
  need readelf
  ! readelf --dynamic "$prefix/bin/attnscope" | grep -E 'RPATH|RUNPATH' || fail "a library path in the binary"
}

desktop_entry_holds_together() {
  local entry=$prefix/share/applications/attnscope.desktop program icon type
  program=$(sed -n 's/^Exec=\([^ ]*\).*/\1/p' "$entry")
  icon=$(sed -n 's/^Icon=//p' "$entry")
  type=$(sed -n 's/^MimeType=\([^;]*\);.*/\1/p' "$entry")
  [[ -x $prefix/bin/$program ]] || fail "Exec"
  [[ -f $prefix/share/icons/hicolor/scalable/apps/$icon.svg ]] || fail "Icon"
  grep -qF "mime-type type=\"$type\"" "$prefix/share/mime/packages/attnscope.xml" || fail "MimeType"
}

desktop_entry_is_valid() {
  need desktop-file-validate
  desktop-file-validate "$prefix/share/applications/attnscope.desktop"
}

xml_is_well_formed() {
  need xmllint
  xmllint --noout "$prefix/share/mime/packages/attnscope.xml" "$prefix/share/icons/hicolor/scalable/apps/attnscope.svg"
}

# type_is <type> <file>
type_is() {
  "${clean[@]}" XDG_DATA_HOME="$scratch/data" gio info -a standard::content-type "$2" | has -xF "  standard::content-type: $1" ||
    fail "$2 is not $1"
}

documents_have_their_type() {
  need update-mime-database gio
  [[ -f /usr/share/mime/globs2 ]] || skip "the machine has no MIME types"
  mkdir -p "$scratch/data" "$scratch/home"
  cp -r "$prefix/share/mime" "$scratch/data/"
  "${clean[@]}" XDG_DATA_HOME="$scratch/data" update-mime-database "$scratch/data/mime"
  echo '["a"]' >"$scratch/short.attn.json"
  echo '["a"]' >"$scratch/other.json"
  cp "$prefix/share/attnscope/samples/said_twice.json" "$scratch/without_ending"
  type_is application/vnd.attnscope+json "$scratch/short.attn.json"
  type_is application/vnd.attnscope+json "$scratch/without_ending"
  type_is application/json "$scratch/other.json"
}

run_case installs_these_files_and_no_others
run_case commands_work_without_display
run_case window_opens_on_the_sample_of_the_prefix
run_case binary_names_no_folder_of_the_build
run_case desktop_entry_holds_together
run_case desktop_entry_is_valid
run_case xml_is_well_formed
run_case documents_have_their_type
finish
