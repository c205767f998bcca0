# The client in a browser, in Deno, in Bun, in Cloudflare's runtime and in a thread of Node, against a real server.
if ! command -v chromium >/dev/null; then
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends chromium >/dev/null
fi
node scripts/setup.js
node tests/tools/client-runtimes.js
