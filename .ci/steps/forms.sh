# Forms as curl, Python's requests, Go, Chromium and Node write them, and those of .NET written by hand.
bash .ci/debian.sh curl go:golang-go chromium python3
python3 -c 'import ensurepip' 2>/dev/null || bash .ci/debian.sh ensurepip:python3-venv
node scripts/setup.js
node tests/tools/forms.js "$1"
