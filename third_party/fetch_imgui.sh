#!/usr/bin/env bash
# Brings the source of Dear ImGui to third_party/downloads/imgui. Any archive of this version serves: imgui.sha256 names the
# files that are used and decides. Tried in this order: an archive put into third_party/downloads by hand, the Debian pool that
# this machine's apt uses, the upstream release.
set -euo pipefail

version=1.90.1
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
manifest=$here/imgui.sha256
downloads=$here/downloads
target=$downloads/imgui

verified() { (cd "$1" 2>/dev/null && sha256sum --check --strict --status "$manifest" 2>/dev/null); }
say() { printf 'imgui: %s\n' "$*" >&2; }

verified "$target" && exit 0

mkdir -p "$downloads"
# Two builds of one checkout may start together: the second waits and finds the work done.
exec 9>"$downloads/.lock"
flock 9
verified "$target" && exit 0

scratch=$(mktemp -d "$downloads/.fetch.XXXXXX")
trap 'rm -rf "$scratch"' EXIT

# Only the files that the manifest names are unpacked, so nothing unverified gets near the build.
install_from() {
  local unpacked=$scratch/unpacked
  rm -rf "$unpacked" && mkdir "$unpacked"
  sed "s|^[0-9a-f]*  |imgui-$version/|" "$manifest" |
    tar -xf "$1" -C "$unpacked" --strip-components=1 --files-from=- 2>"$scratch/tar.log" ||
    { say "$(basename "$1") cannot be unpacked: $(head -n 1 "$scratch/tar.log")"; return 1; }
  verified "$unpacked" || { say "$(basename "$1") holds files that differ from imgui.sha256: refused"; return 1; }
  rm -rf "$target"
  mv -T "$unpacked" "$target"
}

download() {
  say "fetching ${1##*/}"
  curl --fail --silent --show-error --location --connect-timeout 20 --max-time 300 --retry 2 \
    --output "$scratch/${1##*/}" "$1" 2>"$scratch/curl.log" ||
    { say "not from there: $(tail -n 1 "$scratch/curl.log")"; return 1; }
}

pools() {
  command -v apt-get >/dev/null || return 0
  # shellcheck disable=SC2016  # $(REPO_URI) is apt's own notation
  apt-get indextargets --format '$(REPO_URI)' 2>/dev/null | grep -E '^(https?|file):' | awk '!seen[$0]++' || true
}

for archive in "$downloads"/imgui[-_]"$version"*.tar.* "$downloads/v$version".tar.*; do
  if [[ -f $archive ]] && install_from "$archive"; then
    say "unpacked ${archive##*/}"
    exit 0
  fi
done

command -v curl >/dev/null || { say "curl is missing: third_party/install_packages.sh installs it"; exit 1; }
urls=()
for pool in $(pools); do
  for section in main universe; do
    urls+=("${pool%/}/pool/$section/i/imgui/imgui_$version+ds.orig.tar.xz")
  done
done
urls+=("https://github.com/ocornut/imgui/archive/refs/tags/v$version.tar.gz")
for url in "${urls[@]}"; do
  if download "$url" && install_from "$scratch/${url##*/}"; then
    say "version $version is in third_party/downloads/imgui"
    exit 0
  fi
done
say "Dear ImGui $version could not be fetched. Put imgui_$version+ds.orig.tar.xz (Debian source package imgui) or"
say "v$version.tar.gz (upstream release) into third_party/downloads and run this again."
exit 1
