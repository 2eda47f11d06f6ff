# shellcheck shell=sh
# Opens a sealed text: checks the signature before anything is decrypted, and never passes a key as an argument.

# Sets $code and fails.
refuse() {
  code=$1
  return 1
}

# Opens $work/sealed with the key in $run/key.pem. Writes the document's lines to $work/document (see document.awk).
# Otherwise sets $code, as docs/provisioning-protocol.md lists them.
open_sealed() {
  case $manifest in
    '1 '*) ;;
    *) refuse version || return 1 ;;
  esac
  if [ "$(tr -d 'A-Za-z0-9_.-' <"$work/sealed" | wc -c)" -ne 0 ]; then refuse form || return 1; fi
  header='' encrypted='' iv='' ciphertext='' tag='' signature='' rest=''
  IFS=. read -r header encrypted iv ciphertext tag signature rest <"$work/sealed" || :
  for part in "$header" "$encrypted" "$iv" "$ciphertext" "$tag" "$signature"; do
    [ -n "$part" ] || refuse form || return 1
  done
  case $rest$(tr -dc . <"$work/sealed") in
    .....) ;;
    *) refuse form || return 1 ;;
  esac
  find_signer && check_header && decrypt && read_document
}

# Finds the trusted key that made the signature; sets $kid.
find_signer() {
  base64url_decode "$signature" >"$work/signature" || refuse form || return 1
  {
    printf 'aether-v/provisioning/1\n%s.%s.%s.%s.%s' "$header" "$encrypted" "$iv" "$ciphertext" "$tag"
  } >"$work/signed"
  for trusted in "$trust"/*.pem; do
    [ -r "$trusted" ] || continue
    if openssl dgst -sha256 -verify "$trusted" -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:32 \
      -signature "$work/signature" "$work/signed" >/dev/null 2>&1; then
      kid=$(openssl pkey -pubin -in "$trusted" -outform DER | openssl dgst -sha256 -binary | base64url_encode)
      return 0
    fi
  done
  refuse signature
}

# Compares the protected header with the one that this guest expects.
check_header() {
  given=$(base64url_decode "$header") || refuse form || return 1
  expected='{"alg":"RSA-OAEP-256","enc":"A256CBC-HS512","typ":"aether-v-provisioning-1"'
  expected="$expected,\"vm\":\"$vm\",\"op\":\"$operation\",\"epoch\":$epoch,\"nonce\":\"$nonce\""
  expected="$expected,\"spki\":\"$spki\",\"kid\":\"$kid\"}"
  # The encoded text is compared, because a shell's variable drops NUL bytes.
  [ "$(printf %s "$expected" | base64url_encode)" != "$header" ] || return 0
  case $given in *",\"vm\":\"$vm\","*) ;; *) refuse wrong-vm || return 1 ;; esac
  case $given in *",\"op\":\"$operation\","*) ;; *) refuse wrong-operation || return 1 ;; esac
  case $given in *",\"epoch\":$epoch,"*) ;; *) refuse wrong-epoch || return 1 ;; esac
  case $given in *",\"nonce\":\"$nonce\","*) ;; *) refuse wrong-nonce || return 1 ;; esac
  case $given in *",\"spki\":\"$spki\","*) ;; *) refuse wrong-key || return 1 ;; esac
  refuse header
}

# Decrypts RSA-OAEP-256 and A256CBC-HS512 into $work/plaintext. All failures have the same code, so that it is no padding oracle.
decrypt() {
  code=decryption
  {
    base64url_decode "$encrypted" >"$work/encrypted" &&
      base64url_decode "$iv" >"$work/iv" &&
      base64url_decode "$ciphertext" >"$work/ciphertext" &&
      base64url_decode "$tag" >"$work/tag"
  } || return 1
  [ "$(wc -c <"$work/iv")" -eq 16 ] || return 1
  openssl pkeyutl -decrypt -inkey "$run/key.pem" -in "$work/encrypted" -out "$work/content-key" \
    -pkeyopt rsa_padding_mode:oaep -pkeyopt rsa_oaep_md:sha256 -pkeyopt rsa_mgf1_md:sha256 2>/dev/null || return 1
  [ "$(wc -c <"$work/content-key")" -eq 64 ] || return 1
  {
    printf %s "$header"
    cat "$work/iv" "$work/ciphertext"
    hex_decode "$(printf %016x $((${#header} * 8)))"
  } >"$work/authenticated"
  mac_key=$(head -c 32 "$work/content-key" | hex_encode)
  hmac sha512 "$mac_key" "$work/authenticated" | head -c 32 >"$work/expected-tag"
  # Compares digests, so that the duration does not reveal how many bytes of the tag match.
  [ "$(sha256sum <"$work/tag")" = "$(sha256sum <"$work/expected-tag")" ] || return 1
  decrypt_cbc 2>/dev/null
}

# Decrypts AES-256-CBC: "openssl enc" would take the key as an argument. The key is wrapped to the guest's own RSA key
# instead, and the whole becomes a CMS EnvelopedData (RFC 5652) that "openssl cms" decrypts.
decrypt_cbc() {
  tail -c 32 "$work/content-key" >"$work/aes-key"
  openssl pkey -in "$run/key.pem" -pubout -out "$work/own.pem"
  openssl pkeyutl -encrypt -pubin -inkey "$work/own.pem" -in "$work/aes-key" -out "$work/wrapped" || return 1
  recipient=$(der 80 0000000000000000000000000000000000000000)
  rsa=$(der 30 06092a864886f70d0101010500)
  key_transport=$(der 30 "020102$recipient$rsa$(der 04 "$(hex_encode <"$work/wrapped")")")
  aes=$(der 30 "060960864801650304012a$(der 04 "$(hex_encode <"$work/iv")")")
  recipients=$(der 31 "$key_transport")
  # Lengths from the inside out, so that the ciphertext is never expanded to hexadecimal.
  length=$(wc -c <"$work/ciphertext")
  content=$(der_length "$length")
  inner=$((11 + ${#aes} / 2 + 1 + ${#content} / 2 + length))
  info=$(der_length "$inner")
  data=$((3 + ${#recipients} / 2 + 1 + ${#info} / 2 + inner))
  enveloped=$(der_length "$data")
  explicit=$((1 + ${#enveloped} / 2 + data))
  tagged=$(der_length "$explicit")
  total=$(der_length $((11 + 1 + ${#tagged} / 2 + explicit)))
  {
    hex_decode "30${total}06092a864886f70d010703a0${tagged}30${enveloped}020102${recipients}"
    hex_decode "30${info}06092a864886f70d010701${aes}80${content}"
    cat "$work/ciphertext"
  } >"$work/cms"
  openssl cms -decrypt -binary -inform DER -in "$work/cms" -inkey "$run/key.pem" -out "$work/plaintext"
}

# Checks the plaintext and writes its lines to $work/document.
read_document() {
  code=document
  [ "$(tr -dc '\000' <"$work/plaintext" | wc -c)" -eq 0 ] || return 1
  iconv -f UTF-8 -t UTF-8 <"$work/plaintext" >/dev/null 2>&1 || return 1
  LC_ALL=C awk -f "$library/lib/json.awk" -f "$library/lib/document.awk" "$work/plaintext" >"$work/document"
  case $? in
    0) ;;
    3) refuse section || return 1 ;;
    *) return 1 ;;
  esac
  [ ! -e "$state/completed/$operation" ] || refuse completed || return 1
  code=-
}
