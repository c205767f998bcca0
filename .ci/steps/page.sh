# The page to try a predictor, in Chromium: forms, answers, streams, signing in, safety, accessibility.
if ! command -v chromium >/dev/null; then
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends chromium >/dev/null
fi
node scripts/setup.js
node tests/tools/page.js
