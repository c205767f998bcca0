# Versions of models in places that others run: Debian's registry, and S3 as moto has it. Node's tests have the rest.
scratch=$1
bash .ci/debian.sh docker-registry
bash .ci/python.sh "$scratch/python" tests/models/requirements.txt
node scripts/setup.js
MODEL_REGISTRY=$(command -v docker-registry) MODEL_S3=$scratch/python/bin/moto_server \
  node node_modules/vitest/vitest.mjs run packages/cli/test/models/{registry,s3}.test.ts
