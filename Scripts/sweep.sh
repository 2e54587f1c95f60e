#!/bin/bash
# Works on one study with several processes through GNU parallel, here or on other machines:
#
#     Scripts/sweep.sh 4 config.yaml runs/sweep-config [OPTION…]
#     PARALLEL='--sshlogin 4/one,4/two --workdir .' Scripts/sweep.sh 8 config.yaml runs/sweep-config
#
# EMNIST names the program if it is not on the path.
set -euo pipefail
if (($# < 3)); then
  echo "usage: $0 PROCESSES CONFIG STUDY [OPTION…]" >&2
  exit 64
fi
if ! command -v parallel > /dev/null; then
  echo "$0: GNU parallel is not there; install it with 'apt-get install parallel'" >&2
  exit 69
fi
count=$1 file=$2 study=$3
shift 3
seq "$count" | parallel --will-cite --jobs "$count" --line-buffer -N0 \
  "${EMNIST:-emnist}" sweep "$file" --out "$study" --join --workers 1 "$@"
