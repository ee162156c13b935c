# Sourced by each test: what an installed program must do. No environment of the tester reaches it.
# shellcheck shell=bash
# shellcheck disable=SC2154  # scratch: harness.sh
clean=(env -i PATH=/usr/bin:/bin HOME="$scratch/home" LC_ALL=C.UTF-8 LIBGL_ALWAYS_SOFTWARE=1)

title_of() { sed -n '/^ *"title": "/{s/^ *"title": "\(.*\)",$/\1/p;q}' "$1"; }

# commands_work <prefix>: without a display.
commands_work() {
  local program=$1/bin/attnscope samples=$1/share/attnscope/samples sample
  mkdir -p "$scratch/home"
  "${clean[@]}" "$program" --version | has -x 'attnscope [0-9.]*' || fail "--version"
  for sample in "$samples"/*.json; do
    "${clean[@]}" "$program" check --summary "$sample"
  done
  "${clean[@]}" "$program" export "$samples/said_twice.json" -o "$scratch/installed.png"
  "${clean[@]}" "$build_folder/bin/attnscope" export "$samples/said_twice.json" -o "$scratch/built.png"
  cmp "$scratch/installed.png" "$scratch/built.png" || fail "the figure is not that of the program in the build folder"
}

# eventually <command..>: until it succeeds, for at most 40 s.
eventually() {
  local i
  for ((i = 0; i < 400; ++i)); do
    if "$@"; then return; fi
    sleep 0.1
  done
  return 1
}

# stop <process..>: one after the other.
stop() {
  local process
  for process; do
    if kill "$process"; then wait "$process" || true; fi
  done 2>/dev/null
}

# window_shows <title> <prefix>: the window opens on the sample of that title, and is still there two seconds later.
window_shows() {
  need Xvfb
  local log=$scratch/events.jsonl display=$scratch/display server program
  mkdir -p "$scratch/home"
  rm -f "$log" "$display"
  Xvfb -displayfd 3 -screen 0 1280x800x24 -nolisten tcp 3>"$display" >/dev/null 2>&1 &
  server=$!
  # shellcheck disable=SC2064
  trap "stop $server" EXIT
  eventually test -s "$display" || fail "Xvfb does not start"
  "${clean[@]}" DISPLAY=":$(<"$display")" timeout 120 "$2/bin/attnscope" --event-log "$log" &
  program=$!
  # shellcheck disable=SC2064
  trap "stop $program $server" EXIT
  eventually grep -qsF "\"title\":\"$1\"" "$log" || fail "no window with '$1', but: $(grep -o '"title":"[^"]*"' "$log" | tail -n 1)"
  sleep 2
  kill -0 "$program" 2>/dev/null || fail "the window closed by itself"
}
