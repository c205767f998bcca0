# Somebody else's requests, made from our own documents: every example, and every type that docs/types.md has.
scratch=$1
python3 -m venv "$scratch/python" 2>/dev/null || {
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends python3-venv >/dev/null
  python3 -m venv "$scratch/python"
}
"$scratch/python/bin/pip" install --quiet --disable-pip-version-check --requirement tests/schemathesis/requirements.txt
node scripts/setup.js
node tests/schemathesis/run.js "$scratch/python/bin/schemathesis"
