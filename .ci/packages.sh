# shellcheck shell=sh disable=SC2034,SC2154
# Sourced by ./georep, ./check and ./georep-bench: which Debian 12 packages each needs, how the missing ones are
# installed, and whether a build folder is ours.

build_packages="g++ meson ninja-build pkg-config libboost-graph-dev libfmt-dev libcli11-dev libeigen3-dev \
libyaml-cpp-dev nlohmann-json3-dev librandom123-dev libsqlite3-dev zlib1g-dev libjs-chart.js"
test_packages="ccache clang-19 libclang-rt-19-dev doctest-dev libsimgrid-dev spin libboost-mpi-dev openmpi-bin"
slow_test_packages="valgrind"
bench_packages="libsimgrid-dev libns3-dev valgrind python3"

# Prints those of the given packages that dpkg does not know as installed.
missing_packages() {
  for package in "$@"; do
    status=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) || status=absent
    [ "$status" = installed ] || printf '%s ' "$package"
  done
}

# install_packages WHO PACKAGE...: installs what is missing and says which, all on stderr.
# Fails, having said what to do by hand, where that is not possible.
install_packages() {
  who=$1
  shift
  if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    # Not Debian: the names differ, so only the compiler and the build tools can be looked for.
    for tool in c++ meson ninja pkg-config; do
      command -v "$tool" >/dev/null && continue
      echo "$who: $tool is missing. Please install, under your system's names: $*" >&2
      return 1
    done
    return 0
  fi
  missing=$(missing_packages "$@")
  [ -n "$missing" ] || return 0
  as_root=
  if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null; then
      echo "$who: please install as root: apt-get install $missing" >&2
      return 1
    fi
    as_root=sudo
  fi
  echo "$who: installing Debian packages: $missing" >&2
  # A list of packages that cannot be renewed may still serve, so only the installation decides.
  # shellcheck disable=SC2086  # the packages and the optional sudo are words, not one string
  { $as_root apt-get update -qq || true
    $as_root env DEBIAN_FRONTEND=noninteractive \
      apt-get install -y -qq --no-install-recommends $missing
  } >&2 </dev/null || {
    echo "$who: could not install them. Please do so by hand: apt-get install $missing" >&2
    return 1
  }
}

# Whether a build folder is configured, and for this very place: a clone that was moved is configured anew.
# The caller has set root.
configured_here() {
  [ -e "$1/build.ninja" ] && grep -qF -- "\"source\": \"$root\"" "$1/meson-info/meson-info.json"
}
