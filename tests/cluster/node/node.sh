#!/usr/bin/env bash
# A machine with Kubernetes on it: process 1 of its own mount, process, network, cgroup and host name namespaces. Whatever it
# starts ends with it, and nothing of the real machine is changed.
#
#   unshare --mount --pid --net --cgroup --uts --fork --mount-proc node.sh FOLDER
#
# FOLDER has bin/ and conf/; run/ is made. It writes "started" when every program has been.
set -uo pipefail
readonly folder=$1 run=$1/run
export PATH="$folder/bin:$PATH" KUBECACHEDIR=$run/kubectl KUBERC=off

# Folders that the programs expect at fixed places are folders of ours.
mount --make-rshared /
mount -t proc proc /proc
own() {
  mkdir -p "$run/$1" "$2"
  mount --bind "$run/$1" "$2"
  mount --make-rshared "$2"
}
own kubelet /var/lib/kubelet
own containerd /var/lib/containerd
own pods /var/log/pods
own containers /var/log/containers
own cni /var/lib/cni
for path in /run/containerd /run/netns; do
  mkdir -p "$path"
  mount -t tmpfs tmpfs "$path"
  mount --make-rshared "$path"
done

# Control groups: those of the machine where it has version 2, else a tree for each controller.
umount -R /sys/fs/cgroup
mount -t sysfs sysfs /sys 2>/dev/null
if [ "$(stat -f -c %T /sys/fs/cgroup)" = cgroup2fs ] || ! grep -q '^memory\s[1-9]' /proc/cgroups; then
  mount -t cgroup2 cgroup2 /sys/fs/cgroup
else
  mount -t tmpfs tmpfs /sys/fs/cgroup
  for controller in cpu cpuacct cpuset memory devices freezer blkio pids; do
    mkdir "/sys/fs/cgroup/$controller"
    mount -t cgroup -o "$controller" cgroup "/sys/fs/cgroup/$controller"
  done
  echo 1 >/sys/fs/cgroup/memory/memory.use_hierarchy 2>/dev/null
fi

# The kubelet would set these for the whole machine. It is shown the values that it wants.
mkdir -p "$run/sysctl"
shown() {
  echo "$2" >"$run/sysctl/${1##*/}"
  mount --bind "$run/sysctl/${1##*/}" "/proc/sys/$1"
}
shown vm/overcommit_memory 1
shown vm/panic_on_oom 0
shown kernel/panic 10
shown kernel/panic_on_oops 1
shown kernel/keys/root_maxkeys 1000000
shown kernel/keys/root_maxbytes 25000000

hostname one
ip link set lo up
ip link add node0 type bridge
ip address add 192.168.77.1/24 dev node0
ip link set node0 up
ip route add default via 192.168.77.254 dev node0
echo 1 >/proc/sys/net/ipv4/ip_forward

mkdir -p "$run/logs" "$run/etcd" "$run/certificates"
start() {
  local name=$1
  shift
  "$name" "$@" >"$run/logs/$name" 2>&1 &
}
start etcd --data-dir "$run/etcd" --unsafe-no-fsync \
  --listen-client-urls http://127.0.0.1:2379 --advertise-client-urls http://127.0.0.1:2379 --listen-peer-urls http://127.0.0.1:2380
start containerd --config "$folder/conf/containerd.toml"
start kube-apiserver --etcd-servers http://127.0.0.1:2379 --advertise-address 192.168.77.1 --bind-address 0.0.0.0 --secure-port 6443 \
  --cert-dir "$run/certificates" --token-auth-file "$folder/conf/tokens.csv" --authorization-mode RBAC --allow-privileged \
  --service-account-issuer https://kubernetes.default.svc --service-account-signing-key-file "$folder/conf/account.key" \
  --service-account-key-file "$folder/conf/account.pub" --service-cluster-ip-range 10.96.0.0/16 \
  --kubelet-preferred-address-types InternalIP --enable-aggregator-routing --feature-gates ImageVolume=true
until kubectl --kubeconfig "$folder/conf/admin.kubeconfig" get --raw /readyz >/dev/null 2>&1; do
  kill -0 $! || exit 1
  sleep 0.3
done
start kube-controller-manager --kubeconfig "$folder/conf/manager.kubeconfig" --leader-elect=false --use-service-account-credentials \
  --service-account-private-key-file "$folder/conf/account.key" --root-ca-file "$run/certificates/apiserver.crt" \
  --horizontal-pod-autoscaler-sync-period 5s --horizontal-pod-autoscaler-downscale-stabilization 10s
start kube-scheduler --kubeconfig "$folder/conf/scheduler.kubeconfig" --leader-elect=false
ctr --address /run/containerd/containerd.sock --namespace k8s.io images import "$folder/pause.oci.tar" >"$run/logs/import" 2>&1
start kubelet --config "$folder/conf/kubelet.yaml" --kubeconfig "$folder/conf/node.kubeconfig" --hostname-override one --node-ip 192.168.77.1
start kube-proxy --config "$folder/conf/kube-proxy.yaml"
start metrics-server --kubeconfig "$folder/conf/admin.kubeconfig" --authentication-kubeconfig "$folder/conf/admin.kubeconfig" \
  --authorization-kubeconfig "$folder/conf/admin.kubeconfig" --cert-dir "$run/metrics" --secure-port 4443 --metric-resolution 10s --kubelet-request-timeout 5s \
  --kubelet-insecure-tls --kubelet-preferred-address-types InternalIP
kubectl --kubeconfig "$folder/conf/admin.kubeconfig" apply --filename "$folder/conf/metrics.yaml" >"$run/logs/metrics" 2>&1
echo started
# Ends with its standard input, which is that of the process that wants the node.
cat >/dev/null
