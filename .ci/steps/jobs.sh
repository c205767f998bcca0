# Jobs in the hands of the client of Replicate and of those who verify webhooks, as people install them; and the stores, for
# one of which a test makes a cluster of PostgreSQL in a temporary folder.
scratch=$1
# Debian has its commands outside of the path.
ls -d /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || bash .ci/debian.sh initdb:postgresql
cp tests/jobs/package.json tests/jobs/package-lock.json tests/jobs/client.mjs "$scratch"
npm ci --silent --no-audit --no-fund --prefix "$scratch"
node scripts/setup.js
node tests/jobs/serve.js "$scratch/client.mjs"
# Node 20 has no SQLite. With a version that has it, a store that is missing fails the run.
npm install --loglevel=error --no-audit --no-fund --prefix "$scratch" node@24
export PATH="$scratch/node_modules/node/bin:$PATH" STORES=SQLite,PostgreSQL
node node_modules/vitest/vitest.mjs run packages/incant/test/jobs packages/incant/test/faces/predictions
# Servers that are killed at fifty moments, or asked to end.
node node_modules/vitest/vitest.mjs run --config tests/jobs/vitest.config.ts
