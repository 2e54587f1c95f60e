#!/bin/bash
# Works on a study of 500 small trials with three processes, of which one is killed every second or
# two and begins again, and checks that every trial was done exactly once, with the result that it has in
# a study that was left alone.
#
#     swift build -c release && Scripts/soak.sh [PROGRAM]
#
# Takes some three minutes on two cores that have nothing else to do. TRIALS=50 makes it a short one.
set -euo pipefail
cd "$(dirname "$0")/.."
program=$(realpath "${1:-.build/release/emnist}")
trials=${TRIALS:-500}
work=$(mktemp -d)

stop() {
  local children
  children=$(for shell in $(jobs -p); do pgrep -P "$shell" || true; done)
  kill $(jobs -p) $children 2> /dev/null || true
  rm -rf "$work"
}
trap stop EXIT
cat > "$work/sweep.json" << SWEEP
{"method": "random", "metric": {"name": "val_loss"}, "run_cap": $trials,
 "parameters": {"lr": {"min": 0.001, "max": 0.01}, "dropout": {"min": 0.0, "max": 0.5}},
 "emnist": {"data": "$PWD/Data", "workers": 1, "threads": 1, "base": {"model": "mlp-small", "epochs": 4}}}
SWEEP
cd "$work"
start=$SECONDS
"$program" sweep sweep.json --out alone --workers 2 --quiet > /dev/null
echo "left alone: $((SECONDS - start)) s"

# worker: joins the study again until it is over.
worker() {
  local code=1
  while ((code != 0)); do
    code=0
    "$program" sweep sweep.json --out study --join --quiet > /dev/null 2>> errors.txt || code=$?
    if ((code != 0 && code != 137)); then echo "a process ended with $code" >> errors.txt; return; fi
  done 2> /dev/null
}

RANDOM=1 kills=0 start=$SECONDS
for _ in 1 2 3; do worker & done
while [ -n "$(jobs -rp)" ]; do
  sleep "1.$((RANDOM % 10))"
  mapfile -t running < <(for shell in $(jobs -rp); do pgrep -P "$shell" || true; done)
  ((${#running[@]} > 0)) || continue
  kill -KILL "${running[RANDOM % ${#running[@]}]}" 2> /dev/null && kills=$((kills + 1)) || true
done
seconds=$((SECONDS - start))
cat errors.txt >&2
[ ! -s errors.txt ]

python3 - "$trials" "$kills" "$seconds" << 'CHECK'
import collections, glob, json, sys

count, kills, seconds = map(int, sys.argv[1:])
lines = [json.loads(line) for line in open("study/journal.jsonl")]
events = collections.Counter(line["event"] for line in lines)
ends = collections.Counter(line["trial"] for line in lines if line["event"] == "end")
assert ends == {trial: 1 for trial in range(count)}, "not every trial ended once"
assert events["trial"] == count, events

def trials(name):
    study = json.load(open(f"{name}/study.json"))
    return [{k: t[k] for k in ("id", "state", "parameters", "value", "epochs")} for t in study["trials"]]

assert trials("study") == trials("alone"), "the results differ from those of the study left alone"
left = glob.glob("study/**/.emnist-*.tmp", recursive=True)
assert not left, left
print(f"{count} trials in {seconds} s, {kills} kills, {events['claim']} trials taken over: each ended once, "
      "all results as in the study left alone, nothing half-written is left")
CHECK
