# A short round of the bench: fails on answers that are wrong, not on a slow machine.
node scripts/setup.js
node bench/run.js --short
# Types are read in time that grows with their size, whatever refers to what.
node bench/reading.js
