# shellcheck shell=sh
# netplan: one file. The ids sort before others, so that networkd prefers them to definitions that match many adapters.

netplan_file=/etc/netplan/90-aether-v.yaml

write_netplan() {
  {
    printf 'network:\n  version: 2\n  ethernets:\n'
    each_adapter print_netplan
  } >"$work/90-aether-v.yaml"
  # netplan reads the file alone before it becomes part of the configuration.
  mkdir -p "$work/netplan/etc/netplan"
  cp "$work/90-aether-v.yaml" "$work/netplan/etc/netplan/"
  netplan generate --root-dir "$work/netplan" || exit 1
  replace_file "$netplan_file" 600 <"$work/90-aether-v.yaml"
}

print_netplan() {
  printf '    00-aether-v-%s:\n      match:\n        macaddress: "%s"\n' "$index" "$mac"
  printf '      dhcp4: %s\n      dhcp6: %s\n      accept-ra: %s\n' "$dhcp4" "$dhcp6" "$dhcp6"
  [ -z "$mtu" ] || printf '      mtu: %s\n' "$mtu"
  # shellcheck disable=SC2086
  {
    print_yaml_list '      ' addresses $addresses4 $addresses6
    [ -z "$dns$search" ] || printf '      nameservers:\n'
    print_yaml_list '        ' addresses $dns
    print_yaml_list '        ' search $search
  }
  [ -z "$gateway4$gateway6" ] || printf '      routes:\n'
  print_netplan_route 0.0.0.0/0 "$gateway4"
  print_netplan_route ::/0 "$gateway6"
}

# Prints a list: indentation, name, texts.
print_yaml_list() {
  [ "$#" -gt 2 ] || return 0
  printf '%s%s:\n' "$1" "$2"
  indentation=$1
  shift 2
  for text in "$@"; do printf '%s  - "%s"\n' "$indentation" "$text"; done
}

print_netplan_route() {
  [ -n "$2" ] || return 0
  printf '        - to: "%s"\n          via: "%s"\n' "$1" "$2"
  [ "$on_link" = false ] || printf '          on-link: true\n'
}

apply_netplan() {
  netplan apply
}
