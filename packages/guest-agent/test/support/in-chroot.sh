# shellcheck shell=sh
# Runs a program ($3 and on) in a root file system ($1) in which a folder ($2) is mounted at /mnt.
set -eu
image=$1 folder=$2
shift 2
mount --make-rprivate /
mount --bind "$folder" "$image/mnt"
mount --rbind /dev "$image/dev"
exec chroot "$image" "$@"
