#!/usr/bin/env python3
"""Defects put in on purpose, one at a time, each of which the named search, scenarios or tests must find.

  run.py SOURCE [NAME…]    applies each patch of this folder, or those named, to a copy of the source, builds it, and runs what its
                           head says that finds it. One that no longer applies, does not build or is not found is a failure.
"""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

here = pathlib.Path(__file__).resolve().parent
source = pathlib.Path(sys.argv[1]).resolve()
names = sys.argv[2:] or sorted(path.stem for path in here.glob("*.patch"))

TESTS = {"exploration": "tests/analysis/exploration/exploration_tests", "verdicts": "tests/analysis/verdicts/verdicts_tests",
         "kernel": "tests/sim/kernel/kernel_tests", "models": "tests/models/models_tests"}


def shell(*command, folder, limit=None):
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=limit)
    except subprocess.TimeoutExpired:
        return None, "no answer in time"
    return done.returncode, done.stdout + done.stderr


def finds(found_by, copy):
    """Whether the copy's own build shows the defect: a violated expectation, a race, a failed test."""
    if found_by.startswith("georep "):
        command = found_by.split()[1:]
        code, output = shell("build/sim/cli/georep", *command, folder=copy, limit=300)
        # An assertion that fails is the finest way to be found.
        return code is None or code in (1, 70) or code < 0, output
    tests = TESTS[found_by.rsplit(" ", 1)[1]]
    code, output = shell(copy / "build" / tests, folder=copy, limit=300)
    return code != 0, output


def target(found_by):
    return "sim/cli/georep" if found_by.startswith("georep ") else TESTS[found_by.rsplit(" ", 1)[1]]


def outcome(name, copy):
    patch = here / f"{name}.patch"
    found_by = re.search(r"^Found by: (.*)$", patch.read_text(), re.M).group(1)
    code, output = shell("patch", "-p1", "--forward", "--fuzz=0", "-i", patch, folder=copy)
    if code:
        shell("git", "checkout", "-q", ".", folder=copy)
        return "does not apply:\n" + output
    try:
        code, output = shell("ninja", "-C", "build", target(found_by), folder=copy)
        if code:
            return "does not build:\n" + output[-3000:]
        found, output = finds(found_by, copy)
        return "" if found else f"is not found by {found_by}:\n{output[-2000:]}"
    finally:
        shell("patch", "-p1", "-R", "-i", patch, folder=copy)


with tempfile.TemporaryDirectory() as folder:
    copy = pathlib.Path(folder) / "georep"
    shutil.copytree(source, copy, ignore=shutil.ignore_patterns("build*", ".git"))
    compiler = ("env", "CXX=" + ("ccache g++" if shutil.which("ccache") else "g++"))
    code, output = shell(*compiler, "meson", "setup", "build", "-Dtests=enabled", folder=copy)
    if code:
        sys.exit(output)
    failed = 0
    for name in names:
        problem = outcome(name, copy)
        failed += problem != ""
        print(f"FAIL {name} {problem}" if problem else f"ok {name}", flush=True)
print(f"{len(names) - failed} passed, {failed} failed")
sys.exit(failed > 0)
