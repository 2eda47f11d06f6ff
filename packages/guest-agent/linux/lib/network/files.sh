# shellcheck shell=sh
# Files of the network configuration that do not depend on the backend.

# Ends the phase with a code ($1).
fail_network() {
  echo "$1" >"$run/failure"
  exit 1
}

# Removes the files $3 and on that end in -<number>$2 with a number of at least $1: adapters of an earlier operation.
remove_surplus() {
  first=$1
  suffix=$2
  shift 2
  for file in "$@"; do
    [ -e "$file" ] || continue
    number=${file%"$suffix"}
    number=${number##*-}
    [ "$number" -lt "$first" ] || rm -f "$file"
  done
}

# Keeps cloud-init from writing its configuration again.
disable_cloud_init() {
  [ -d /etc/cloud ] || return 0
  echo 'network: {config: disabled}' | replace_file /etc/cloud/cloud.cfg.d/99-aether-v-network.cfg 644 || exit 1
}

# Removes what cloud-init wrote for any backend.
remove_cloud_init() {
  rm -f /etc/netplan/50-cloud-init.yaml /etc/network/interfaces.d/50-cloud-init* \
    /etc/systemd/network/10-cloud-init-*.network /etc/NetworkManager/system-connections/cloud-init-*
}

# Writes /etc/resolv.conf, unless another program manages it.
write_resolver() {
  [ -n "$all_dns" ] && [ ! -L /etc/resolv.conf ] && ! command -v resolvconf >/dev/null || return 0
  {
    [ -z "$all_search" ] || echo "search$all_search"
    for server in $all_dns; do echo "nameserver $server"; done
  } | replace_file /etc/resolv.conf 644 || exit 1
}
