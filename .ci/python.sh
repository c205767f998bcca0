# A virtual environment with pinned packages: python.sh FOLDER REQUIREMENTS
set -euo pipefail
folder=$1
requirements=$2

python3 -m venv "$folder" 2>/dev/null || {
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends python3-venv >/dev/null
  python3 -m venv "$folder"
}
"$folder/bin/pip" install --quiet --disable-pip-version-check --requirement "$requirements"
