# Other people's tools on /metrics: promtool, and a Prometheus that scrapes a server.
node scripts/setup.js
bash .ci/debian.sh promtool:prometheus
node tests/tools/metrics.js
