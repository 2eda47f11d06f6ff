# shellcheck shell=sh
# Encodings with the shell's own commands and pipes. No key is an argument of a program.

# Decodes base64url ($1) to standard output.
base64url_decode() {
  case $((${#1} % 4)) in
    2) padding='==' ;;
    3) padding='=' ;;
    *) padding= ;;
  esac
  printf '%s%s' "$1" "$padding" | tr '_-' '/+' | base64 -d 2>/dev/null
}

# Encodes standard input as base64url.
base64url_encode() {
  base64 -w 0 | tr '/+' '_-' | tr -d '='
}

# Encodes standard input as lower-case hexadecimal.
hex_encode() {
  od -An -v -tx1 | tr -d ' \n'
}

# Writes one byte, given as a number. The printf of dash has no \x.
byte() {
  # shellcheck disable=SC2059
  printf "\\$(($1 / 64))$(($1 / 8 % 8))$(($1 % 8))"
}

# Decodes hexadecimal ($1) to standard output.
hex_decode() {
  digits=$1
  while [ -n "$digits" ]; do
    rest=${digits#??}
    byte $((0x${digits%"$rest"}))
    digits=$rest
  done
}

# Writes a key in hexadecimal ($1) as a block of HMAC of $2 bytes, each combined with $3.
hmac_pad() {
  digits=$1
  length=0
  while [ "$length" -lt "$2" ]; do
    octet=0
    if [ -n "$digits" ]; then
      rest=${digits#??}
      octet=$((0x${digits%"$rest"}))
      digits=$rest
    fi
    byte $((octet ^ $3))
    length=$((length + 1))
  done
}

# Writes the HMAC (RFC 2104) of the file $3 with the key $2 in hexadecimal. $1 is sha256 or sha512. The option of
# openssl would take the key as an argument.
hmac() {
  case $1 in
    sha256) block=64 ;;
    *) block=128 ;;
  esac
  {
    hmac_pad "$2" "$block" 92
    { hmac_pad "$2" "$block" 54; cat "$3"; } | openssl dgst "-$1" -binary
  } | openssl dgst "-$1" -binary
}

# Prints the length of a DER value of $1 bytes.
der_length() {
  if [ "$1" -lt 128 ]; then
    printf %02x "$1"
  elif [ "$1" -lt 256 ]; then
    printf 81%02x "$1"
  elif [ "$1" -lt 65536 ]; then
    printf 82%04x "$1"
  else
    printf 83%06x "$1"
  fi
}

# Prints the DER of tag $1 with the content $2, all in hexadecimal.
der() {
  printf '%s%s%s' "$1" "$(der_length $((${#2} / 2)))" "$2"
}
