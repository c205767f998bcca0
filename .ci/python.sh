# A virtual environment with pinned packages: python.sh FOLDER REQUIREMENTS
set -euo pipefail
folder=$1
requirements=$2

python3 -m venv "$folder" 2>/dev/null || {
  # No command of that name: the package is installed.
  bash .ci/debian.sh ensurepip:python3-venv
  python3 -m venv "$folder"
}
"$folder/bin/pip" install --quiet --disable-pip-version-check --requirement "$requirements"
