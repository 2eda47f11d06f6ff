# shellcheck shell=sh
# systemd-networkd: one file per adapter, before all others.

networkd_folder=/etc/systemd/network

write_networkd() {
  each_adapter write_networkd_adapter
  remove_surplus "$adapters" .network "$networkd_folder"/00-aether-v-*.network
}

write_networkd_adapter() {
  print_networkd | replace_file "$networkd_folder/00-aether-v-$index.network" 644 || exit 1
}

print_networkd() {
  printf '[Match]\nMACAddress=%s\n' "$mac"
  [ -z "$mtu" ] || printf '\n[Link]\nMTUBytes=%s\n' "$mtu"
  case $dhcp4$dhcp6 in
    truetrue) dhcp=yes ;;
    true*) dhcp=ipv4 ;;
    *true) dhcp=ipv6 ;;
    *) dhcp=no ;;
  esac
  printf '\n[Network]\nDHCP=%s\nIPv6AcceptRA=%s\n' "$dhcp" "$dhcp6"
  for text in $addresses4 $addresses6; do printf 'Address=%s\n' "$text"; done
  for text in $dns; do printf 'DNS=%s\n' "$text"; done
  [ -z "$search" ] || printf 'Domains=%s\n' "${search# }"
  for text in $gateway4 $gateway6; do
    printf '\n[Route]\nGateway=%s\n' "$text"
    [ "$on_link" = false ] || printf 'GatewayOnLink=yes\n'
  done
}

apply_networkd() {
  # shellcheck disable=SC2086
  { networkctl reload && networkctl reconfigure $interfaces; } || systemctl restart systemd-networkd.service
}
