#!/bin/bash
# Checks what of a sweep only optimized code can show: that its searches are as good as Optuna's on
# five functions (50 seeds of 100 trials), that a proposal takes under 20 ms and that 10,000 trials
# are read in under a second. Uses the build of check_allocations.sh.
#
#   Scripts/check_sweep.sh
set -euo pipefail
cd "$(dirname "$0")/.."
export EMNIST_TESTS=NN,Datasets,Search,Studies
swift test -c release -Xswiftc -enable-testing -Xlinker --export-dynamic \
  --scratch-path .build/release-tests --filter 'Sweep(Search|Study|Engine)'
