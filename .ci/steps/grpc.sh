# Clients of the Open Inference Protocol over gRPC as people install them: those of Triton and of KServe.
scratch=$1
python3 -m venv "$scratch/python" 2>/dev/null || {
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends python3-venv >/dev/null
  python3 -m venv "$scratch/python"
}
"$scratch/python/bin/pip" install --quiet --disable-pip-version-check --requirement tests/tools/grpc/requirements.txt
node scripts/setup.js
node tests/tools/grpc.js "$scratch/python/bin/python"
