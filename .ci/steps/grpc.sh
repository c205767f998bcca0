# Clients of the Open Inference Protocol over gRPC as people install them: those of Triton and of KServe.
scratch=$1
bash .ci/python.sh "$scratch/python" tests/tools/grpc/requirements.txt
node scripts/setup.js
node tests/tools/grpc.js "$scratch/python/bin/python"
