# Somebody else's requests, made from our own documents: every example, and every type that docs/types.md has.
scratch=$1
bash .ci/python.sh "$scratch/python" tests/schemathesis/requirements.txt
node scripts/setup.js
node tests/schemathesis/run.js "$scratch/python/bin/schemathesis"
