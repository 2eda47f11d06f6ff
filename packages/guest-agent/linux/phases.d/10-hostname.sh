# shellcheck shell=sh
# Sets the host name now and for later boots.

get hostname || exit 1
short=${value%%.*}
printf '%s\n' "$short" >/etc/hostname
printf %s "$short" >/proc/sys/kernel/hostname
line="127.0.1.1 $short"
[ "$short" = "$value" ] || line="127.0.1.1 $value $short"
{
  grep -v '^127\.0\.1\.1[[:space:]]' /etc/hosts 2>/dev/null || :
  printf '%s\n' "$line"
} >"$work/hosts"
cat "$work/hosts" >/etc/hosts
chmod 644 /etc/hostname /etc/hosts
