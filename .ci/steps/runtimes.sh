# The client in a browser, in Deno, in Bun, in Cloudflare's runtime and in a thread of Node, against a real server.
bash .ci/debian.sh chromium
node scripts/setup.js
node tests/tools/client-runtimes.js
