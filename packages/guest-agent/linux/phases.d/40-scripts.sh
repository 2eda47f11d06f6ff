# shellcheck shell=sh
# Runs the first-boot scripts, each once. Their output is discarded, because it may contain secrets.

mkdir -p "$state/scripts"
get_count scripts
scripts=$count
index=0
while [ "$index" -lt "$scripts" ]; do
  get "scripts/$index/name" || exit 1
  name=$value
  if [ ! -e "$state/scripts/$name.done" ]; then
    if [ -e "$state/scripts/$name.started" ]; then
      echo script-interrupted >"$run/failure"
      exit 1
    fi
    get "scripts/$index/content" || exit 1
    printf %s "$value" >"$work/script"
    : >"$state/scripts/$name.started"
    sync "$state/scripts/$name.started"
    env -i PATH="$PATH" HOME=/root LC_ALL=C.UTF-8 /bin/sh "$work/script" </dev/null >/dev/null 2>&1 || exit 1
    mv "$state/scripts/$name.started" "$state/scripts/$name.done"
  fi
  index=$((index + 1))
done
