#!/bin/bash
# Has one preset's exports read by the programs that they are for (check_exports.py), and its page
# driven through Chromium (check_page.py). What is not installed is named and skipped.
# Usage: Scripts/check_readers.sh PROGRAM [PYTHON]
set -euo pipefail
cd "$(dirname "$0")/.."
program=$(realpath "${1:?usage: Scripts/check_readers.sh PROGRAM [PYTHON]}")
python=${2:-${PYTHON:-python3}}
preset=lenet5
failed=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# missing MODULE…: the first of these that the interpreter does not have.
missing() {
  command -v "$python" > /dev/null || { echo "$python"; return; }
  local module
  for module in "$@"; do
    "$python" -c "import importlib.util, sys; sys.exit(importlib.util.find_spec('$module') is None)" ||
      { echo "Python's $module"; return; }
  done
}

what=$(missing numpy)
if [ -n "$what" ]; then
  echo "SKIPPED: check_exports.py and check_page.py: $what is not installed"
  exit 0
fi
"$program" train --model "$preset" --data Data --epochs 2 --out "$work/$preset" --quiet > /dev/null
"$python" Scripts/check_exports.py --emnist "$program" --preset "$preset" --runs "$work" || failed=1

what=$(missing PIL playwright)
chromium=$(command -v chromium || command -v chromium-browser || true)
if [ -z "$what" ] && [ -z "$chromium" ]; then what=Chromium; fi
if [ -n "$what" ]; then
  echo "SKIPPED: check_page.py: $what is not installed"
  exit $failed
fi
"$python" Scripts/check_page.py "$work/$preset" --program "$program" --chromium "$chromium" || failed=1
exit $failed
