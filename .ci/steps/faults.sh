# Faults of the machine: a date that is set, a disk that is full, files that hang, replicas that stand still. For each, what
# callers saw, what the log says and what is counted.
missing=()
for pair in faketime:faketime python3:python3-minimal mount:mount; do
  command -v "${pair%%:*}" >/dev/null || missing+=("${pair##*:}")
done
if [ ${#missing[@]} -gt 0 ]; then
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi
node scripts/setup.js
npm exec -- vitest run --config tests/faults/vitest.config.ts
