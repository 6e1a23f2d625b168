#!/usr/bin/env bash
# The suite under AddressSanitizer, with the collector's free cells poisoned (runtime/src/gc/sanitizer.rs): a read or
# write outside of an object, or of one that is gone, ends the program with a report. Needs a nightly compiler.
#
#   tests/sanitizer.sh [MODES]      modes as for the suite (interp,eager), separated by commas
#
# Native code is not instrumented: what it calls is. First a seeded overflow must be found, or the run proves nothing.
# With CRANELUA_SANITIZER_MUTANTS=N, N mutated binary chunks are run as well, interpreted and compiled.
set -euo pipefail
cd "$(dirname "$0")/.."
modes="${1:-interp,eager}"
# A target folder of its own: everything is built anew.
target="${CRANELUA_SANITIZER_TARGET:-target/sanitizer}"
triple="$(rustc +nightly --print host-tuple)"

RUSTFLAGS="-Zsanitizer=address" cargo +nightly build --release --target "$triple" --target-dir "$target" \
  --features sanitizer,seeded-defects --bin cranelua \
  --config profile.release.lto=false --config profile.release.codegen-units=8 --config profile.release.opt-level=1
binary="$(realpath "$target/$triple/release/cranelua")"

# States are closed at the end, but an exit in the middle leaves them: that is no leak. Variables stay on the machine
# stack: native frames are told from others by their address.
export ASAN_OPTIONS="detect_leaks=0:detect_stack_use_after_return=0:exitcode=99"
overflow="local t = {} for i = 1, 1000 do t[i] = 'text ' .. i end print(#t)"
status=0
output="$(CRANELUA_DEFECT=cell-overflow "$binary" -e "$overflow" 2>&1)" || status=$?
if [ "$status" != 99 ] || ! grep -q "use-after-poison" <<<"$output"; then
  echo "sanitizer: the seeded overflow was not found (exit code $status)" >&2
  exit 1
fi
[ "$("$binary" -e "$overflow")" = 1000 ]

CRANELUA_TEST_BIN="$binary" CRANELUA_TEST_MODES="$modes" cargo test --test suite
if [ -n "${CRANELUA_SANITIZER_MUTANTS:-}" ]; then
  cargo run --release --manifest-path tests/differential/Cargo.toml -- mutants \
    --count "$CRANELUA_SANITIZER_MUTANTS" --bin "$binary" --puc none --unlimited
fi
