# The tests of npm test but two folders, the demo and the command line on another major version of Node: other-node.sh MAJOR SCRATCH
set -euo pipefail
major=$1
scratch=$2

node scripts/setup.js
# npm's package `node` brings the binary of a version.
npm install --loglevel=error --no-audit --no-fund --prefix "$scratch" "node@$major"
PATH="$scratch/node_modules/node/bin:$scratch/node_modules/.bin:$PATH"
case "$(node --version)" in "v$major."*) ;; *) echo "node is $(node --version)"; exit 1 ;; esac

# What reads types, and the editor, are the compiler's: a program that is the same with every version of Node.
node node_modules/vitest/vitest.mjs run --tags-filter='not slow' --exclude 'packages/cli/test/signature/**' --exclude 'tests/editor/**'
# What differs most between versions: how code is loaded, and how processes talk and end.
node node_modules/vitest/vitest.mjs run packages/cli/test/load/loading.test.ts packages/incant/test/replica/forms.test.ts packages/incant/test/node/signals.test.ts
node examples/language-id/check.js
