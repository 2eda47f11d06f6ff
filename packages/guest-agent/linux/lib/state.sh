# shellcheck shell=sh
# State that survives a reboot: the epoch, the completed sections and the announcement of one operation. No secrets.

# Reads the state into $saved_operation, $saved_epoch, $completed and $announcement.
load_state() {
  saved_operation='' saved_epoch='' completed='' announcement=''
  [ -r "$state/operation" ] || return 0
  {
    read -r saved_operation
    read -r saved_epoch
    read -r completed
    read -r announcement
  } <"$state/operation" || :
}

# Writes the state of the current operation.
save_state() {
  printf '%s\n' "$operation" "$epoch" "$completed" "$announcement" >"$state/operation.new"
  sync "$state/operation.new"
  mv "$state/operation.new" "$state/operation"
}

# Remembers the operation as completed.
mark_completed() {
  mkdir -p "$state/completed"
  : >"$state/completed/$operation"
  sync "$state/completed/$operation"
  rm -rf "$state/operation" "$state/scripts"
}

# Publishes the status: phase ($1), progress ($2), code ($3). The sequence grows over reboots, also unplanned ones.
status() {
  sequence=$(($(cat "$state/sequence" 2>/dev/null || echo 0) + 1))
  echo "$sequence" >"$state/sequence"
  sync "$state/sequence"
  put_item status "1 $operation $epoch $sequence $1 $2 $3"
}

# Prints the MAC of a text ($1) with the report key, as base64url.
report_mac() {
  printf %s "$1" >"$work/mac-text"
  hmac sha256 "$(cat "$run/report-key")" "$work/mac-text" | base64url_encode
}
