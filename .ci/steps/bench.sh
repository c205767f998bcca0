# A short round of the bench: fails on answers that are wrong, not on a slow machine.
node scripts/setup.js
node bench/run.js --short
# Thousands of connections: fails where calls are starved by those that are refused, whatever else the machine does.
node bench/connections.js --short
# Sequences are computed together, and newcomers join at the next step.
node bench/sequences.js --short
# Types are read in time that grows with their size, whatever refers to what.
node bench/reading.js
# Jobs are done, on the stores that this version of Node has.
node bench/jobs.js --short
# Beside other servers of Node; every byte of every answer is compared. Servers in Python take minutes to install.
bash .ci/debian.sh cc:build-essential
node bench/peers.js --short --only small,stream --servers fastify,hono,node-http
