# Bodies that take long to read: whether the process with the sockets answers meanwhile. It counts CPU time, so that a
# busy machine does not fail it.
node scripts/setup.js
node bench/loop.js --short
