# The service that `incant install` writes, on a machine whose process 1 is systemd: in namespaces, and gone after the tests.
bash .ci/debian.sh systemctl:systemd dbus-daemon:dbus nsenter:util-linux ip:iproute2
node scripts/setup.js
npm exec -- vitest run --config tests/systemd/vitest.config.ts
