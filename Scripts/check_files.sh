#!/bin/bash
# Checks what becomes of files when a disk, a limit, a right or another process is in the way: one
# sentence and its exit code, nothing half-written, and a run that goes on afterwards as if nothing
# had been. Also the order of the calls that put a file in its place.
#
#     apt-get install strace && swift build -c release && Scripts/check_files.sh [PROGRAM]
#
# Needs root, which mounts small disks and works as another user.
set -euo pipefail
cd "$(dirname "$0")/.."
for program in strace setpriv python3; do
  command -v $program > /dev/null || { echo "$0: $program is not there" >&2; exit 69; }
done
program=$(realpath "${1:-.build/release/emnist}")
data=$PWD/Data
work=$(mktemp -d)
trap 'umount "$work/disk" 2> /dev/null || true; rm -rf "$work"' EXIT
chmod 755 "$work"
cd "$work"
small=(train --data "$data" --model mlp --hidden 8 --threads 1 --scheduler constant --quiet)

fail() { echo "$*" >&2; cat err.txt >&2; exit 1; }

# expect CODE WORD…: runs a command, and fails if it ends otherwise or without one clear sentence.
expect() {
  local wanted=$1 code=0
  shift
  "$@" > out.txt 2> err.txt || code=$?
  [ "$code" = "$wanted" ] || fail "$*: ended with $code, not $wanted"
  [ "$wanted" = 0 ] || [ "$(grep -c '^emnist: ' err.txt)" = 1 ] || fail "$*: no one clear sentence"
}

# whole DIR…: nothing half-written is left.
whole() { [ -z "$(find "$@" -name '*.tmp')" ] || fail "half-written files are left in $*"; }

# same DIR DIR: the same weights, the same losses.
same() {
  cmp "$1/last.safetensors" "$2/last.safetensors" && cmp "$1/best.safetensors" "$2/best.safetensors"
  cmp <(cut -d, -f1,4- "$1/history.csv") <(cut -d, -f1,4- "$2/history.csv")
}

ok() { echo "ok  $*"; }

expect 0 "$program" "${small[@]}" --epochs 3 --out three
strace -f -o calls.txt -e trace=openat,write,fsync,rename,close \
  "$program" "${small[@]}" --epochs 1 --out traced > out.txt 2> err.txt
python3 - << 'ORDER'
import re
opened, flushed, waiting, count = {}, set(), None, 0
for line in open("calls.txt"):
    line = line.split(None, 1)[1]
    if found := re.match(r'openat\(AT_FDCWD, "([^"]*)", (\S*?)[,)].* = (\d+)$', line):
        opened[found[3]] = found[1]
        if found[1].endswith(".tmp"):
            assert "O_EXCL" in found[2] and "O_NOFOLLOW" in found[2], line
        assert "O_TRUNC" not in found[2], line
    elif found := re.match(r"write\((\d+),", line):
        flushed.discard(opened.get(found[1]))
    elif found := re.match(r"fsync\((\d+)\)\s*= 0", line):
        flushed.add(opened[found[1]])
        if opened[found[1]] == waiting:
            waiting, count = None, count + 1
    elif found := re.match(r'rename\("([^"]*)", "([^"]*)"\)\s*= 0', line):
        assert waiting is None, f"{waiting} was not flushed before {line}"
        assert found[1] in flushed, f"renamed before it was flushed: {line}"
        waiting = found[2].rpartition("/")[0] or "."
        flushed.discard(waiting)
assert waiting is None and count >= 8, count
print(f"ok  {count} files: written, flushed, renamed, directory flushed, in this order")
ORDER

