# Which web pages reach a predictor, in Chromium: none of another origin unless --cors-origin names it.
bash .ci/debian.sh chromium
node scripts/setup.js
node tests/tools/pages.js
