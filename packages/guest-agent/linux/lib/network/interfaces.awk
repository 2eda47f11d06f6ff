# Prints a file of interfaces(5) without the interfaces of the list "removed": their stanzas, and their names in the
# lines that bring interfaces up.

BEGIN { count = split(removed, list, " "); for (i = 1; i <= count; i++) gone[list[i]] = 1 }

/^[ \t]*(auto|allow-[a-z]+|iface|mapping|source|source-directory|no-auto-down|no-scripts|template|rename)[ \t]/ {
  inside = $1 == "iface" && ($2 in gone)
  if ($1 == "auto" || $1 ~ /^allow-/) {
    kept = ""
    for (i = 2; i <= NF; i++) if (!($i in gone)) kept = kept " " $i
    if (kept == "") next
    if (kept != substr($0, length($1) + 1)) $0 = $1 kept
  }
}

# Comments and empty lines stay.
inside && !/^[ \t]*(#|$)/ { next }

{ print }
