# shellcheck shell=sh
# Runs a script ($4) in a chroot, in new namespaces: a root file system ($1) with the changes of a folder ($2) over it. In
# the script, apply-network applies the section network in a shell ($3).
set -eu
image=$1 guest=$2 shell=$3
# shellcheck source=root.sh
. "${0%/*}/root.sh"
ip link set lo up
# The other ends make a carrier.
for number in 1 2; do
  ip link add "eth$number" address "00:15:5d:00:00:0$number" type veth peer name "peer$number"
  ip link set "peer$number" up
done
mkdir -p "$root/run/aether-v/work"
cp "$guest/document" "$root/run/aether-v/document"
cat >"$root/usr/local/bin/apply-network" <<EOF_APPLY
#!/bin/$shell
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C
library=/usr/lib/aether-v/provisioning run=/run/aether-v work=/run/aether-v/work document=/run/aether-v/document
umask 077
rm -f "\$run/failure"
(. "\$library/lib/document.sh"; . "\$library/lib/files.sh"; . "\$library/phases.d/15-network.sh") >/phase-output 2>&1
echo "\$? \$(cat "\$run/failure" 2>/dev/null)" >/result
EOF_APPLY
chmod 755 "$root/usr/local/bin/apply-network"
cp "$4" "$root/run/aether-v/script"
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin exec chroot "$root" sh -eu /run/aether-v/script
