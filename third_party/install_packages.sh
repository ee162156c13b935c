#!/usr/bin/env bash
# install_packages.sh [run|test|bench]: installs what is missing of packages.txt; asks nothing and needs no network when all is there.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
case ${1:-run} in
  run) sections='build run' ;;
  test) sections='build run test' ;;
  bench) sections='build run test bench' ;;
  *) echo "usage: install_packages.sh [run|test|bench]" >&2; exit 2 ;;
esac
say() { printf 'packages: %s\n' "$*" >&2; }

mapfile -t wanted < <(awk -v sections=" $sections " '
  /^\[/ { used = index(sections, " " substr($1, 2, length($1) - 2) " ") }
  /^[a-z]/ && used { print $1 }' "$here/packages.txt")

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
  say "this system has no apt; going on with what is installed. The Debian names of what is needed:"
  say "${wanted[*]}"
  exit 0
fi

# dpkg-query fails when it does not know one of the packages; the others are printed all the same.
installed=$(dpkg-query --show --showformat '${db:Status-Status} ${Package}\n' "${wanted[@]}" 2>/dev/null || true)
missing=()
for package in "${wanted[@]}"; do
  [[ $'\n'$installed$'\n' == *$'\n'"installed $package"$'\n'* ]] || missing+=("$package")
done
if ((${#missing[@]} == 0)); then
  say "all ${#wanted[@]} present"
  exit 0
fi

as_root=()
if ((EUID != 0)); then
  if ! command -v sudo >/dev/null; then
    say "missing, and neither root nor sudo to install them: ${missing[*]}"
    say "as root: apt-get install --no-install-recommends ${missing[*]}"
    exit 1
  fi
  as_root=(sudo)
fi
apt() { "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=120 "$@"; }

say "installing ${missing[*]}"
apt update >&2 || say "the package lists could not be renewed; trying with the old ones"
apt install -y --no-install-recommends "${missing[@]}" >&2 ||
  { say "apt-get could not install: ${missing[*]}"; exit 1; }
