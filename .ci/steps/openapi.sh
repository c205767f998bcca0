# Other people's tools on the OpenAPI document: a validator, and a generator whose client must compile.
node scripts/setup.js
node tests/tools/openapi.js
