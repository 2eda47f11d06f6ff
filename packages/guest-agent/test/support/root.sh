# shellcheck shell=sh
# Mounts the root file system of a guest: the image ($image) with the changes in the folder of the guest ($guest) over it.

# shellcheck disable=SC2154
root=$guest/root
mount --make-rprivate /
mount -t overlay overlay -o "lowerdir=$image,upperdir=$guest/upper,workdir=$guest/overlay" "$root"
mount -t proc proc "$root/proc"
# Read-only, as in containers: then networkd and NetworkManager do not wait for udev.
mount -t sysfs -o ro sysfs "$root/sys"
mount -t tmpfs tmpfs "$root/run"
mount --rbind /dev "$root/dev"
