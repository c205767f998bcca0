# The network as others see it: outsiders in network namespaces of their own, nginx and HAProxy in front, TLS scanners.
# The tests install nothing and leave nothing; traffic stays on this machine.
missing=()
for pair in ip:iproute2 nginx:nginx-light haproxy:haproxy sslscan:sslscan testssl:testssl.sh; do
  command -v "${pair%%:*}" >/dev/null || missing+=("${pair##*:}")
done
if [ ${#missing[@]} -gt 0 ]; then
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi
node scripts/setup.js
npm exec -- vitest run --config tests/network/vitest.config.ts
