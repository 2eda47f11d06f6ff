# shellcheck shell=sh
# Key-value pairs in the files of the kernel's daemon: records of 2,560 bytes, 512 of the name and 2,048 of the value,
# padded with NUL. The daemon's locks do not exclude other programs, so what is read may be half written.

prefix=aether-v.provisioning.

# Prints the records of a pool ($1), one a line: the name, spaces, the value.
records() {
  [ -r "$1" ] || return 0
  tr '\000\n' ' \001' <"$1" | dd cbs=2560 conv=unblock 2>/dev/null
}

# Prints the protocol's items of a pool ($1) as lines "name value".
items() {
  records "$1" | sed -n 's/^\(aether-v\.provisioning\.[^ ]*\)  *\([^ ].*\)$/\1 \2/p'
}

# Prints the value of the item $2 of a pool ($1); nothing if it is absent or exists with different values.
item() {
  items "$1" | awk -v name="$prefix$2" '
    $1 == name { value = substr($0, length(name) + 2); if (found++ && value != first) many = 1; first = value }
    END { if (found && !many) print first }'
}

# Writes $1 NUL bytes.
zeros() {
  head -c "$1" /dev/zero
}

# Sets an item of the guest ($1 name, $2 value): in place if it exists, otherwise at the end, each with one write.
# Writes again until the record is found with its value.
put_item() {
  {
    printf %s "$prefix$1"
    zeros $((512 - ${#prefix} - ${#1}))
    printf %s "$2"
    zeros $((2048 - ${#2}))
  } >"$work/record"
  attempt=0
  until items "$guest_pool" | grep -qxF "$prefix$1 $2"; do
    attempt=$((attempt + 1))
    [ "$attempt" -le 20 ] || return 1
    [ "$attempt" -eq 1 ] || sleep "$interval"
    index=$(records "$guest_pool" | awk -v name="$prefix$1" '$1 == name { print NR - 1; exit }')
    if [ -n "$index" ]; then
      dd if="$work/record" of="$guest_pool" bs=2560 count=1 seek="$index" conv=notrunc 2>/dev/null
    else
      dd if="$work/record" of="$guest_pool" bs=2560 count=1 oflag=append conv=notrunc 2>/dev/null
    fi
  done
}

# Removes all items of the protocol that the guest wrote. Records of other programs keep their order.
remove_items() {
  [ -n "$(items "$guest_pool")" ] || return 0
  : >"$work/kept"
  records "$guest_pool" | awk -v prefix="$prefix" 'index($1, prefix) != 1 { print NR - 1 }' >"$work/indexes"
  while read -r index; do
    dd if="$guest_pool" bs=2560 count=1 skip="$index" 2>/dev/null >>"$work/kept"
  done <"$work/indexes"
  dd if="$work/kept" of="$guest_pool" bs=1M conv=notrunc 2>/dev/null
  truncate -s "$(wc -c <"$work/kept")" "$guest_pool"
}

# Reads the sealed text from the host's items into $work/sealed, and its manifest into $manifest. Fails while it is
# incomplete. With a manifest of another version the text is empty.
gather() {
  items "$host_pool" | awk -v prefix="$prefix" '
    {
      value = substr($0, length($1) + 2)
      if ($1 in values && values[$1] != value) contradictory[$1] = 1
      values[$1] = value
    }
    END {
      for (name in contradictory) delete values[name]
      manifest = values[prefix "manifest"]
      count = split(manifest, field, " ")
      if (manifest ~ /^[1-9][0-9]* [!-~]/ && field[1] != "1") { print manifest; exit }
      if (count != 4 || manifest !~ /^1 [1-9][0-9]* [1-9][0-9]* [0-9a-f]*$/ || length(field[4]) != 64) exit 1
      if (field[3] > 62) exit 1
      print manifest
      for (i = 0; i < field[3]; i++) {
        name = prefix "chunk." field[2] "." i
        if (!(name in values)) exit 1
        printf "%s", values[name]
      }
    }' >"$work/gathered" || return 1
  read -r manifest <"$work/gathered" || return 1
  tail -n +2 "$work/gathered" >"$work/sealed"
  case $manifest in
    '1 '*) [ "$(sha256sum <"$work/sealed" | cut -c 1-64)" = "${manifest##* }" ] ;;
  esac
}
