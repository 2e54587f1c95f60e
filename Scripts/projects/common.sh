# What the projects share: their two options, the program, and which data there are.
#
#     . common.sh NAME "$@"
#
# goes to the directory of the project's results (projects/NAME, or --out DIR) and leaves `small` (1
# with --small, which is for a quick look and for continuous integration, else 0).
set -euo pipefail
project=$1
shift

small=0 out=projects/$project
while [ $# -gt 0 ]; do
  case $1 in
    --small) small=1 ;;
    --out) out=${2:?--out needs a directory} && shift ;;
    *) echo "usage: $0 [--small] [--out DIR]" >&2 && exit 64 ;;
  esac
  shift
done

# The program on the path, or the one that was built here; EMNIST names another.
built=$(cd "$(dirname "$0")/../.." && pwd)/.build/release/emnist
program=${EMNIST:-$(command -v emnist || echo "$built")}
[ -x "$program" ] ||
  { echo "no 'emnist' on the path and none built: swift build -c release" >&2 && exit 69; }
program=$(realpath "$program")

# A relative place of data is meant from where the script was started.
if [ -n "${EMNIST_DATA:-}" ]; then EMNIST_DATA=$(realpath "$EMNIST_DATA") && export EMNIST_DATA; fi
if [ -z "${EMNIST_DATA:-}" ] && [ -d data ]; then EMNIST_DATA=$PWD/data && export EMNIST_DATA; fi
mkdir -p "$out" && cd "$out"
title() { printf '\n== %s\n' "$*"; }

# emnist WORD…: shows the command, so that it can be typed again, and runs it.
emnist() {
  printf '\n$ emnist %s\n' "${*@Q}" | sed "s/'\([A-Za-z0-9_./,=:+-]*\)'/\1/g"
  "$program" "$@"
}

# choose NAME…: sets `dataset` to the first of the data sets that is here, the official one first;
# the last resort are the synthetic characters that the program draws itself.
choose() {
  for dataset in "$@" tiny; do
    "$program" data info "$dataset" >/dev/null 2>&1 && break
  done
  if [ "$dataset" = "$1" ]; then
    echo "Data: $dataset, the official set."
  else
    echo "Data: $dataset, as '$1' was not found; 'emnist data fetch' gets it."
  fi
}

# page RUN…: the page that the project ends in.
page() {
  title "The page"
  emnist report -o page "$@"
  printf '\nLook at %s\n' "$PWD/page/report.html"
}
