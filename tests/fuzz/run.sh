#!/usr/bin/env bash
# Runs the fuzz targets from their kept corpora, or adds what was found to these.
#
#   tests/fuzz/run.sh run MINUTES [TARGET ...]     the minutes are divided among the targets (all of them)
#   tests/fuzz/run.sh keep [TARGET ...]            minimises corpora of earlier runs and packs them
#
# Needs cargo-fuzz and a nightly compiler. Corpora are kept as corpora/TARGET.tar.gz: inputs of at most
# MAX_LEN bytes of which each reaches code that the others do not. While they grow they lie in
# CRANELUA_FUZZ_DIR (target/fuzz). An input that breaks a target is left in artifacts/TARGET and ends the script.
set -euo pipefail
cd "$(dirname "$0")/../.."

MAX_LEN=600
fuzz=tests/fuzz
work="$(realpath -m "${CRANELUA_FUZZ_DIR:-target/fuzz}")"
command="${1:-}"
shift || true

# Unpacks the inputs of a target, unless they are there already.
unpack() {
  local target="$1" dir="$work/$1"
  if [ ! -d "$dir" ]; then
    mkdir -p "$dir"
    if [ -f "$fuzz/corpora/$target.tar.gz" ]; then tar -xzf "$fuzz/corpora/$target.tar.gz" -C "$dir"; fi
  fi
}

fuzz() {
  local target="$1"
  shift
  cargo +nightly fuzz run --fuzz-dir "$fuzz" -s none "$target" "$@"
}

targets() {
  if [ $# -gt 0 ]; then printf '%s\n' "$@"; else basename -s .rs "$fuzz"/fuzz_targets/*.rs; fi
}

case "$command" in
run)
  minutes="${1:?minutes}"
  shift
  mapfile -t list < <(targets "$@")
  seconds="$(awk -v m="$minutes" -v n="${#list[@]}" 'BEGIN { printf "%d", m * 60 / n + 0.5 }')"
  for target in "${list[@]}"; do
    unpack "$target"
    log="$work/$target.log"
    if ! fuzz "$target" "$work/$target" -- -max_total_time="$seconds" -max_len="$MAX_LEN" -timeout=20 >"$log" 2>&1; then
      tail -n 40 "$log"
      echo "fuzz: $target was broken" >&2
      exit 1
    fi
    echo "fuzz: $target, $seconds s, $(grep -o '^Done [0-9]* runs' "$log"), $(find "$work/$target" -type f | wc -l) inputs"
  done
  ;;
keep)
  mkdir -p "$fuzz/corpora"
  for target in $(targets "$@"); do
    unpack "$target"
    least="$work/$target.least"
    rm -rf "$least"
    mkdir "$least"
    fuzz "$target" "$least" "$work/$target" -- -set_cover_merge=1 -max_len="$MAX_LEN" >"$work/$target.log" 2>&1
    tar --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner -C "$least" -czf "$fuzz/corpora/$target.tar.gz" .
    rm -rf "${work:?}/$target"
    mv "$least" "$work/$target"
    echo "fuzz: $target, $(find "$work/$target" -type f | wc -l) inputs kept"
  done
  ;;
*)
  sed -n '2,9s/^# \{0,1\}//p' "$0" >&2
  exit 2
  ;;
esac
