# shellcheck shell=sh
# The guest's key and everything derived from the document: in memory only.

# Makes the folder for secrets. Turns swap off, because it is on a disk that the host can read.
prepare_memory() {
  mkdir -p "$work" "$state"
  case $(stat -f -c %T "$run") in
    tmpfs | ramfs) ;;
    *) refuse no-memory-filesystem || return 1 ;;
  esac
  if [ "$(wc -l </proc/swaps)" -gt 1 ]; then
    : >"$run/swap-was-on"
    swapoff -a 2>/dev/null || refuse swap || return 1
    [ "$(wc -l </proc/swaps)" -le 1 ] || refuse swap || return 1
  fi
}

# Makes the key and the nonce of this boot, unless a process before made them.
make_key() {
  code=key-generation
  if [ ! -e "$run/nonce" ]; then
    # Blocks until the kernel's random pool is ready.
    head -c 1 /dev/random >/dev/null
    openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:3072 -out "$run/key.pem" 2>/dev/null || return 1
    openssl rand 32 | base64url_encode >"$run/nonce.new"
    mv "$run/nonce.new" "$run/nonce"
  fi
  nonce=$(cat "$run/nonce")
  openssl pkey -in "$run/key.pem" -pubout -outform DER -out "$work/spki" || return 1
  spki=$(openssl dgst -sha256 -binary <"$work/spki" | base64url_encode)
  [ "${#nonce}" -eq 43 ] && [ "${#spki}" -eq 43 ] || return 1
  echo "$spki" >"$run/spki"
  code=-
}

# Destroys the key, the document and what was derived from them. The report key remains.
destroy_secrets() {
  rm -rf "$run/key.pem" "$run/nonce" "$run/document" "$work"
  mkdir -p "$work"
}

# Destroys what remains, and turns swap on again.
destroy_all() {
  if [ -e "$run/swap-was-on" ]; then swapon -a 2>/dev/null || :; fi
  rm -rf "$run"
}
