#!/usr/bin/env bash
# Client of the VM control API of Aether-V: bash, openssl, curl. Keys and secrets never appear in the process list.
#
#   VM_CONTROL_URL=https://aether.example.org:8000 VM_CONTROL_KEY=… VM_CONTROL_SECRET=… ./vm-control.sh list
#   ./vm-control.sh start|shutdown|restart NAME
#
# VM_CONTROL_SIGNATURE=1 uses the formula of the VM controller; VM_CONTROL_HOST selects a host; VM_CONTROL_CA is a file
# with the certificate of a private authority. Without VM_CONTROL_SECRET requests are not signed.
set -euo pipefail
export LC_ALL=C

url=${VM_CONTROL_URL:?is not set}
key=${VM_CONTROL_KEY:?is not set}
secret=${VM_CONTROL_SECRET:-}
formula=${VM_CONTROL_SIGNATURE:-2}

hex() { od -An -v -tx1 | tr -d ' \n'; }
sha256() { openssl dgst -sha256 -binary | hex; }

# Writes the bytes of hexadecimal digits.
unhex() {
  local digits=$1 escaped='' at
  for ((at = 0; at < ${#digits}; at += 2)); do escaped+="\\x${digits:at:2}"; done
  printf '%b' "$escaped"
}

# HMAC-SHA256 of standard input by its definition (RFC 2104): `openssl dgst -hmac` would show the secret to other users.
hmac() {
  local digits inner='' outer='' at byte
  digits=$(printf '%s' "$secret" | hex)
  if ((${#digits} > 128)); then digits=$(unhex "$digits" | sha256); fi
  while ((${#digits} < 128)); do digits+=00; done
  for ((at = 0; at < 128; at += 2)); do
    byte=$((16#${digits:at:2}))
    inner+=$(printf '%02x' $((byte ^ 0x36)))
    outer+=$(printf '%02x' $((byte ^ 0x5c)))
  done
  unhex "$outer$({ unhex "$inner"; cat; } | sha256)" | sha256
}

# Escapes a text for an address (RFC 3986, 2.3).
escape() {
  local digits at byte escaped=''
  digits=$(printf '%s' "$1" | hex)
  for ((at = 0; at < ${#digits}; at += 2)); do
    byte=$(unhex "${digits:at:2}")
    if [[ $byte == [A-Za-z0-9._~-] ]]; then escaped+=$byte; else escaped+="%${digits:at:2}"; fi
  done
  printf '%s' "$escaped"
}

case "${1:-} $#" in
  'list 1') method=GET path=/vm/list body='' ;;
  'start 2' | 'shutdown 2' | 'restart 2') method=POST path=/vm/$(escape "$2")/$1 body='{}' ;;
  *) echo "Usage: $0 list | start NAME | shutdown NAME | restart NAME" >&2; exit 2 ;;
esac
[[ -z ${VM_CONTROL_HOST:-} ]] || path+="?host=$(escape "$VM_CONTROL_HOST")"

# A fraction keeps the signatures of requests in the same second apart.
timestamp=${EPOCHREALTIME:-$(date +%s)}
headers="header = \"x-api-key: $key\""$'\n'
if [[ -n $secret ]]; then
  headers+="header = \"x-timestamp: $timestamp\""$'\n'
  if [[ $formula == 1 ]]; then
    headers+="header = \"x-signature: $(printf '%s' "$body$timestamp" | hmac)\""$'\n'
  else
    nonce=$(openssl rand -hex 16)
    lines=$(printf '%s\n' aether-vm-2 "$method" "$path" "$timestamp" "$nonce" "$(printf '%s' "$body" | sha256)")
    headers+="header = \"x-nonce: $nonce\""$'\n'
    headers+="header = \"x-signature-v2: $(printf '%s' "$lines" | hmac)\""$'\n'
  fi
fi

options=(--silent --show-error --max-time 180 --path-as-is --request "$method" --write-out '\n%{http_code}' --config -)
[[ -z $body ]] || options+=(--data-binary "$body" --header 'content-type: application/json')
[[ -z ${VM_CONTROL_CA:-} ]] || options+=(--cacert "$VM_CONTROL_CA")
answer=$(printf '%s' "$headers" | curl "${options[@]}" "${url%/}$path")
printf '%s\n' "${answer%$'\n'*}"
[[ ${answer##*$'\n'} == 2?? ]]
