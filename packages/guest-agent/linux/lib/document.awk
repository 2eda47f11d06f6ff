# Checks the values of a document (packages/provisioning/schema/document.json) and prints them as lines: path, tab, type,
# tab, value, in which a backslash is written \\ and a newline \n. Fails with status 3 for an unknown section, with 1 for
# anything else. Has no intervals in patterns: not every awk supports them.

function known(path) { return path ~ /^(version|reportKey|hostname|network|users|sshKeys|scripts)$/ }

function is_hostname(value,  labels, count, i) {
  if (length(value) > 253) return 0
  count = split(value, labels, ".")
  for (i = 1; i <= count; i++)
    if (!(labels[i] ~ /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/ && length(labels[i]) <= 63)) return 0
  return count > 0
}

function in_range(text, lowest, highest) { return text ~ /^(0|[1-9][0-9]*)$/ && text + 0 >= lowest && text + 0 <= highest }

function is_ipv4(text,  parts, i) {
  if (split(text, parts, ".") != 4) return 0
  for (i = 1; i <= 4; i++) if (length(parts[i]) > 3 || !in_range(parts[i], 0, 255)) return 0
  return 1
}

function is_ipv6(text,  groups, count, i, gap) {
  gap = index(text, "::")
  if (!(text ~ /^[0-9a-f:]+$/) || text ~ /:::/ || (gap && index(substr(text, gap + 2), "::"))) return 0
  if (text == ":" || text ~ /^:[^:]/ || text ~ /[^:]:$/) return 0
  sub(/^:/, "", text)
  sub(/:$/, "", text)
  if (text == "" || text == ":") return 1
  count = split(text, groups, ":")
  # The double colon gives one empty group, and stands for at least one.
  if (gap ? count > 8 : count != 8) return 0
  for (i = 1; i <= count; i++) if (length(groups[i]) > 4) return 0
  return 1
}

function is_address(text) { return is_ipv4(text) || is_ipv6(text) }

function is_prefix(text,  parts) {
  if (split(text, parts, "/") != 2) return 0
  if (is_ipv4(parts[1])) return in_range(parts[2], 1, 32)
  return is_ipv6(parts[1]) && in_range(parts[2], 1, 128)
}

function is_mac(text) {
  gsub(/[0-9a-f]/, "0", text)
  return text == "00:00:00:00:00:00"
}

function is_text_of_adapter(field, value) {
  if (field == "mac") return is_mac(value) && substr(value, 2, 1) ~ /[02468ace]/
  if (field == "gateway4") return is_ipv4(value)
  if (field == "gateway6") return is_ipv6(value)
  if (field ~ /^addresses\/[0-9]+$/) return is_prefix(value)
  if (field ~ /^dns\/[0-9]+$/) return is_address(value)
  return field ~ /^search\/[0-9]+$/ && is_hostname(value)
}

# Returns the path inside an adapter; an empty text if it is another one.
function in_adapter(path) { return sub(/^network\/adapters\/[0-9]+\//, "", path) ? path : "" }

function is_text(path, value) {
  if (in_adapter(path) != "") return is_text_of_adapter(in_adapter(path), value)
  if (path == "reportKey") return value ~ /^[A-Za-z0-9_-]+$/ && length(value) == 43
  if (path == "hostname") return is_hostname(value)
  if (path ~ /^(users\/[0-9]+\/name|sshKeys\/[0-9]+\/user|users\/[0-9]+\/groups\/[0-9]+)$/)
    return value ~ /^[a-z_][a-z0-9_-]*$/ && length(value) <= 32
  if (path ~ /^users\/[0-9]+\/passwordHash$/)
    return value ~ /^\$[0-9a-z]+\$[A-Za-z0-9.\/$=,-]+$/ && length(value) <= 256
  if (path ~ /^users\/[0-9]+\/sudo$/) return value ~ /^(none|password|without-password)$/
  if (path ~ /^users\/[0-9]+\/shell$/) return value ~ /^\/[A-Za-z0-9\/._-]+$/ && length(value) <= 128
  if (path ~ /^sshKeys\/[0-9]+\/keys\/[0-9]+$/)
    return value ~ /^(ssh|ecdsa|sk)-[a-z0-9@.-]+ [A-Za-z0-9+\/]+=?=?( [^\001-\037\177]*)?$/ && length(value) <= 8192
  if (path ~ /^scripts\/[0-9]+\/name$/) return value ~ /^[a-z0-9][a-z0-9-]*$/ && length(value) <= 64
  if (path ~ /^scripts\/[0-9]+\/content$/) return value != ""
  return 0
}

function is_array(path, count) {
  if (path == "network/adapters" || in_adapter(path) ~ /^(dns|search)$/) return count >= 1 && count <= 8
  if (in_adapter(path) == "addresses") return count >= 1 && count <= 16
  if (path == "users" || path == "sshKeys") return count >= 1 && count <= 32
  if (path == "scripts") return count >= 1 && count <= 16
  if (path ~ /^sshKeys\/[0-9]+\/keys$/) return count >= 1 && count <= 32
  return path ~ /^users\/[0-9]+\/groups$/ && count <= 16
}

function is_valid(path, type, value) {
  if (type == "n") return path == "version" ? value == "1" : in_adapter(path) == "mtu" && in_range(value, 576, 9000)
  if (type == "l") return in_adapter(path) ~ /^(dhcp4|dhcp6|onLink)$/ && value ~ /^(true|false)$/
  if (type == "s") return is_text(path, value)
  if (type == "a") return is_array(path, value)
  return type == "o" && path ~ /^(network|network\/adapters\/[0-9]+|users\/[0-9]+|sshKeys\/[0-9]+|scripts\/[0-9]+)?$/
}

function leaf(path, type, value) {
  if (path != "" && path !~ /\// && !known(path)) unknown = 1
  if (!is_valid(path, type, value)) invalid = 1
  types[path] = type
  lines[++total] = path "\t" type "\t" joined(joined(value, "\\\\", "\\\\"), "\n", "\\n")
}

# Replaces a character. The replacement of gsub treats backslashes differently in every awk.
function joined(value, character, replacement,  parts, count, i, result) {
  count = split(value, parts, character)
  result = parts[1]
  for (i = 2; i <= count; i++) result = result replacement parts[i]
  return result
}

function requires(path, member) { if (!((path "/" member) in types)) invalid = 1 }

function finish(  path, i) {
  if (types[""] != "o") exit 1
  if (unknown) exit 3
  if (!("version" in types) || !("reportKey" in types)) invalid = 1
  for (path in types) {
    if (types[path] != "o") continue
    if (path == "network") requires(path, "adapters")
    if (path ~ /^network\//) requires(path, "mac")
    if (path ~ /^users\//) requires(path, "name")
    if (path ~ /^sshKeys\//) { requires(path, "user"); requires(path, "keys") }
    if (path ~ /^scripts\//) { requires(path, "name"); requires(path, "content") }
  }
  if (invalid) exit 1
  for (i = 1; i <= total; i++) print lines[i]
}
