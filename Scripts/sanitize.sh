#!/bin/bash
# Runs the core of the tests, from kernels to file formats, under the address sanitizer, the thread
# sanitizer and, for what is written in C, the one of undefined behaviour, with kernels that check
# bounds and overflow. Builds beside the other builds.
#
#   Scripts/sanitize.sh              # all, every test of these modules
#   Scripts/sanitize.sh thread       # one of them
#   Scripts/sanitize.sh address NN   # and the tests of one module
set -euo pipefail
cd "$(dirname "$0")/.."
export EMNIST_CHECKED=1 EMNIST_TESTS=${2:-Support,Formats,Tensor,NN,Datasets,Interchange}
filter="(${EMNIST_TESTS//,/|})Tests\\."
for sanitizer in ${1:-address thread undefined}; do
  echo "== $sanitizer sanitizer"
  options=("--sanitize=$sanitizer")
  # Swift has none of these checks of its own: they are for the C targets and what Swift takes from
  # their headers, end in a trap, and need no library.
  if [ "$sanitizer" = undefined ]; then
    options=(-Xcc -fsanitize=undefined -Xcc -fsanitize-trap=undefined)
  fi
  # Leaks are not looked for: what lives as long as the process counts as one.
  time ASAN_OPTIONS=detect_leaks=0 TSAN_OPTIONS=halt_on_error=1 swift test \
    "${options[@]}" --scratch-path ".build/$sanitizer" --filter "^$filter"
done
