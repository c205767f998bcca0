# Serves predictor.ts of the current folder with the given command, asks it, and stops it: serve-and-ask.sh npx incant
set -euo pipefail

"$@" serve predictor.ts --port 0 >server.log 2>&1 &
server=$!
trap 'kill -KILL $server 2>/dev/null || true' EXIT
