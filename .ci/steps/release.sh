# A clean clone, with nothing installed, packs what a user needs; a release is rehearsed in it.
scratch=$1
root=$PWD

git clone --quiet --no-local . "$scratch/clone"
cd "$scratch/clone"
# What is not committed yet is rehearsed, too.
git -C "$root" diff --binary HEAD | git apply --allow-empty --index
npm pack --silent --pack-destination "$scratch" --workspace packages/incant --workspace packages/cli --workspace packages/create-incant
[ -z "$(git status --porcelain --untracked-files=all | grep -v '^[AMDR]  ')" ] || { git status --short; exit 1; }

mkdir "$scratch/project"
cd "$scratch/project"
echo '{ "private": true, "type": "module" }' >package.json
npm install --silent --no-audit --no-fund "$scratch"/incant-[0-9]*.tgz "$scratch"/incant-cli-*.tgz
cp "$root/tests/packaging/consumer/predictor.ts" .
node "$root/tests/packaging/documents.js"
node "$root/tests/packaging/installed.js"

cd "$scratch/clone"
git add --all
git -c user.name=CI -c user.email=ci@localhost commit --quiet --allow-empty --message 'Rehearse'
npm run --silent release -- --dry-run
node "$root/tests/packaging/rehearsed.js" "$scratch/clone/release"
