# Forms as curl, Python's requests, Go, Chromium and Node write them, and those of .NET written by hand.
needed=()
command -v curl >/dev/null || needed+=(curl)
command -v go >/dev/null || needed+=(golang-go)
command -v chromium >/dev/null || needed+=(chromium)
python3 -c 'import ensurepip' 2>/dev/null || needed+=(python3 python3-venv)
if [ ${#needed[@]} -gt 0 ]; then
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends "${needed[@]}" >/dev/null
fi
node scripts/setup.js
node tests/tools/forms.js "$1"
