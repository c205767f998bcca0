# Processes under load for a while: faults among many calls, restarts behind nginx, uploads, memory. Fails on answers that are
# wrong, not on a slow machine.
bash .ci/debian.sh nginx:nginx-light
node scripts/setup.js
FAULT_CALLS=10000 npm exec -- vitest run packages/incant/test/replica/life.test.ts -t 'every kind of fault'
node bench/restart.js 200 2
node bench/upload.js 1000
node bench/soak.js 0.5
