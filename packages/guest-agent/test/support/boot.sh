# shellcheck shell=sh
# Boots a guest in new namespaces: a root file system over the image ($1) in the folder of the guest ($2), memory file
# systems, the agent in a shell ($3) under strace. Like systemd, starts the agent again when a signal ended it.
set -eu
image=$1 guest=$2 shell=$3
# shellcheck source=root.sh
. "${0%/*}/root.sh"
mount --bind "$guest/pools" "$root/var/lib/hyperv"
ip link add eth0 address 00:15:5d:00:00:01 type veth peer name peer0
# The machine's swap is none of the test's business.
mount --bind "$guest/swaps" "$root/proc/swaps"
# As init does.
[ ! -s "$root/etc/hostname" ] || cat "$root/etc/hostname" >/proc/sys/kernel/hostname
while :; do
  status=0
  strace -f --seccomp-bpf -A -o "$guest/trace" -e trace=execve -v -s 200000 \
    chroot "$root" "/bin/$shell" /usr/lib/aether-v/provisioning/ProvisioningService.sh || status=$?
  [ "$status" -ge 128 ] || break
done
ls -A "$root/run" >"$guest/run-after"
cat /proc/sys/kernel/hostname >"$guest/hostname-after"
exit "$status"
