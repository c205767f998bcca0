bash .ci/other-node.sh 24 "$1"
