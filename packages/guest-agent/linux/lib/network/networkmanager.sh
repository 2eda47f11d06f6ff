# shellcheck shell=sh
# NetworkManager: one keyfile per adapter, preferred to other connections.

connections=/etc/NetworkManager/system-connections

write_networkmanager() {
  each_adapter write_connection
  remove_surplus "$adapters" .nmconnection "$connections"/aether-v-*.nmconnection
}

write_connection() {
  print_connection | replace_file "$connections/aether-v-$index.nmconnection" 600 || exit 1
}

print_connection() {
  printf '[connection]\nid=aether-v-%s\ntype=ethernet\nautoconnect-priority=999\n' "$index"
  printf '\n[ethernet]\nmac-address=%s\n' "$mac"
  [ -z "$mtu" ] || printf 'mtu=%s\n' "$mtu"
  # NetworkManager refuses servers and domains of a family that is disabled.
  search6=
  if [ "$dhcp4" = true ]; then
    print_family ipv4 auto '' '' "$dns4" "$search"
  elif [ -n "$addresses4" ]; then
    print_family ipv4 manual "$addresses4" "$gateway4" "$dns4" "$search"
  else
    print_family ipv4 disabled '' '' '' ''
    search6=$search
  fi
  if [ "$dhcp6" = true ]; then
    print_family ipv6 auto '' '' "$dns6" "$search6"
  elif [ -n "$addresses6" ]; then
    print_family ipv6 manual "$addresses6" "$gateway6" "$dns6" "$search6"
  else
    print_family ipv6 link-local '' '' '' ''
  fi
}

# Prints a family: name, method, addresses, gateway, DNS servers, search domains. NetworkManager adds the route to a
# gateway that is outside of all prefixes.
print_family() {
  printf '\n[%s]\nmethod=%s\n' "$1" "$2"
  number=0
  for text in $3; do
    number=$((number + 1))
    printf 'address%s=%s\n' "$number" "$text"
  done
  [ -z "$4" ] || printf 'gateway=%s\n' "$4"
  [ -z "$5" ] || printf 'dns=%s;\n' "$(join_by ';' "$5")"
  [ -z "$6" ] || printf 'dns-search=%s;\n' "$(join_by ';' "$6")"
}

join_by() {
  printf %s "${2# }" | tr ' ' "$1"
}

apply_networkmanager() {
  if [ "$(nmcli -g RUNNING general 2>/dev/null)" != running ]; then
    systemctl restart NetworkManager.service
    return
  fi
  nmcli connection reload || return 1
  each_adapter activate_connection
}

activate_connection() {
  # Without waiting: an adapter is also configured if its DHCP server does not respond.
  nmcli --wait 0 connection up id "aether-v-$index" || exit 1
}
