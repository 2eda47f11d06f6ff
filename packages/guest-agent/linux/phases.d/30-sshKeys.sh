# shellcheck shell=sh
# Writes the authorized_keys of users.

get_count sshKeys
entries=$count
index=0
while [ "$index" -lt "$entries" ]; do
  get "sshKeys/$index/user" || exit 1
  user=$value
  home=$(getent passwd "$user" | cut -d : -f 6)
  [ -d "$home" ] || exit 1
  group=$(id -g "$user")
  mkdir -p "$home/.ssh"
  get_count "sshKeys/$index/keys"
  keys=$count
  key=0
  : >"$home/.ssh/authorized_keys.new"
  while [ "$key" -lt "$keys" ]; do
    get "sshKeys/$index/keys/$key" || exit 1
    printf '%s\n' "$value" >>"$home/.ssh/authorized_keys.new"
    key=$((key + 1))
  done
  mv "$home/.ssh/authorized_keys.new" "$home/.ssh/authorized_keys"
  chmod 700 "$home/.ssh"
  chmod 600 "$home/.ssh/authorized_keys"
  chown -R "$user:$group" "$home/.ssh"
  index=$((index + 1))
done
