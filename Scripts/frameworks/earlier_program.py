"""Another build of emnist to compare with: a program, or a commit that is built first."""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


@contextlib.contextmanager
def earlier_program(which, build_directory):
    """Gives the path of a program and what it is called; `which` is a path or names a commit.

    A commit is built as the README says, in a work tree outside of this one: in `build_directory`,
    where it stays for the next time, or else in a temporary one.
    """
    if os.path.isfile(which) and os.access(which, os.X_OK):
        yield Path(which).resolve(), f"emnist at {Path(which).name}"
        return
    commit = git("rev-parse", "--verify", "--quiet", f"{which}^{{commit}}")
    if not commit:
        sys.exit(f"--against {which}: is neither a program nor a commit of {ROOT}")
    with contextlib.ExitStack() as stack:
        if build_directory is None:
            build_directory = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            stack.callback(remove_tree, tree_of(commit, build_directory))
        yield built(commit, build_directory), f"emnist at {commit[:7]}"


def built(commit, build_directory):
    """The program of a commit, built now or before."""
    tree = tree_of(commit, build_directory)
    program = tree / ".build/release/emnist"
    if (tree / ".built").exists() and program.exists():
        return program
    if not tree.exists():
        build_directory.mkdir(parents=True, exist_ok=True)
        git("worktree", "prune")
        subprocess.run(["git", "worktree", "add", "--quiet", "--detach", tree, commit],
                       cwd=ROOT, check=True)  # fmt: skip
    print(f"building {commit[:7]} in {tree}", file=sys.stderr)
    build = ["swift", "build", "-c", "release", "--static-swift-stdlib", "--product", "emnist"]
    result = subprocess.run(build, cwd=tree, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if result.returncode != 0:
        sys.exit(f"{tree}: does not build:\n{result.stdout.decode(errors='replace')[-2000:]}")
    (tree / ".built").touch()
    return program


def tree_of(commit, build_directory):
    return build_directory.resolve() / f"emnist-{commit[:12]}"


def remove_tree(tree):
    shutil.rmtree(tree, ignore_errors=True)
    git("worktree", "prune")


def git(*words):
    """What git says, or nothing if it fails."""
    answer = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True)
    return answer.stdout.strip() if answer.returncode == 0 else ""
