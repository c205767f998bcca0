# Every client in turn, against the servers whose addresses are in the environment: clients.sh SCRATCH
set -euo pipefail
scratch=$1
echo "Node $(node --version)"
node "$scratch/node-20/client.mjs"
PATH="$scratch/node/node_modules/node/bin:$PATH"
case "$(node --version)" in v24.*) ;; *) echo "node is $(node --version)"; exit 1 ;; esac
echo "Node $(node --version)"
AI_SDK_LOG_WARNINGS=false NODE_NO_WARNINGS=1 node "$scratch/node-24/client.mjs"
"$scratch/python/bin/python" tests/openai/client.py
