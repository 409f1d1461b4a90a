#!/usr/bin/env bash
# Checks the image without a container engine: runs what the Dockerfile's stages run, in order, in new folders, with only
# the files that Dockerfile.dockerignore lets in; then starts the broker as ENTRYPOINT does, on free ports, and asks
# HEALTHCHECK's question. What needs the image's own root file system is named and left out.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. .mvn/jdk.sh
labchat_need_jdk
# The image's Java, if this machine has it.
for candidate in /usr/lib/jvm/*; do
  if [ "$(labchat_jdk_version "$candidate" || true)" = 25 ]; then
    JAVA_HOME=$candidate
    break
  fi
done
java_version=$(labchat_jdk_version "$JAVA_HOME")

fail() {
  echo "docker/check.sh: $*" >&2
  exit 1
}

work=$(mktemp -d "${TMPDIR:-/tmp}/labchat-docker.XXXXXX")
broker=
finish() {
  if [ -n "$broker" ]; then
    kill "$broker" 2>/dev/null || true
    wait "$broker" 2>/dev/null || true
  fi
  rm -rf "$work"
}
trap finish EXIT

# The context: what git would commit, as far as the ignore file lets it in.
context=$work/context
mkdir "$context"
[ "$(grep -v '^#' docker/Dockerfile.dockerignore | head -n 1)" = '*' ] || fail "Dockerfile.dockerignore must begin with *"
mapfile -t admitted < <(sed -n 's/^!//p' docker/Dockerfile.dockerignore)
for path in "${admitted[@]}"; do
  [ -e "$path" ] || fail "Dockerfile.dockerignore names $path, which does not exist"
done
git ls-files -z -co --exclude-standard -- "${admitted[@]}" | while IFS= read -r -d '' file; do
  [ ! -e "$file" ] || printf '%s\0' "$file"
done | tar --null --files-from=- --create --file=- | tar --extract --file=- --directory="$context"

# A JSON array of strings without escapes, one string a line.
strings() {
  grep -oE '"[^"]*"' <<<"$1" | sed 's/^"//; s/"$//'
}

root=
folder=/
entrypoint=
healthcheck=
skipped=()

copy() {
  local from=$context source target words
  if [[ $1 == --from=* ]]; then
    from=$work/stage-${1#--from=}
    shift
  fi
  words=("$@")
  target=${words[-1]}
  unset 'words[-1]'
  [[ $target == /* ]] || target=$folder/$target
  if [[ $target == */ || ${#words[@]} -gt 1 ]]; then
    mkdir -p "$root$target"
  else
    mkdir -p "$(dirname "$root$target")"
  fi
  for source in "${words[@]}"; do
    if [ "$source" = . ]; then
      cp -a "$from/." "$root$target"
    else
      cp -a "$from/$source" "$root$target"
    fi
  done
}

while IFS= read -r line; do
  case $line in
    '' | '#'*) ;;
    'FROM '*)
      read -r _ image _ name <<<"$line"
      grep -qE '^eclipse-temurin:25(\.[0-9]+)*_[0-9]+-(jdk|jre)-[a-z]+$' <<<"$image" ||
        fail "the base is not pinned by an exact tag of Java 25: $image"
      root=$work/stage-$name
      folder=/
      mkdir "$root"
      echo "docker/check.sh: stage $name, in place of $image: Java $java_version"
      ;;
    'ENV '*) export "${line#ENV }" ;;
    'WORKDIR '*)
      folder=${line#WORKDIR }
      mkdir -p "$root$folder"
      ;;
    'COPY '*)
      read -ra words <<<"${line#COPY }"
      copy "${words[@]}"
      ;;
    'RUN '*)
      command=${line#RUN }
      if [[ " $command" == *' /'* ]]; then
        skipped+=("$line")
      else
        (cd "$root$folder" && bash -euc "$command" </dev/null) || fail "failed: $line"
      fi
      ;;
    'USER '* | 'VOLUME '* | 'EXPOSE '*) skipped+=("$line") ;;
    'HEALTHCHECK '*) healthcheck=${line#*CMD } ;;
    'ENTRYPOINT '*) entrypoint=${line#ENTRYPOINT } ;;
    *) fail "cannot check this line of the Dockerfile: $line" ;;
  esac
done < <(sed -e ':a' -e '/\\$/N; s/\\\n//; ta' docker/Dockerfile)

for line in "${skipped[@]}"; do
  echo "docker/check.sh: left out, since it needs the image itself: $line"
done

# As compose.yaml mounts it.
mkdir -p "$root/etc/labchat"
cp users.conf "$root/etc/labchat/users.conf"

command=()
while IFS= read -r word; do
  case $word in
    java) command+=("$JAVA_HOME/bin/java") ;;
    --sun-misc-*)
      if [ "$java_version" -ge 23 ]; then
        command+=("$word")
      else
        echo "docker/check.sh: left out, since Java $java_version does not know it: $word"
      fi
      ;;
    /*) command+=("$root$word") ;;
    *) command+=("$word") ;;
  esac
done < <(strings "$entrypoint")

ready=$work/ready.json
(cd "$root$folder" && exec "${command[@]}" --port 0 --ws-port 0 --http-port 0 --ready-file "$ready") >"$work/broker.log" 2>&1 </dev/null &
broker=$!
for _ in $(seq 300); do
  [ ! -s "$ready" ] || break
  kill -0 "$broker" 2>/dev/null || break
  sleep 0.1
done
[ -s "$ready" ] || {
  cat "$work/broker.log" >&2
  fail "the broker did not get ready"
}
port=$(sed -n 's/.*"mqtt":\([0-9]*\).*/\1/p' "$ready")

check=()
while IFS= read -r word; do
  check+=("${word//\/1883/\/$port}")
done < <(strings "$healthcheck")
timeout 3 "${check[@]}" || fail "the health check fails while the broker runs: ${check[*]}"

kill "$broker"
code=0
wait "$broker" || code=$?
broker=
[ "$code" = 0 ] || {
  cat "$work/broker.log" >&2
  fail "the broker ended with exit code $code when it was told to stop"
}
if timeout 3 "${check[@]}" 2>/dev/null; then
  fail "the health check succeeds although the broker is gone: ${check[*]}"
fi
echo "docker/check.sh: the image's commands work: built, started, healthy, stopped."
