#!/bin/bash
# Runs a study of 12 trials through Slurm, a controller and one node on the loopback address, and
# compares it with the same study made by one process: with three jobs that have time enough, and with
# two whose time limit is shorter than the study, so that they save, queue themselves again and go on.
#
#     apt-get install slurm-wlm munge && swift build -c release && Scripts/check_slurm.sh
#
# Needs root, since munge and slurmd do.
set -euo pipefail
cd "$(dirname "$0")/.."
for program in slurmctld slurmd sbatch munged python3; do
  if ! command -v $program > /dev/null; then
    echo "$0: $program is not there; install it with 'apt-get install slurm-wlm munge'" >&2
    exit 69
  fi
done
export EMNIST=${EMNIST:-$PWD/.build/release/emnist}
work=$(mktemp -d)
host=$(hostname -s)

stop() {
  kill $(jobs -p) 2> /dev/null || true
  pkill -F "$work/slurmctld.pid" 2> /dev/null || true
  pkill -F "$work/slurmd.pid" 2> /dev/null || true
  rm -rf "$work"
}
trap stop EXIT

mkdir -p /run/munge "$work"/{state,spool}
chown munge /run/munge
[[ -e /etc/munge/munge.key ]] || /usr/sbin/mungekey
pgrep -x munged > /dev/null || runuser -u munge -- /usr/sbin/munged
cat > "$work/slurm.conf" << CONF
ClusterName=check
SlurmctldHost=$host(127.0.0.1)
AuthType=auth/munge
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
ReturnToService=2
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SlurmUser=root
SlurmctldPidFile=$work/slurmctld.pid
SlurmdPidFile=$work/slurmd.pid
SlurmctldLogFile=$work/slurmctld.log
SlurmdLogFile=$work/slurmd.log
StateSaveLocation=$work/state
JobRequeue=1
OverTimeLimit=1
SlurmdSpoolDir=$work/spool
NodeName=$host NodeAddr=127.0.0.1 CPUs=2 State=UNKNOWN
PartitionName=all Nodes=$host Default=YES State=UP
CONF
export SLURM_CONF=$work/slurm.conf
slurmctld -D -f "$SLURM_CONF" &> /dev/null &
slurmd -D -f "$SLURM_CONF" -N "$host" &> /dev/null &
for _ in {1..50}; do
  sinfo -h -o %T 2> /dev/null | grep -q idle && break
  sleep 0.2
done

cat > "$work/sweep.json" << 'SWEEP'
{"method": "bayes", "metric": {"name": "val_accuracy", "goal": "maximize"}, "run_cap": 12,
 "parameters": {
   "lr": {"distribution": "log_uniform_values", "min": 0.0003, "max": 0.03},
   "dropout": {"min": 0.0, "max": 0.5}},
 "early_terminate": {"type": "asha", "eta": 2},
 "emnist": {"dataset": "synthetic", "limit": 2000, "base": {"model": "mlp-small", "epochs": 4}}}
SWEEP
"$EMNIST" sweep "$work/sweep.json" --out "$work/alone" --quiet > /dev/null
sbatch --wait --quiet --array=0-2 --chdir="$work" --output="$work/%a.log" \
  "$PWD/Scripts/sweep.slurm" "$work/sweep.json" "$work/study" --quiet

# compare STUDY WAY: the trials of a study are those of one process.
compare() {
  python3 - "$work" "$@" << 'COMPARE'
import json, sys

work, name, way = sys.argv[1:]

def trials(name):
    study = json.load(open(f"{work}/{name}/study.json"))
    return [{k: t[k] for k in ("id", "state", "parameters", "value", "epochs")} for t in study["trials"]]

workers = {json.loads(line).get("worker") for line in open(f"{work}/{name}/journal.jsonl")}
alone, cluster = trials(name.replace("study", "alone")), trials(name)
assert len(cluster) == 12 and all(t["state"] in ("finished", "pruned") for t in cluster), cluster
assert alone == cluster, "the two studies differ"
print(f"12 trials by {len(workers - {None})} workers {way}, the same as by one process")
COMPARE
}
compare study "of three jobs under Slurm"

# A limit of a minute, and a study that takes longer than that. Slurm may tell a job up to a minute
# before it was asked to.
sed 's/"mlp-small", "epochs": 4/"lenet5", "epochs": 100/' "$work/sweep.json" \
  > "$work/long.json"
"$EMNIST" sweep "$work/long.json" --out "$work/alone-long" --quiet > /dev/null
sbatch --quiet --array=0-1 --time=1 --signal=B:USR1@30 --chdir="$work" --output="$work/long-%a.log" \
  "$PWD/Scripts/sweep.slurm" "$work/long.json" "$work/study-long" --quiet
for _ in {1..300}; do
  [ -n "$(squeue -h)" ] || break
  # A job that queued itself again begins after some minutes, if nobody hurries it.
  for job in $(squeue -h -t PENDING -r -o %i); do scontrol update JobId="$job" StartTime=now; done \
    2> /dev/null
  sleep 2
done
requeued=$(cat "$work"/long-*.log | grep -c "interrupted after" || true)
if ((requeued == 0)); then
  cat "$work"/long-*.log >&2
  echo "no job was ended before its limit" >&2
  exit 1
fi
compare study-long "of two jobs that were told to save $requeued times and queued themselves again"
