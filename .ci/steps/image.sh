# Images of bundles: built without a program and by Buildah, pushed to a registry, run by runc. As root.
scratch=$1
bash .ci/debian.sh buildah runc docker-registry
node scripts/setup.js
npm pack --silent --pack-destination "$scratch" --workspace packages/incant --workspace packages/cli
node tests/image/check.js "$scratch" "$(echo "$scratch"/incant-[0-9]*.tgz)" "$(echo "$scratch"/incant-cli-*.tgz)"
