# Completion in the real shells: the words that bash, zsh and fish offer at Tab.
bash .ci/debian.sh zsh fish
node scripts/setup.js
INCANT_TEST_SHELLS=1 npm exec -- vitest run packages/cli/test/completion
