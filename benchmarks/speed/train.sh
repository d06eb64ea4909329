#!/bin/sh
# Compares training and scoring with PyTorch on the CPU, one thread against one and two against two.
#
#   benchmarks/speed/train.sh [FOLDER]
#
# FOLDER keeps a Python environment with PyTorch from PyPI (several GB; default ~/.cache/hustings/torch). Run it on an idle
# machine. Environment variables that slow OpenBLAS or MKL are unset for both sides.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
folder=${1:-$HOME/.cache/hustings/torch}
if [ ! -x "$folder/bin/python" ]; then
  python3 -m venv "$folder"
  "$folder/bin/pip" install --quiet torch numpy
fi
swift build -c release --package-path "$here" --product train-speed
exec "$folder/bin/python" "$here/train_compare.py" "$here/.build/release/train-speed"
