# shellcheck shell=bash
# Shared by the scripts of this folder; to be sourced. Sets `root`, the top of the source tree.

# shellcheck disable=SC2034
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
program=$(basename "$0")

say() { printf '%s: %s\n' "$program" "$*" >&2; }

fail() {
  say "$*"
  exit 1
}

# A wrong argument: one message, status 2.
usage_error() {
  say "$* (--help shows what is allowed)"
  exit 2
}

# Prints the comment block at the top of the calling script as its help.
show_help() {
  sed -n '2,/^[^#]/{/^#/!d;s/^# \{0,1\}//;p}' "$0"
}

# quietly COMMAND...: shows the command's output only if it fails.
quietly() {
  local output
  output=$("$@" 2>&1) || { printf '%s\n' "$output" >&2 && return 1; }
}

# needs_value OPTION COUNT: fails when the option is the last word.
needs_value() {
  [[ $2 -ge 2 ]] || usage_error "$1 needs a value"
}

is_whole_number() { [[ $1 =~ ^(0|[1-9][0-9]{0,17})$ ]]; }

# our_files PATTERN...: files of the source tree, new ones included, ignored ones not.
our_files() {
  local file
  git ls-files --cached --others --exclude-standard -- "$@" |
    while IFS= read -r file; do
      if [[ -f $file ]]; then echo "$file"; fi
    done
}

as_root() {
  if [[ $EUID -eq 0 ]]; then
    "$@"
  elif ! command -v sudo >/dev/null; then
    fail "packages are missing and neither root nor sudo is at hand; run as root: $*"
  elif [[ -t 0 ]]; then
    sudo "$@"
  else
    sudo -n "$@"
  fi
}

# missing_packages NAME...: prints those that are not installed.
missing_packages() {
  dpkg-query -W -f='${Package} ${db:Status-Status}\n' "$@" 2>/dev/null |
    awk -v wanted="$*" '
      $2 == "installed" { have[$1] = 1 }
      END { n = split(wanted, names, " ")
            for (i = 1; i <= n; ++i) if (!(names[i] in have)) print names[i] }'
}

# Reads the package lists, once per run and only if something is to be installed.
refresh_package_lists() {
  [[ -z ${package_lists_fresh:-} ]] || return 0
  say "reading the package lists"
  as_root apt-get -qq -o DPkg::Lock::Timeout=300 update </dev/null >&2 ||
    say "the package lists could not be read; trying with those at hand"
  package_lists_fresh=1
}

# Installs without a question and without removing anything; apt's own words only on failure.
apt_install() {
  quietly as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 \
    -o Dpkg::Use-Pty=0 install --no-remove --no-install-recommends "$@" </dev/null
}

# install_packages NAME...: installs what is missing, removes nothing.
install_packages() {
  if ! command -v dpkg-query >/dev/null; then
    say "no dpkg here: expecting that these are installed: $*"
    return 0
  fi
  local missing
  mapfile -t missing < <(missing_packages "$@")
  [[ ${#missing[@]} -gt 0 ]] || return 0
  refresh_package_lists
  say "installing ${missing[*]}"
  apt_install "${missing[@]}" || fail "apt-get could not install: ${missing[*]}"
}

# Number of compilers to run at once: one per processor, two gigabytes for each.
build_jobs() {
  local memory
  memory=$(awk '/^MemAvailable:/ { print int($2 / 2000000) }' /proc/meminfo 2>/dev/null || echo 1)
  awk -v cores="$(nproc)" -v memory="${memory:-1}" \
    'BEGIN { n = cores < memory ? cores : memory; print n < 1 ? 1 : n }'
}
