#!/bin/sh
# Configures a Linux guest from a document that only this guest can read (docs/provisioning-protocol.md). Needs openssl,
# awk, coreutils and the daemon of Hyper-V's key-value pairs. Runs as root, as a service at boot, until one operation is
# completed. May be killed and started again at any time.
set -u
umask 077
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C

# The tests set these.
pools=${AETHER_V_POOLS:-/var/lib/hyperv}
run=${AETHER_V_RUN:-/run/aether-v-provisioning}
state=${AETHER_V_STATE:-/var/lib/aether-v/provisioning}
trust=${AETHER_V_TRUST:-/etc/aether-v/provisioning}
interval=${AETHER_V_INTERVAL:-1}
# Time limits in intervals: for the request and the document; for the service to read an item; for the service to
# remove its request.
patience=${AETHER_V_PATIENCE:-1800}
reading_time=${AETHER_V_READING_TIME:-10}
farewell=${AETHER_V_FAREWELL:-600}

library=$(dirname "$0")
host_pool=$pools/.kvp_pool_0
guest_pool=$pools/.kvp_pool_1
machine_pool=$pools/.kvp_pool_3
work=$run/work
document=$run/document
code=-

# shellcheck source=lib/encoding.sh
. "$library/lib/encoding.sh"
# shellcheck source=lib/pool.sh
. "$library/lib/pool.sh"
# shellcheck source=lib/secrets.sh
. "$library/lib/secrets.sh"
# shellcheck source=lib/state.sh
. "$library/lib/state.sh"
# shellcheck source=lib/files.sh
. "$library/lib/files.sh"
# shellcheck source=lib/identity.sh
. "$library/lib/identity.sh"
# shellcheck source=lib/open.sh
. "$library/lib/open.sh"
# shellcheck source=lib/document.sh
. "$library/lib/document.sh"

# Runs a command ($2 and on) once per interval until it succeeds, at most $1 times.
await() {
  left=$1
  shift
  until "$@"; do
    left=$((left - 1))
    [ "$left" -gt 0 ] || return 1
    sleep "$interval"
  done
}

# Reads the request into $request, $operation and $vm. A restarted process continues with the same.
read_request() {
  request=$(cat "$run/request" 2>/dev/null || item "$host_pool" request)
  version='' operation='' vm='' more=''
  read -r version operation vm more <<LINE
$request
LINE
  guid='^[0-9a-f]\{8\}\(-[0-9a-f]\{4\}\)\{3\}-[0-9a-f]\{12\}$'
  [ "$version" = 1 ] && [ -z "$more" ] || return 1
  printf '%s\n' "$operation" | grep -q "$guid" || return 1
  printf '%s\n' "$vm" | grep -q "$guid" || return 1
  id=$(records "$machine_pool" | sed -n 's/^VirtualMachineId  *\([0-9A-Fa-f-]*\)$/\1/p' | tr 'A-F' 'a-f')
  [ -z "$id" ] || vm=$id
  printf '%s\n' "$request" >"$run/request"
}

# Ends the operation without a report: there is no document, and so no report key.
give_up() {
  status failed 0 "$1"
  mark_completed
  destroy_secrets
  say_farewell
}

request_is_gone() {
  [ "$(item "$host_pool" request)" != "$request" ]
}

# Restores the epoch of an operation that began before this boot or before this process.
resume() {
  load_state
  epoch=1
  if [ "$saved_operation" != "$operation" ]; then
    completed='' announcement=''
    return 0
  fi
  epoch=$saved_epoch
  [ ! -e "$run/nonce" ] && [ ! -e "$run/report-key" ] || return 0
  [ -n "$announcement" ] || give_up interrupted
  put_item reboot "$announcement"
}

# Waits for a document and opens it. Gives up after three refusals.
receive() {
  touch "$run/refused"
  until [ "$(wc -l <"$run/refused")" -ge 3 ]; do
    await "$patience" next_document || give_up no-document
    if open_sealed; then
      keep_document
      return 0
    fi
    printf '%s\n' "$manifest" >>"$run/refused"
    status refused 0 "$code"
  done
  give_up "$code"
}

# Gathers a complete document that was not refused before.
next_document() {
  gather && ! grep -qxF "$manifest" "$run/refused"
}

