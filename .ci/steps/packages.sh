# The packages as they would be published: packed, examined, installed into an empty folder, compiled against, used.
scratch=$1
root=$PWD
node scripts/setup.js

sdk=$(echo "$PACKED"/incant-[0-9]*.tgz)
cli=$(echo "$PACKED"/incant-cli-*.tgz)
create=$(echo "$PACKED"/create-incant-*.tgz)

for tarball in "$sdk" "$cli"; do
  npx --yes publint@0.3.25 run "$tarball" --strict
  # A description of messages is no module.
  npx --yes @arethetypeswrong/cli@0.18.5 "$tarball" --profile esm-only --exclude-entrypoints inference.proto
done

mkdir "$scratch/project"
cd "$scratch/project"
echo '{ "private": true, "type": "module" }' >package.json
npm install --silent --no-audit --no-fund "$sdk" "$cli" @types/node@20
cp "$root"/tests/packaging/consumer/* .

# The compiler that comes with the command, and the last one written in JavaScript, which most projects have.
npx tsc --project .
npx --yes --package typescript@5.9 tsc --project .
node "$root/tests/packaging/installed.js"

# A project of each kind, as npm create incant makes it: its own test passes, and it answers.
node "$root/tests/packaging/scaffolds.js" "$scratch" "$sdk" "$cli" "$create"
