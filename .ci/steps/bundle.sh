# Bundles: built with each package manager from packed packages, the source removed, served without a compiler.
scratch=$1
node scripts/setup.js

node tests/bundle/check.js "$scratch" "$(echo "$PACKED"/incant-[0-9]*.tgz)" "$(echo "$PACKED"/incant-cli-*.tgz)"
