bash .ci/other-node.sh 26 "$1"
