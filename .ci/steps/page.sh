# The page to try a predictor, in Chromium: forms, answers, streams, signing in, safety, accessibility.
bash .ci/debian.sh chromium
node scripts/setup.js
node tests/tools/page.js
