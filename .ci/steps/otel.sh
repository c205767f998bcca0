# Traces through the SDK of OpenTelemetry, as people install it, to a receiver on a socket.
node scripts/setup.js
node tests/tools/otel.js "$1"
