# A short round of the bench: fails on answers that are wrong, not on a slow machine.
node bench/run.js --short
