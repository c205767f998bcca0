# Images of bundles: built without a program and by Buildah, pushed to a registry, run by runc. As root.
scratch=$1
bash .ci/debian.sh buildah runc docker-registry
node scripts/setup.js
node tests/image/check.js "$scratch" "$(echo "$PACKED"/incant-[0-9]*.tgz)" "$(echo "$PACKED"/incant-cli-*.tgz)"