mkdir disk
mount -t tmpfs -o size=4m tmpfs disk
expect 0 "$program" "${small[@]}" --epochs 1 --out disk/run
sha256sum disk/run/*.safetensors > before.txt
for room in 0 8 40; do
  head -c 8M /dev/zero > disk/filler 2> /dev/null || true
  truncate -s "-${room}K" disk/filler
  expect 74 "$program" train --resume disk/run --epochs 3 --quiet
  whole disk
  sha256sum disk/run/last.safetensors | diff - <(grep last before.txt)
  rm disk/filler
done
expect 0 "$program" train --resume disk/run --epochs 3 --quiet
same three disk/run
ok "a full disk: 74, the last checkpoint stays, and the training goes on to the same bytes"

cat > sweep.json << SWEEP
{"method": "random", "metric": {"name": "val_loss"}, "run_cap": 3,
 "parameters": {"lr": {"min": 0.001, "max": 0.01}},
 "emnist": {"data": "$data", "base": {"model": "mlp-small", "epochs": 1}}}
SWEEP
head -c 8M /dev/zero > disk/filler 2> /dev/null || true
truncate -s -100K disk/filler
expect 74 "$program" sweep sweep.json --out disk/study --quiet
whole disk
rm disk/filler
expect 0 "$program" sweep sweep.json --out disk/study --quiet --json
grep -q '"id":2,"state":"finished"' out.txt || fail "the study is not finished"
ok "a full disk in a sweep: 74, and the same line finishes it"

mount -o remount,ro disk
expect 73 "$program" "${small[@]}" --epochs 1 --out disk/new
expect 73 "$program" train --resume disk/run --epochs 4 --quiet
expect 0 "$program" eval disk/run --data "$data"
expect 0 "$program" sweep --show disk/study
umount disk
ok "a read-only disk: 73, and what only reads works"

expect 74 bash -c "ulimit -f 8; exec '$program' $(printf "'%s' " "${small[@]}") --epochs 1 --out limited"
whole limited
ok "a limit on the size of files: 74"

for words in "train ${small[*]:1} --epochs 1 --out written" "eval three" "models" "--help" \
  "predict --run three $data/emnist-tiny-test-images-idx3-ubyte.gz"; do
  expect 74 bash -c "'$program' $words > /dev/full"
done
expect 74 "$program" predict --run three --out /dev/full \
  "$data/emnist-tiny-test-images-idx3-ubyte.gz"
[ -c /dev/full ] || fail "/dev/full was replaced"
ok "/dev/full: 74"

other() { setpriv --reuid=65534 --regid=65534 --clear-groups "$@"; }
mkdir closed && chmod 700 closed
expect 73 other "$program" "${small[@]}" --epochs 1 --out closed/run
expect 73 other "$program" "${small[@]}" --epochs 1 --out new
expect 73 other "$program" train --resume three --epochs 4 --quiet
expect 0 other "$program" eval three
whole .
ok "another user's directory: 73"

"$program" "${small[@]}" --epochs 100000 --out gone > /dev/null 2> err.txt &
until [ -e gone/last.safetensors ]; do sleep 0.05; done
# It may be writing a file just now.
until rm -rf gone 2> /dev/null; do :; done
code=0
wait $! || code=$?
[ "$code" = 73 ] && [ "$(grep -c '^emnist: ' err.txt)" = 1 ] || fail "gone: ended with $code"
[ ! -e gone ] || fail "gone is back"
ok "a directory that goes away: 73"

"$program" "${small[@]}" --epochs 100000 --out busy > /dev/null 2>&1 &
until [ -e busy/last.safetensors ]; do sleep 0.05; done
expect 75 "$program" train --resume busy
expect 75 "$program" "${small[@]}" --epochs 1 --out busy --force
kill -INT $! && wait $! || true
whole busy
ok "two processes in one run: 75"

echo mine > victim
mkdir planted && for name in config.json history.csv last.safetensors .emnist-0000000000000000.tmp; do
  ln -s ../victim planted/$name
done
expect 73 "$program" "${small[@]}" --epochs 1 --out planted
expect 0 "$program" "${small[@]}" --epochs 1 --out planted --force
[ "$(cat victim)" = mine ] || fail "a planted link was followed"
ok "planted links are not followed"

# killed WHEN WORD…: a cross-validation that dies at its WHENth flush, and then goes on by WORD….
killed() {
  local run=folds-$1
  { strace -f -o /dev/null -e trace=fsync -e inject=fsync:signal=KILL:when=$1 \
    "$program" "${small[@]}" --folds 2 --epochs 1 --out "$run" || true; } > /dev/null 2>&1
  expect 0 "$program" train "${@:2}" "$run"
  whole "$run"
  same folds/fold-2 "$run/fold-2"
}
expect 0 "$program" "${small[@]}" --folds 2 --epochs 1 --out folds
for when in 1 2 3; do killed $when "${small[@]:1}" --folds 2 --epochs 1 --out; done
for when in 4 5 8 11 16; do killed $when --quiet --resume; done
ok "a cross-validation that is killed at a file goes on"

expect 64 "$program" "${small[@]}" --epochs 1 --name ../x
[ ! -e x ] || fail "--name left runs/"
ok "--name stays below runs/"
