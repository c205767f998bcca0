# What the processes cost, and overload. Fails on answers that are wrong, and where calls are held up.
node scripts/setup.js
node bench/engine.js --short
node bench/overload.js --short
# Ten models, of which one crashes in a loop and one blocks: fails where the others are held up.
node bench/models.js --short
node bench/blocking.js --short
node bench/large-bodies.js --short
