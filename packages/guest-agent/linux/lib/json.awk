# Reads JSON (RFC 8259) and calls leaf(path, type, value) for every value, with type o, a, s, n or l (object, array, string,
# number, literal). Members of a path are joined by "/". Runs in the C locale, in which every byte is a character.
# Fails with status 1 for text that is not JSON, for members that exist twice, for U+0000 and for lone surrogates.

function bad() { failed = 1; exit 1 }

function skip() { while (substr(text, at, 1) ~ /[ \t\n\r]/) at++ }

function expect(character) { if (substr(text, at, 1) != character) bad(); at++ }

function hex_value(digits,  i, value, digit) {
  if (digits !~ /^[0-9a-fA-F][0-9a-fA-F][0-9a-fA-F][0-9a-fA-F]$/) bad()
  for (i = 1; i <= 4; i++) {
    digit = index("0123456789abcdef", tolower(substr(digits, i, 1))) - 1
    value = value * 16 + digit
  }
  return value
}

function utf8(point) {
  if (point < 128) return sprintf("%c", point)
  if (point < 2048) return sprintf("%c%c", 192 + int(point / 64), 128 + point % 64)
  if (point < 65536)
    return sprintf("%c%c%c", 224 + int(point / 4096), 128 + int(point / 64) % 64, 128 + point % 64)
  return sprintf("%c%c%c%c", 240 + int(point / 262144), 128 + int(point / 4096) % 64, \
    128 + int(point / 64) % 64, 128 + point % 64)
}

function escape(  character, point, low) {
  character = substr(text, at++, 1)
  if (character == "u") {
    point = hex_value(substr(text, at, 4))
    at += 4
    if (point == 0) bad()
    if (point >= 56320 && point < 57344) bad()
    if (point >= 55296 && point < 56320) {
      if (substr(text, at, 2) != "\\u") bad()
      low = hex_value(substr(text, at + 2, 4))
      at += 6
      if (low < 56320 || low >= 57344) bad()
      point = 65536 + (point - 55296) * 1024 + low - 56320
    }
    return utf8(point)
  }
  if (character == "n") return "\n"
  if (character == "t") return "\t"
  if (character == "r") return "\r"
  if (character == "b") return "\b"
  if (character == "f") return "\f"
  if (character == "\"" || character == "\\" || character == "/") return character
  bad()
}

function string(  value, part) {
  expect("\"")
  value = ""
  while (1) {
    if (!match(substr(text, at), /["\\]/)) bad()
    part = substr(text, at, RSTART - 1)
    if (part ~ /[\001-\037]/) bad()
    value = value part
    at += RSTART
    if (substr(text, at - 1, 1) == "\"") return value
    value = value escape()
  }
}

function members(path,  name, inner) {
  leaf(path, "o", "")
  at++
  skip()
  if (substr(text, at, 1) == "}") { at++; return }
  while (1) {
    skip()
    name = string()
    if (name !~ /^[A-Za-z0-9]+$/) bad()
    inner = path == "" ? name : path "/" name
    if (inner in seen) bad()
    seen[inner] = 1
    skip()
    expect(":")
    read_value(inner)
    skip()
    if (substr(text, at, 1) == "}") { at++; return }
    expect(",")
  }
}

function elements(path,  count) {
  at++
  skip()
  count = 0
  if (substr(text, at, 1) == "]") at++
  else while (1) {
    read_value(path "/" count++)
    skip()
    if (substr(text, at, 1) == "]") { at++; break }
    expect(",")
  }
  leaf(path, "a", count)
}

function read_value(path,  character) {
  if (++depth > 16) bad()
  skip()
  character = substr(text, at, 1)
  if (character == "{") members(path)
  else if (character == "[") elements(path)
  else if (character == "\"") leaf(path, "s", string())
  else if (match(substr(text, at), /^(true|false|null)/)) {
    leaf(path, "l", substr(text, at, RLENGTH))
    at += RLENGTH
  } else if (match(substr(text, at), /^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/)) {
    leaf(path, "n", substr(text, at, RLENGTH))
    at += RLENGTH
  } else bad()
  depth--
}

{ text = text (NR > 1 ? "\n" : "") $0 }

END {
  if (failed) exit 1
  at = 1
  read_value("")
  skip()
  if (at <= length(text)) bad()
  finish()
}
