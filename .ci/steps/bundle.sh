# Bundles: built with each package manager from packed packages, the source removed, served without a compiler.
scratch=$1
node scripts/setup.js

npm pack --silent --pack-destination "$scratch" --workspace packages/incant --workspace packages/cli
sdk=$(echo "$scratch"/incant-[0-9]*.tgz)
cli=$(echo "$scratch"/incant-cli-*.tgz)
node tests/bundle/check.js "$scratch" "$sdk" "$cli"
