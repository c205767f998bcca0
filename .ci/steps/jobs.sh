# Jobs in the hands of the client of Replicate and of those who verify webhooks, as people install them; and the stores, PostgreSQL
# among them, for which a test makes a cluster in a temporary folder.
scratch=$1
if [ -z "$(ls -d /usr/lib/postgresql/*/bin/initdb 2>/dev/null)" ] && ! command -v initdb >/dev/null; then
  apt-get update -qq && apt-get install -y -qq --no-install-recommends postgresql >/dev/null
fi
cp tests/jobs/package.json tests/jobs/package-lock.json tests/jobs/client.mjs "$scratch"
npm ci --silent --no-audit --no-fund --prefix "$scratch"
node scripts/setup.js
node tests/jobs/serve.js "$scratch/client.mjs"
node node_modules/vitest/vitest.mjs run packages/incant/test/jobs packages/incant/test/faces/predictions
# Node 20 has no SQLite: the stores again with a version that has it. A store that is missing there fails the run.
npm install --loglevel=error --no-audit --no-fund --prefix "$scratch" node@24
PATH="$scratch/node_modules/node/bin:$PATH" STORES=memory,SQLite,PostgreSQL node node_modules/vitest/vitest.mjs run packages/incant/test/jobs
