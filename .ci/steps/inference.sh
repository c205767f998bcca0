# Clients of the Open Inference Protocol as people install them, tritonclient and kserve; and, where the description that the
# protocol's authors publish is there, every answer against it.
scratch=$1
python3 -m venv "$scratch/python" 2>/dev/null || {
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends python3-venv >/dev/null
  python3 -m venv "$scratch/python"
}
"$scratch/python/bin/pip" install --quiet --disable-pip-version-check --requirement tests/inference/requirements.txt
node scripts/setup.js
node tests/inference/serve.js "$scratch/python/bin/python" tests/inference/client.py
node node_modules/vitest/vitest.mjs run packages/incant/test/faces/v2/published.test.ts
