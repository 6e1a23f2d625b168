#!/usr/bin/env bash
# setup-aarch64.sh DIR: what it takes to build the project for aarch64 Linux on an x86-64 Debian machine, under DIR.
#
# A Rust compiler with the standard library for aarch64, a C compiler for it and its C library come as Debian packages,
# which are unpacked below DIR and not installed: it takes no root, and nothing outside DIR changes. Taken from the system
# are binutils-aarch64-linux-gnu (linker, ar) and qemu-user, which runs what was built.
# `DIR/env`, read by a shell, sets Cargo up for that target; it is written last, so that it exists only when all is there.
set -euo pipefail
dir=$(mkdir -p "$1" && cd "$1" && pwd)
# The oldest Rust that builds the project.
rust=1.95
# The version of GCC that this release of Debian has for the target.
gcc=12

mkdir -p "$dir"/apt/{state/lists/partial,cache/archives/partial} "$dir"/{debs,bin}
# Lists and caches of its own, with the packages of both architectures in them.
cat > "$dir/apt/apt.conf" <<END
Dir::State "$dir/apt/state";
Dir::State::status "/var/lib/dpkg/status";
Dir::Cache "$dir/apt/cache";
APT::Architectures { "amd64"; "arm64"; };
APT::Sandbox::User "root";
END
export APT_CONFIG=$dir/apt/apt.conf
apt-get -qq update

# The compiler runs on this machine, the standard library is the target's: they must be of one version.
candidate() { apt-cache policy "$1" | awk '/Candidate:/{print $2}'; }
version=$(candidate rustc-web)
target_version=$(candidate libstd-rust-web-dev:arm64)
[ "$version" = "$target_version" ] || { echo "rustc-web is $version, its library for arm64 $target_version" >&2; exit 1; }
dpkg --compare-versions "$version" ge "$rust" || { echo "rustc-web $version is older than $rust" >&2; exit 1; }

# The packages that one depends on, a line each.
depends() { apt-cache show "$1=$version" | sed -n 's/^Depends: //p' | tr ',|' '\n' | sed 's/(.*//' | tr -d ' '; }
std=$(depends libstd-rust-web-dev | grep -m 1 '^libstd-rust-web-')
llvm=$(depends "$std" | grep -m 1 -E '^libllvm[0-9]+$')

cd "$dir/debs"
apt-get -qq download "rustc-web=$version" "libstd-rust-web-dev=$version" "$std=$version" "$llvm" \
  "libstd-rust-web-dev:arm64=$version" \
  "gcc-$gcc-aarch64-linux-gnu" "cpp-$gcc-aarch64-linux-gnu" "libgcc-$gcc-dev-arm64-cross" libgcc-s1-arm64-cross \
  libc6-arm64-cross libc6-dev-arm64-cross linux-libc-dev-arm64-cross
for package in *.deb; do dpkg-deb -x "$package" "$dir/root"; done
cd "$dir"
rm -r debs apt

# An unpacked tool needs to be told where its libraries are.
tool() {
  printf '#!/bin/sh\n%s "$@"\n' "$2" > "$dir/bin/$1"
  chmod +x "$dir/bin/$1"
}
libraries="LD_LIBRARY_PATH=$dir/root/usr/lib/x86_64-linux-gnu:$dir/root/usr/lib"
tool rustc "$libraries exec $dir/root/usr/bin/rustc"
tool rustdoc "$libraries exec $dir/root/usr/bin/rustdoc"
tool gcc "exec $dir/root/usr/bin/aarch64-linux-gnu-gcc-$gcc -B/usr/aarch64-linux-gnu/bin --sysroot=$dir/root"
# Runs a program of the target.
qemu="qemu-aarch64 -L $dir/root/usr/aarch64-linux-gnu"

"$dir/bin/rustc" --version
cat > "$dir/env" <<END
export RUSTC=$dir/bin/rustc RUSTDOC=$dir/bin/rustdoc CARGO_BUILD_TARGET=aarch64-unknown-linux-gnu
export CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER=$dir/bin/gcc
export CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_RUNNER="$qemu"
export CC_aarch64_unknown_linux_gnu=$dir/bin/gcc AR_aarch64_unknown_linux_gnu=aarch64-linux-gnu-ar
END
