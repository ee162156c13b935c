#!/usr/bin/env bash
# ./run.sh [FILE..]: installs what is missing, builds, opens the window on FILE, or on a sample. Without a display the heatmaps
# of FILE, or of every sample, are exported to out/ instead.
set -euo pipefail

# shellcheck source=third_party/setup.sh
source "$(dirname "${BASH_SOURCE[0]}")/third_party/setup.sh"
attnscope=$root/build/release/bin/attnscope

prepare run
# A folder that test.sh configured serves as it is.
[[ -f $root/build/release/build.ninja ]] || configure release -DATTNSCOPE_BUILD_TESTS=OFF
compile release attnscope

if [[ -n ${DISPLAY:-}${WAYLAND_DISPLAY:-} ]]; then
  exec "$attnscope" "$@"
fi

say "no display (DISPLAY and WAYLAND_DISPLAY are not set): exporting heatmaps to out/ instead"
(($# > 0)) || set -- "$root"/assets/samples/*.json
mkdir -p "$root/out"
failed=0
for file in "$@"; do
  name=${file##*/}
  picture=$root/out/${name%.*}.png
  if "$attnscope" export "$file" -o "$picture"; then
    echo "$picture"
  else
    failed=1
  fi
done
exit "$failed"
