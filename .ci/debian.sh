# Installs what is missing from Debian: debian.sh COMMAND[:PACKAGE]... A package has the name of its command unless another is given.
set -euo pipefail

missing=()
for pair in "$@"; do
  command -v "${pair%%:*}" >/dev/null || missing+=("${pair##*:}")
done
[ ${#missing[@]} -gt 0 ] || exit 0

# Steps run beside each other, and apt has one user at a time.
exec 9>"${TMPDIR:-/tmp}/incant-ci-apt.lock"
flock 9
apt-get update -qq
apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
