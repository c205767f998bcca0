# The network as others see it: outsiders in network namespaces of their own, nginx and HAProxy in front, TLS scanners.
# The tests install nothing and leave nothing; traffic stays on this machine.
bash .ci/debian.sh ip:iproute2 nginx:nginx-light haproxy sslscan testssl:testssl.sh
node scripts/setup.js
npm exec -- vitest run --config tests/network/vitest.config.ts
