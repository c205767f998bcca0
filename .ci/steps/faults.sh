# Faults of the machine: a date that is set, a disk that is full, files that hang, replicas that stand still. For each, what
# callers saw, what the log says and what is counted.
bash .ci/debian.sh faketime python3:python3-minimal mount
node scripts/setup.js
npm exec -- vitest run --config tests/faults/vitest.config.ts
