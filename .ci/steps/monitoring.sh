# The dashboard, the alert rules and the metrics in the hands of Prometheus.
node scripts/setup.js

if ! command -v promtool >/dev/null; then
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends prometheus >/dev/null
fi
promtool check rules packages/incant/monitoring/alerts.yml
promtool test rules tests/monitoring/alerts.yml
node tests/tools/dashboard.js
