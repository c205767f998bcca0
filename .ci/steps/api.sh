# The reference of what the entries export is that of the code.
npm run --silent api
git diff --exit-code --stat -- docs/api
[ -z "$(git status --porcelain -- docs/api)" ] || { git status --short -- docs/api; exit 1; }
