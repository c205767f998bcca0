# Processes under load: faults among many calls, restarts behind nginx, overload. Fails on answers that are wrong, not on
# a slow machine.
node scripts/setup.js
FAULT_CALLS=10000 npm exec -- vitest run packages/incant/test/replica/life.test.ts -t 'every kind of fault'
node bench/engine.js --short
node bench/overload.js --short
# Ten models, of which one crashes in a loop and one blocks: fails where the others are held up.
node bench/models.js --short

bash .ci/debian.sh nginx:nginx-light
node bench/restart.js 200 2
node bench/blocking.js --short
node bench/upload.js 1000
node bench/large-bodies.js --short
node bench/soak.js 0.5
