# Predictors as tools of the Model Context Protocol: the conformance suite, the official clients and the inspector, which
# need a newer Node than the server.
scratch=$1
bash .ci/python.sh "$scratch/python" tests/tools/mcp/requirements.txt
node scripts/setup.js
# npm's package `node` brings the binary of a version.
npm install --loglevel=error --no-audit --no-fund --prefix "$scratch" node@24
PATH="$scratch/node_modules/node/bin:$PATH" node tests/tools/mcp.js "$scratch/python/bin/python"
# A call costs less than with the official SDK; with --litserve also than with LitServe.
node bench/mcp.js --short
