#!/bin/bash
# Checks that steady training steps allocate nothing on the heap, and shows who does. Only optimized
# code does not, so this builds some tests in release mode, beside the other builds: these, and those of
# check_sweep.sh, which follows.
#
#   Scripts/check_allocations.sh
set -euo pipefail
cd "$(dirname "$0")/.."
export EMNIST_TESTS=NN,Datasets,Search,Studies
KEEP_SYMBOLS=1 swift test -c release -Xswiftc -enable-testing -Xlinker --export-dynamic \
  --scratch-path .build/release-tests --filter AllocationTests |
  sed -e 's/\\n/\n/g' -e 's/[^ (]*(\(\$s[^+]*\)+[^ ]*/  \1/' |
  grep -v -e libdispatch -e 'libc\.so' -e _Concurrency | swift demangle --simplified
