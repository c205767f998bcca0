# Which web pages reach a predictor, in Chromium: none of another origin unless --cors-origin names it.
if ! command -v chromium >/dev/null; then
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends chromium >/dev/null
fi
node scripts/setup.js
node tests/tools/pages.js
