# Requests that are nearly right, the same ones each time: raw HTTP, JSON and forms.
node scripts/setup.js
node tests/fuzz/fuzz.js 20000 1
