# shellcheck shell=sh
# Reads the document's lines ($document, written by document.awk) without starting a program.

tab=$(printf '\t')

# Sets $value to the text, number or literal at a path ($1). Fails if there is none.
get() {
  value=
  while IFS= read -r line; do
    case $line in
      "$1$tab"[snl]"$tab"*)
        # The full stop keeps newlines at the end.
        value=$(printf '%b.' "${line#"$1$tab"?"$tab"}")
        value=${value%.}
        return 0
        ;;
    esac
  done <"$document"
  return 1
}

# Sets $count to the number of elements of the array at a path ($1); 0 if there is none.
get_count() {
  count=0
  while IFS= read -r line; do
    case $line in
      "$1${tab}a$tab"*) count=${line##*"$tab"} ;;
    esac
  done <"$document"
}

# Returns whether the document has a section.
has_section() {
  while IFS= read -r line; do
    case $line in
      "$1$tab"* | "$1/"*) return 0 ;;
    esac
  done <"$document"
  return 1
}
