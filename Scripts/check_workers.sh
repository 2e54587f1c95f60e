#!/bin/bash
# Works on one study with workers of two machines, which are told apart by their host names and whose
# clocks are hours apart, and compares it with the same study made by one process: first one of them is
# stopped for some seconds in a trial and continued, then one whose clock is a day ahead is killed, and
# the other waits two minutes for a sign of life before it takes the trial over.
#
#     apt-get install faketime && swift build -c release && Scripts/check_workers.sh [PROGRAM]
#
# Needs root, which gives a process a host name of its own. Takes three minutes.
set -euo pipefail
cd "$(dirname "$0")/.."
for program in faketime unshare python3; do
  command -v $program > /dev/null || { echo "$0: $program is not there" >&2; exit 69; }
done
program=$(realpath "${1:-.build/release/emnist}")
work=$(mktemp -d)
trap 'kill -KILL $(jobs -p) 2> /dev/null || true; rm -rf "$work"' EXIT
cat > "$work/sweep.json" << SWEEP
{"method": "bayes", "metric": {"name": "val_loss"}, "run_cap": 10,
 "parameters": {"lr": {"min": 0.001, "max": 0.01}, "dropout": {"min": 0.0, "max": 0.5}},
 "emnist": {"data": "$PWD/Data", "workers": 1, "threads": 1, "round": 2,
            "base": {"model": "lenet5", "epochs": 6}}}
SWEEP
cd "$work"

# worker HOST CLOCK STUDY: becomes a worker of another machine.
worker() {
  exec unshare --uts bash -c 'hostname "$0"; FAKETIME_DONT_FAKE_MONOTONIC=1 exec faketime -f "$@"' \
    "$1" "$2" "$program" sweep sweep.json --out "$3" --join --quiet > "$1.log" 2>&1
}

# pid HOST: of the worker's own process, which faketime starts.
pid() { pgrep -f "^$program sweep sweep.json .*" | while read -r p; do
  if [ "$(nsenter --uts --target "$p" hostname)" = "$1" ]; then echo "$p"; fi; done; }

# claimed HOST STUDY: the trials that a host has begun or taken over.
claimed() { grep -so "\"worker\":\"$1/" "$2/journal.jsonl" | wc -l; }

# compare STUDY WAY
compare() {
  python3 - "$@" << 'COMPARE'
import json, sys

def trials(name):
    study = json.load(open(f"{name}/study.json"))
    return [{k: t[k] for k in ("id", "state", "parameters", "value", "epochs")} for t in study["trials"]]

name, way = sys.argv[1:]
lines = [json.loads(line) for line in open(f"{name}/journal.jsonl")]
ends = [line["trial"] for line in lines if line["event"] == "end"]
assert sorted(ends) == list(range(10)), ends
hosts = {line["worker"].split("/")[0] for line in lines if "worker" in line}
assert trials(name) == trials("alone"), "the two studies differ"
print(f"ok  10 trials, each ended once, by {' and '.join(sorted(hosts))}: {way}; the same as alone")
COMPARE
}

"$program" sweep sweep.json --out alone --quiet > /dev/null

(worker behind -1h stopped) &
(worker ahead +1h stopped) &
until (($(claimed ahead stopped) > 0)); do sleep 0.1; done
sleep 0.3
process=$(pid ahead)
kill -STOP "$process"
sleep 8
kill -CONT "$process"
wait
compare stopped "clocks two hours apart, one stopped for 8 seconds and continued"

(worker here +0 killed) &
(worker tomorrow +1d killed) &
until (($(claimed tomorrow killed) > 0)); do sleep 0.1; done
sleep 0.3
kill -KILL "$(pid tomorrow)"
start=$SECONDS
wait
compare killed "a clock a day ahead, killed, taken over within $((SECONDS - start)) seconds"
