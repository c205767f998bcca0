# Clients of the OpenAI API as people install them, of two generations in JavaScript and one in Python; and, where the description
# that its makers publish is there, every answer and chunk against it.
scratch=$1
for major in 20 24; do
  mkdir -p "$scratch/node-$major"
  cp tests/openai/node-$major/package.json tests/openai/node-$major/package-lock.json tests/openai/client.mjs "$scratch/node-$major"
  npm ci --silent --no-audit --no-fund --prefix "$scratch/node-$major"
done
npm install --loglevel=error --no-audit --no-fund --prefix "$scratch/node" node@24
bash .ci/python.sh "$scratch/python" tests/openai/requirements.txt
node scripts/setup.js
node tests/openai/serve.js bash tests/openai/clients.sh "$scratch"
node node_modules/vitest/vitest.mjs run packages/incant/test/faces/openai/published.test.ts
