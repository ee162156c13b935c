# Sourced by run.sh and test.sh: from a fresh checkout to a build. Each step is quick when there is nothing to do.
# shellcheck shell=bash
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# A clone elsewhere, or the same tree under another path, finds what was compiled before.
export CCACHE_BASEDIR=$root CCACHE_NOHASHDIR=1

say() { printf '== %s\n' "$*" >&2; }

# prepare run|test|bench
prepare() {
  "$root/third_party/install_packages.sh" "$1"
  "$root/third_party/fetch_imgui.sh"
}

# configure <preset> <-Dsetting..>: only when the settings are others than last time; ninja itself sees changed CMake files.
configure() {
  local folder=$root/build/$1
  if [[ -f $folder/build.ninja && -f $folder/configured_with && "${*:2}" == "$(<"$folder/configured_with")" ]]; then
    return
  fi
  say "configuring build/$1"
  cmake -S "$root" --preset "$@" >&2
  echo "${*:2}" >"$folder/configured_with"
}

# compile <preset> <target..>
compile() {
  say "building build/$1"
  cmake --build "$root/build/$1" --parallel "$(nproc)" --target "${@:2}" >&2
}
