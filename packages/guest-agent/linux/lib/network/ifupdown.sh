# shellcheck shell=sh
# ifupdown: one file. It knows interfaces by name only, so the name is that of the MAC address at this time.

ifupdown_file=/etc/network/interfaces.d/aether-v

write_ifupdown() {
  # While ifdown still knows what it has to undo.
  for name in $interfaces; do
    ifdown --force "$name"
    ip addr flush dev "$name"
  done
  for file in /etc/network/interfaces /etc/network/interfaces.d/*; do
    if [ ! -f "$file" ] || [ "$file" = "$ifupdown_file" ]; then continue; fi
    awk -v removed="$interfaces" -f "$library/lib/network/interfaces.awk" "$file" >"$work/interfaces"
    cmp -s "$work/interfaces" "$file" || replace_file "$file" 644 <"$work/interfaces"
  done
  if ! grep -Eqs '^[[:space:]]*source(-directory)?[[:space:]]+/etc/network/interfaces\.d' /etc/network/interfaces; then
    { cat /etc/network/interfaces 2>/dev/null; echo 'source /etc/network/interfaces.d/*'; } >"$work/interfaces"
    replace_file /etc/network/interfaces 644 <"$work/interfaces"
  fi
  each_adapter print_ifupdown >"$work/interfaces"
  replace_file "$ifupdown_file" 644 <"$work/interfaces"
}

print_ifupdown() {
  printf '# %s\nauto %s\n' "$mac" "$interface"
  link=/proc/sys/net/ipv6/conf/$interface
  [ "$dhcp4" = false ] || print_stanza inet dhcp
  for text in $addresses4; do
    print_stanza inet static "$text" "$gateway4"
    gateway4=
  done
  if [ "$dhcp6" = true ]; then
    print_stanza inet6 auto
  elif [ -z "$addresses6" ]; then
    print_stanza inet6 manual
    printf '  pre-up echo 0 >%s/accept_ra || true\n' "$link"
  fi
  for text in $addresses6; do
    print_stanza inet6 static "$text" "$gateway6"
    printf '  accept_ra 0\n  autoconf 0\n'
    gateway6=
  done
}

# Prints a stanza: family, method, address, gateway. The first one of an adapter has what counts for both families.
print_stanza() {
  printf 'iface %s %s %s\n' "$interface" "$1" "$2"
  [ -z "${3-}" ] || printf '  address %s\n' "$3"
  if [ -n "${4-}" ]; then
    if [ "$on_link" = false ]; then
      printf '  gateway %s\n' "$4"
    else
      printf '  up ip route add default via %s dev %s onlink\n' "$4" "$interface"
    fi
  fi
  [ -z "$mtu" ] || printf '  pre-up ip link set dev %s mtu %s\n' "$interface" "$mtu"
  # For resolvconf.
  [ -z "$dns" ] || printf '  dns-nameservers%s\n' "$dns"
  [ -z "$search" ] || printf '  dns-search%s\n' "$search"
  mtu='' dns='' search=''
}

apply_ifupdown() {
  for name in $interfaces; do ifup "$name" || return 1; done
}
