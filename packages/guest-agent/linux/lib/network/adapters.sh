# shellcheck shell=sh
# The adapters of the section network, and the program that configures them. The values of a document that was accepted
# are addresses, names and numbers: they contain no space, quote or other character with a meaning in a file.

# Sets $backend to the first program that configures the guest's network.
choose_backend() {
  if command -v netplan >/dev/null; then
    backend=netplan
  elif uses_unit NetworkManager.service; then
    backend=networkmanager
  elif uses_unit systemd-networkd.service; then
    backend=networkd
  elif command -v ifup >/dev/null; then
    backend=ifupdown
  else
    fail_network network-backend-missing
  fi
}

uses_unit() {
  command -v systemctl >/dev/null || return 1
  # The text is compared: in some environments is-active ignores the question and succeeds.
  systemctl is-enabled --quiet "$1" 2>/dev/null || [ "$(systemctl is-active "$1" 2>/dev/null)" = active ]
}

# Sets $interface to the name of the interface with a MAC address ($1). The virtual function of an adapter has the same
# address, and the adapter as its master.
find_interface() {
  for path in /sys/class/net/*; do
    interface=${path##*/}
    if [ "$interface" = lo ] || [ -e "$path/master" ]; then continue; fi
    read -r address <"$path/address" || continue
    [ "$address" != "$1" ] || return 0
  done
  return 1
}

# Sets $value to the text at a path ($1) or to $2.
get_or() {
  get "$1" || value=$2
}

# Sets $values to the texts of an array ($1), each after a space.
get_list() {
  values=
  get_count "$1"
  element=0
  while [ "$element" -lt "$count" ]; do
    get "$1/$element" || exit 1
    values="$values $value"
    element=$((element + 1))
  done
}

# Prints the texts ($2 and on) of a family: 4 or 6 ($1).
of_family() {
  family=$1
  shift
  for text in "$@"; do
    case $family$text in
      6*:*) printf ' %s' "$text" ;;
      4*:*) ;;
      4*) printf ' %s' "$text" ;;
    esac
  done
}

# Sets the variables of the adapter with an index ($1).
load_adapter() {
  index=$1
  at=network/adapters/$1
  get "$at/mac" || exit 1
  mac=$value
  get_or "$at/dhcp4" false
  dhcp4=$value
  get_or "$at/dhcp6" false
  dhcp6=$value
  get_or "$at/onLink" false
  on_link=$value
  get_or "$at/gateway4" ''
  gateway4=$value
  get_or "$at/gateway6" ''
  gateway6=$value
  get_or "$at/mtu" ''
  mtu=$value
  get_list "$at/addresses"
  # shellcheck disable=SC2086 # the elements of lists are separated by spaces
  {
    addresses4=$(of_family 4 $values)
    addresses6=$(of_family 6 $values)
    get_list "$at/dns"
    dns4=$(of_family 4 $values)
    dns6=$(of_family 6 $values)
  }
  dns=$values
  get_list "$at/search"
  search=$values
  find_interface "$mac" || fail_network network-adapter-missing
  case $interface in
    *[!A-Za-z0-9_.-]*) exit 1 ;;
  esac
}

# Calls a function ($1) for each adapter.
each_adapter() {
  next=0
  while [ "$next" -lt "$adapters" ]; do
    load_adapter "$next"
    "$1"
    next=$((next + 1))
  done
}

# Collects the names of interfaces and the DNS servers. Finds adapters that are missing before anything is written.
collect() {
  interfaces="$interfaces $interface"
  all_dns="$all_dns$dns"
  all_search="$all_search$search"
}
