# Read by the scripts of this folder: what they ask of the machine.

# Makes sure that a check passes, if need be by installing a Debian package.
need() {
  local package=$1
  shift
  if "$@" >/dev/null 2>&1; then return; fi
  local sudo=
  if [ "$(id -u)" -ne 0 ]; then sudo=sudo; fi
  echo "installing $package"
  $sudo apt-get update -qq
  $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$package"
  "$@" >/dev/null || { echo "$package is needed: '$*' fails" >&2; exit 1; }
}
