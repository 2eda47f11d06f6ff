# shellcheck shell=sh
# Files are replaced as a whole, so that a killed agent leaves the old or the new one.

# Replaces a file ($1) of mode $2 with standard input. The name of the temporary file keeps others from
# reading it.
replace_file() {
  folder=${1%/*}
  (umask 022 && mkdir -p "$folder")
  cat >"$folder/.aether-v.new" || exit 1
  chmod "$2" "$folder/.aether-v.new"
  sync "$folder/.aether-v.new"
  mv "$folder/.aether-v.new" "$1" || exit 1
  sync "$folder"
}
