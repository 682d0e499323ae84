# What `run` and `test` need on a machine: the .NET SDK and PostgreSQL's server programs; `test` also a Chromium. Sourced by both.

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1 MSBUILDDISABLENODEREUSE=1

die() { echo "$(basename "$0"): $*" >&2; exit 1; }

# The SDK that global.json asks for is there, or the script ends.
require_dotnet() {
  command -v dotnet >/dev/null || die "the .NET SDK 10 is missing; install it from https://dotnet.microsoft.com/download and run this again"
  dotnet --version >/dev/null 2>&1 || die "the .NET SDK 10 is missing (there is only: $(dotnet --list-sdks | cut -d' ' -f1 | tr '\n' ' ')); install it from https://dotnet.microsoft.com/download and run this again"
}

# Whether PostgreSQL 15 or later is installed: where Debian and Red Hat put it, or on the PATH.
have_postgres() {
  local initdb version
  for initdb in /usr/lib/postgresql/*/bin/initdb /usr/pgsql-*/bin/initdb "$(command -v initdb || true)"; do
    [ -x "$initdb" ] || continue
    version=$("$initdb" --version | grep -oE '[0-9]+' | head -n 1)
    [ "${version:-0}" -ge 15 ] && return 0
  done
  return 1
}

# Installs PostgreSQL's server where that is possible without asking, else says what to do and ends the script.
# Debian's package would create and start a cluster of its own; ours are private, so that is switched off first,
# unless the administrator has already written down a choice.
require_postgres() {
  have_postgres && return
  local sudo=()
  command -v apt-get >/dev/null || die "PostgreSQL 15 or later is missing; install its server with your system's package manager and run this again"
  if [ "$(id -u)" -ne 0 ]; then
    { command -v sudo >/dev/null && sudo -n true 2>/dev/null; } || die "PostgreSQL is missing; install it with: sudo apt-get install postgresql   and run this again"
    sudo=(sudo)
  fi
  echo "installing PostgreSQL's server (once)..." >&2
  if [ ! -e /etc/postgresql-common/createcluster.conf ]; then
    "${sudo[@]}" mkdir -p /etc/postgresql-common
    echo "create_main_cluster = false" | "${sudo[@]}" tee /etc/postgresql-common/createcluster.conf >/dev/null
  fi
  { "${sudo[@]}" apt-get -qq update && "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive \
      apt-get -qq -y -o Dpkg::Options::=--force-confold install --no-install-recommends postgresql; } >/dev/null 2>&1 \
    || die "PostgreSQL could not be installed; try by hand: apt-get update && apt-get install postgresql"
  have_postgres || die "PostgreSQL was installed, but it is older than version 15"
}

# Whether a Chromium is where the tests of the pages look for one.
have_chromium() {
  local place
  for place in "${FHIRFACADE_CHROMIUM:-}" /usr/bin/chromium /usr/bin/chromium-browser /usr/bin/google-chrome; do
    [ -x "$place" ] && return 0
  done
  return 1
}

# Installs Chromium where that is possible without asking. Where it is not, the tests of the pages say so and are skipped.
want_chromium() {
  have_chromium && return
  local sudo=()
  command -v apt-get >/dev/null || return 0
  if [ "$(id -u)" -ne 0 ]; then
    { command -v sudo >/dev/null && sudo -n true 2>/dev/null; } || return 0
    sudo=(sudo)
  fi
  echo "installing Chromium (once)..." >&2
  { "${sudo[@]}" apt-get -qq update && "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -y install --no-install-recommends chromium; } >/dev/null 2>&1
  have_chromium || echo "Chromium could not be installed: the tests of the pages are skipped" >&2
}