# Keeps the opened document in memory, so that a restarted process continues with it.
keep_document() {
  document=$work/document
  get reportKey
  base64url_decode "$value" | hex_encode >"$run/report-key"
  document=$run/document
  announcement=
  save_state
  mv "$work/document" "$document"
  rm -rf "$work"
  mkdir -p "$work"
}

# Applies the sections in their order. Sets $code to the failure.
apply() {
  renew_identity || refuse identity-failed || return 1
  for phase in "$library"/phases.d/*.sh; do
    section=${phase##*/}
    section=${section#*-}
    section=${section%.sh}
    case ,$completed, in *",$section,"*) continue ;; esac
    has_section "$section" || continue
    status applying "$(progress)" "$section"
    rm -f "$run/failure"
    # shellcheck source=/dev/null
    (. "$phase") </dev/null >/dev/null 2>&1
    result=$?
    case $result in
      0 | 10) ;;
      *)
        code=$(cat "$run/failure" 2>/dev/null || echo "$section-failed")
        return 1
        ;;
    esac
    completed=${completed:+$completed,}$section
    save_state
    [ "$result" -ne 10 ] || reboot_now
  done
}

# Prints the progress: the same step for each completed section.
progress() {
  done_sections=$(printf '%s' "$completed" | tr -dc , | wc -c)
  [ -z "$completed" ] || done_sections=$((done_sections + 1))
  echo $((done_sections * 15 + 10))
}

# Announces a reboot under the current key, and reboots.
reboot_now() {
  fields="1 $operation $((epoch + 1)) $completed"
  announcement="$fields $(report_mac "aether-v/provisioning/1/reboot
$fields
$(cat "$run/spki")")"
  put_item reboot "$announcement"
  status rebooting "$(progress)" -
  epoch=$((epoch + 1))
  save_state
  : >"$run/rebooting"
  destroy_secrets
  sync
  await "$reading_time" false || :
  reboot
  exit 0
}

# Prints the fingerprints of the SSH host keys as the elements of a JSON array.
fingerprints() {
  for key in /etc/ssh/ssh_host_*_key.pub; do
    [ -r "$key" ] || continue
    read -r type _ <"$key"
    hash=$(ssh-keygen -l -E sha256 -f "$key" | cut -d ' ' -f 2)
    printf '"%s %s"\n' "$type" "$hash"
  done | head -n 4 | paste -s -d , -
}

document_is_gone() {
  ! items "$host_pool" | grep -q '^aether-v\.provisioning\.\(manifest\|chunk\.\)'
}

# Sends the report ($1 result, $2 code) and removes everything.
finish() {
  # A restarted process continues here: the document is gone by then.
  echo "$1 $2" >"$run/result"
  status cleaning 100 -
  host_keys=$(fingerprints)
  destroy_secrets
  removed=true
  await 60 document_is_gone || removed=false
  report="{\"vm\":\"$vm\",\"spki\":\"$(cat "$run/spki")\",\"result\":\"$1\",\"code\":\"$2\""
  report="$report,\"itemsRemoved\":$removed,\"hostKeys\":[$host_keys]}"
  fields="1 $operation $epoch $(printf %s "$report" | base64url_encode)"
  text="aether-v/provisioning/1/report
$fields"
  put_item report "$fields $(report_mac "$text")"
  rm -f "$run/report-key"
  mark_completed
  if [ "$1" = 'done' ]; then status 'done' 100 -; else status failed 100 "$2"; fi
  say_farewell
}

# Removes the guest's items when the service has removed its request. Otherwise the report stays.
say_farewell() {
  if await "$farewell" request_is_gone; then remove_items; fi
  destroy_all
  exit 0
}

main() {
  if [ -e "$run/rebooting" ]; then
    reboot
    exit 0
  fi
  prepare_memory
  prepared=$?
  await "$patience" read_request || exit 0
  [ ! -e "$state/completed/$operation" ] || say_farewell
  epoch=1
  [ "$prepared" -eq 0 ] || give_up "$code"
  resume
  if [ -e "$run/result" ]; then
    read -r result code <"$run/result"
    finish "$result" "$code"
  fi
  if [ ! -e "$document" ]; then
    make_key || give_up "$code"
    put_item key "1 $operation $epoch $nonce $(base64url_encode <"$work/spki")"
    [ -e "$run/refused" ] || status waiting 0 -
    receive
  fi
  status opened 0 -
  if apply; then finish 'done' -; else finish failed "$code"; fi
}

main
