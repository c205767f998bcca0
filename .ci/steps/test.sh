# What a contributor runs; on a fresh clone it installs and builds first.
npm test
