# Finds a JDK of version 17 or newer for ./run and ./test, or installs one where that is allowed. To be sourced by bash.
# Sets and exports JAVA_HOME.

# Prints the feature version of the JDK in a folder, such as 17; fails if there is none. A JRE has no compiler.
labchat_jdk_version() {
  [ -x "$1/bin/javac" ] && [ -x "$1/bin/java" ] || return 1
  local version
  version=$("$1/bin/javac" -version 2>&1) || return 1
  version=${version#javac }
  version=${version%%[!0-9]*}
  [ -n "$version" ] && printf '%s\n' "$version"
}

# Prints the folder of a JDK that is new enough: JAVA_HOME, else the one on PATH, else the oldest that is installed.
labchat_find_jdk() {
  local candidate version javac
  local candidates=()
  [ -z "${JAVA_HOME-}" ] || candidates+=("$JAVA_HOME")
  if javac=$(command -v javac) && javac=$(readlink -f "$javac"); then
    candidates+=("${javac%/bin/javac}")
  fi
  while IFS= read -r candidate; do
    candidates+=("$candidate")
  done <<<"$(printf '%s\n' /usr/lib/jvm/*/ | sort -t- -k2,2n)"
  for candidate in "${candidates[@]}"; do
    candidate=${candidate%/}
    if version=$(labchat_jdk_version "$candidate") && [ "$version" -ge 17 ]; then
      printf '%s\n' "$candidate"
      return 0
    fi
  done
  return 1
}

# Installs packages with apt, without questions. $1 says what for.
labchat_apt_install() {
  local what=$1 log code=0
  shift
  log=$(mktemp "${TMPDIR:-/tmp}/labchat-apt.XXXXXX")
  echo "Installing $what: $*" >&2
  {
    apt-get -q update &&
      DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=120 install --no-install-recommends "$@"
  } </dev/null >"$log" 2>&1 || code=$?
  if [ "$code" != 0 ]; then
    tail -n 20 "$log" >&2
    echo "apt-get could not install: $*" >&2
  fi
  rm -f "$log"
  return "$code"
}

labchat_may_install() {
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null
}

labchat_need_jdk() {
  local package
  if ! JAVA_HOME=$(labchat_find_jdk); then
    if ! labchat_may_install; then
      echo "Labchat needs a JDK 17 or newer, and found none (a JRE is not enough: it has no compiler)." >&2
      echo "On Debian or Ubuntu:  sudo apt-get install openjdk-17-jdk-headless  (or default-jdk-headless)" >&2
      echo "If there is one already, say where:  JAVA_HOME=/path/to/jdk $0" >&2
      exit 1
    fi
    apt-get -q update </dev/null >/dev/null 2>&1 || true
    package=default-jdk-headless
    if apt-cache policy openjdk-17-jdk-headless 2>/dev/null | grep -q 'Candidate: [0-9]'; then
      package=openjdk-17-jdk-headless
    fi
    labchat_apt_install "a JDK" "$package" || exit 1
    JAVA_HOME=$(labchat_find_jdk) || {
      echo "$package was installed, but it brought no JDK 17 or newer." >&2
      exit 1
    }
  fi
  export JAVA_HOME
}
