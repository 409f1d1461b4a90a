# What both trials use; they run as root in a clean root, with a network of their own.

step() {
  printf '== %s\n' "$*"
}

fail() {
  echo "FAILED: $*" >&2
  [ ! -e /tmp/broker.log ] || tail -n 20 /tmp/broker.log >&2
  exit 1
}

# expect "what" "found" "wanted"
expect() {
  [ "$2" = "$3" ] || fail "$1: found \"$2\", wanted \"$3\""
  printf '   %s: %s\n' "$1" "$2"
}

# contains "what" "text" "part"
contains() {
  case $2 in
    *"$3"*) printf '   %s: has "%s"\n' "$1" "$3" ;;
    *) fail "$1: \"$3\" is not in: $2" ;;
  esac
}

# Waits for a file, or for the end of a process; a minute at most.
await() {
  tries=0
  while [ ! -s "$1" ] && kill -0 "$2" 2>/dev/null && [ "$tries" -lt 600 ]; do
    sleep 0.1
    tries=$((tries + 1))
  done
  [ -s "$1" ] || fail "the broker did not get ready"
}

# The password on a slip of MQTTX's form.
password() {
  sed -n 's/.*"password": "\(.*\)",/\1/p' "$1"
}
