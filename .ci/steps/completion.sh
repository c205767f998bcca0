# Completion in the real shells: the words that bash, zsh and fish offer at Tab.
if ! command -v zsh >/dev/null || ! command -v fish >/dev/null; then
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends zsh fish >/dev/null
fi
node scripts/setup.js
INCANT_TEST_SHELLS=1 npm exec -- vitest run packages/cli/test/completion
