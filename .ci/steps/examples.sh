# The examples on real models, each served from the command line and asked.
node scripts/setup.js
node examples/language-id/check.js
node examples/payload-forms/check.js
node examples/ocr/check.js
node examples/pipeline/check.js
node examples/embeddings/check.js
node examples/blocking/check.js
node examples/char-lm/check.js
node examples/speech-detection/check.js
node examples/auth-body/check.js
node examples/auth-header/check.js
node examples/auth-custom/check.js
node examples/auth-tokens/check.js
node examples/private-server/check.js
npm exec -- tsc --project examples
npm exec -- tsc --project examples/ocr
npm exec -- tsc --project examples/pipeline
npm exec -- tsc --project examples/char-lm
npm exec -- tsc --project examples/speech-detection
