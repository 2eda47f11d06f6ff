# shellcheck shell=sh
# Opens the host items of a folder ($1) as the agent in another one ($2) does, and prints the result. The folder holds the
# pool, the keys and the values that the agent would know.
set -u
folder=$1
library=$2
# shellcheck disable=SC2034
{
  run=$folder work=$folder/work state=$folder/state trust=$folder/trust host_pool=$folder/.kvp_pool_0
}
. "$folder/values"
for part in encoding pool open; do . "$library/lib/$part.sh"; done
mkdir -p "$folder/work"
if ! gather; then
  echo incomplete
elif open_sealed; then
  echo opened
else
  echo "refused $code"
fi
