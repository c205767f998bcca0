# The tests that npm test leaves out, and the properties that it tries with few values, with all of them.
export PROPERTIES=full
npm run --silent test:slow
