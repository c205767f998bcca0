# The dashboard and the alert rules in the hands of those they are made for: Grafana's own types, promtool, and a
# Prometheus that scrapes servers of every kind.
node scripts/setup.js

(
  cd tests/tools
  [ -d node_modules/@grafana/schema ] || npm ci --silent --ignore-scripts
  npm exec -- tsc --project monitoring/fixtures
)

bash .ci/debian.sh promtool:prometheus
promtool check rules packages/incant/monitoring/alerts.yml
promtool test rules tests/monitoring/alerts.yml
node tests/tools/dashboard.js
