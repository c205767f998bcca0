#!/usr/bin/env bash
# A machine whose process 1 is systemd: its own mount, process, network, control group, host name and IPC namespaces. It sees the
# files of the real machine, and what it writes is kept in memory and gone with it.
#
#   unshare --mount --pid --net --cgroup --uts --ipc --fork machine.sh FOLDER
#
# FOLDER is /srv of the machine. The checkout is where it is, also below /tmp, of which the machine has its own.
set -euo pipefail
readonly shared=$1
readonly checkout=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)

mount --make-rprivate /
layers=$shared/.layers
mkdir -p "$layers"
mount -t tmpfs tmpfs "$layers"
mkdir "$layers"/{upper,work,root}
mount -t overlay overlay -o "lowerdir=/,upperdir=$layers/upper,workdir=$layers/work" "$layers/root"
cd "$layers/root"
mount --rbind /dev dev
mount --bind "$shared" srv
mount -t tmpfs tmpfs run
mount -t tmpfs tmpfs tmp
mkdir -p ".$checkout"
mount --bind "$checkout" ".$checkout"
mount -o remount,bind,ro ".$checkout"
# Settings of the kernel are those of the real machine: nobody changes them from here.
mount -t proc proc proc
mount --bind proc/sys proc/sys
mount -o remount,bind,ro proc/sys
mount -t sysfs -o ro sysfs sys
if mountpoint -q /sys/fs/cgroup && [ "$(stat -f -c %T /sys/fs/cgroup)" = cgroup2fs ]; then
  mount -t cgroup2 cgroup2 sys/fs/cgroup
else
  mount -t tmpfs tmpfs sys/fs/cgroup
  mkdir sys/fs/cgroup/{unified,systemd}
  mount -t cgroup2 cgroup2 sys/fs/cgroup/unified
  mount -t cgroup -o none,name=systemd cgroup sys/fs/cgroup/systemd
fi
# Services of the real machine do not run here, and nothing of its hardware is set up.
rm -rf etc/systemd/system/*
for unit in console-getty.service getty.target systemd-binfmt.service systemd-logind.service systemd-modules-load.service \
  systemd-sysctl.service systemd-udevd.service systemd-udev-trigger.service proc-sys-fs-binfmt_misc.automount tmp.mount \
  dev-hugepages.mount sys-kernel-debug.mount sys-kernel-tracing.mount sys-fs-fuse-connections.mount; do
  ln -s /dev/null "etc/systemd/system/$unit"
done
tr -d - </proc/sys/kernel/random/uuid >etc/machine-id
ip link set lo up

mkdir run/old
pivot_root . run/old
umount -l /run/old
export container=incant
exec /lib/systemd/systemd --system --unit=basic.target --log-target=null --show-status=no
