# Other people's tools on /metrics: promtool, and a Prometheus that scrapes a server.
node scripts/setup.js
if ! command -v promtool >/dev/null; then
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends prometheus >/dev/null
fi
node tests/tools/metrics.js
