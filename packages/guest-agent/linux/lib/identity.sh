# shellcheck shell=sh
# The guest's identity: machine id and SSH host keys. An image's are known to everyone who has the image, and shared by
# all guests made from it.

# Makes a new identity, once for an operation. It is complete in a folder before any part of it is installed, so that an
# agent that was killed installs the same again.
renew_identity() {
  [ "$(cat "$state/identity" 2>/dev/null)" != "$operation" ] || return 0
  staged=$state/identity.new
  if [ "$(cat "$staged/operation" 2>/dev/null)" != "$operation" ]; then stage_identity || return 1; fi
  install_machine_id || return 1
  if [ -d "$staged/etc/ssh" ]; then install_host_keys || return 1; fi
  echo "$operation" | replace_file "$state/identity" 600 || return 1
  rm -rf "$staged"
}

# Makes the identity in $staged. The file operation is the last one.
stage_identity() {
  rm -rf "$staged"
  mkdir -p "$staged"
  # A random UUID (version 4), as systemd makes it.
  tr -d - </proc/sys/kernel/random/uuid >"$staged/machine-id" || return 1
  if command -v sshd >/dev/null && command -v ssh-keygen >/dev/null; then
    mkdir -p "$staged/etc/ssh"
    ssh-keygen -A -f "$staged" >/dev/null 2>&1 || return 1
    sync "$staged"/etc/ssh/*
  fi
  sync "$staged/machine-id"
  echo "$operation" | replace_file "$staged/operation" 600
}

install_machine_id() {
  replace_file /etc/machine-id 444 <"$staged/machine-id" || return 1
  # The copy of D-Bus, where it is not a link to the other.
  if [ -f /var/lib/dbus/machine-id ] && [ ! -L /var/lib/dbus/machine-id ]; then
    replace_file /var/lib/dbus/machine-id 444 <"$staged/machine-id"
  fi
}

install_host_keys() {
  for file in "$staged"/etc/ssh/ssh_host_*; do
    case $file in
      *.pub) mode=644 ;;
      *) mode=600 ;;
    esac
    replace_file "/etc/ssh/${file##*/}" "$mode" <"$file" || return 1
  done
  # Keys of other types are still the image's.
  for file in /etc/ssh/ssh_host_*; do
    [ -e "$staged$file" ] || rm -f "$file"
  done
  # A server that is already running has read the old keys.
  if command -v systemctl >/dev/null; then systemctl try-restart ssh.service sshd.service >/dev/null 2>&1 || :; fi
}
