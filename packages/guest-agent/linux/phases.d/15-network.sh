# shellcheck shell=sh
# Configures the network adapters with the program that the guest has for it. May run again after it was killed anywhere.

# shellcheck source=lib/network/files.sh
. "$library/lib/network/files.sh"
# shellcheck source=lib/network/adapters.sh
. "$library/lib/network/adapters.sh"
# shellcheck source=lib/network/netplan.sh
. "$library/lib/network/netplan.sh"
# shellcheck source=lib/network/networkmanager.sh
. "$library/lib/network/networkmanager.sh"
# shellcheck source=lib/network/networkd.sh
. "$library/lib/network/networkd.sh"
# shellcheck source=lib/network/ifupdown.sh
. "$library/lib/network/ifupdown.sh"

choose_backend
get_count network/adapters
adapters=$count
interfaces='' all_dns='' all_search=''
each_adapter collect
disable_cloud_init
"write_$backend" || exit 1
remove_cloud_init
# What the programs write must be readable for their daemons, which run as other users.
umask 022
"apply_$backend" || exit 1
[ "$backend" = networkmanager ] || write_resolver
exit 0
