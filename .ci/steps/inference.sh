# Clients of the Open Inference Protocol as people install them, tritonclient and kserve; and, where the description that the
# protocol's authors publish is there, every answer against it.
scratch=$1
bash .ci/python.sh "$scratch/python" tests/inference/requirements.txt
node scripts/setup.js
node tests/inference/serve.js "$scratch/python/bin/python" tests/inference/client.py
node node_modules/vitest/vitest.mjs run packages/incant/test/faces/v2/published.test.ts
