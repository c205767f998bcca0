# Images of bundles: built without a program and by Buildah, pushed to a registry, run by runc. Debian's packages, as root.
scratch=$1
missing=()
for pair in buildah:buildah runc:runc docker-registry:docker-registry; do
  command -v "${pair%%:*}" >/dev/null || missing+=("${pair##*:}")
done
if [ ${#missing[@]} -gt 0 ]; then
  apt-get update -qq
  # A registry that starts by itself takes the port of somebody else.
  apt-get install -y -qq --no-install-recommends -o Dpkg::Options::=--force-confdef "${missing[@]}" >/dev/null
fi
node scripts/setup.js
npm pack --silent --pack-destination "$scratch" --workspace packages/incant --workspace packages/cli
node tests/image/check.js "$scratch" "$(echo "$scratch"/incant-[0-9]*.tgz)" "$(echo "$scratch"/incant-cli-*.tgz)"
