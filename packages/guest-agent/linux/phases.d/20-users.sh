# shellcheck shell=sh
# Makes users with passwords, groups and sudo. May run twice.

get_count users
users=$count
index=0
while [ "$index" -lt "$users" ]; do
  get "users/$index/name" || exit 1
  user=$value
  shell=/bin/sh
  if get "users/$index/shell"; then shell=$value; fi
  if id -u "$user" >/dev/null 2>&1; then
    usermod -s "$shell" "$user" || exit 1
  else
    useradd -m -s "$shell" "$user" || exit 1
  fi
  if get "users/$index/passwordHash"; then
    printf '%s:%s\n' "$user" "$value" | chpasswd -e || exit 1
  fi
  get_count "users/$index/groups"
  groups=$count
  group=0
  while [ "$group" -lt "$groups" ]; do
    get "users/$index/groups/$group" || exit 1
    usermod -a -G "$value" "$user" || exit 1
    group=$((group + 1))
  done
  sudo=none
  if get "users/$index/sudo"; then sudo=$value; fi
  rule=/etc/sudoers.d/aether-v-$user
  rm -f "$rule"
  if [ "$sudo" != none ]; then
    [ -d /etc/sudoers.d ] || exit 1
    tag=
    [ "$sudo" = password ] || tag='NOPASSWD: '
    printf '%s ALL=(ALL:ALL) %sALL\n' "$user" "$tag" >"$rule"
    chmod 440 "$rule"
  fi
  index=$((index + 1))
done
