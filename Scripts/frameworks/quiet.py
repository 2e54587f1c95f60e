"""Waiting for a machine that does nothing else."""

import time
from pathlib import Path


def wait_for_quiet(seconds):
    """Returns when the processors were nine tenths idle for a while, or after so many seconds."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        before = processor_times()
        time.sleep(0.5)
        total, idle = (now - then for now, then in zip(processor_times(), before))
        if idle >= 0.9 * total:
            return


def processor_times():
    """Jiffies since the start of the system: all, and idle ones."""
    fields = [int(field) for field in Path("/proc/stat").read_text().splitlines()[0].split()[1:9]]
    return sum(fields), fields[3]
