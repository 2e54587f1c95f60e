#!/bin/sh
# Feeds every reader of other people's files, and of a run's and a study's own, with damaged ones, in
# one process each:
#
#     Scripts/fuzz.sh [COUNT] [READER...]      (a million inputs each by default)
#
# `heif` can be named too; what it feeds is libheif's own.
#
# Fails at the first reader that traps, takes a second for an input, or needs more than 256 MB.
set -eu
cd "$(dirname "$0")/.."
count=${1:-1000000}
[ $# -gt 0 ] && shift
[ $# -gt 0 ] || set -- idx gzip zip npy mat csv mapping png netpbm bmp jpeg webp http \
  safetensors checkpoint training steps history evaluation predictions config journal winner manifest sweep model
swift build -c release --product Fuzz
for reader in "$@"; do .build/release/Fuzz "$reader" "$count"; done
