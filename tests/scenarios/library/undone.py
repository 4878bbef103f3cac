#!/usr/bin/env python3
"""Each scenario of the library teaches one thing. Undo that thing, and its expectations must fail.

  undone.py GEOREP FOLDER

A scenario says in its first comment how it is undone, in the options of `georep run`:

  # Undone by: --set registry.manifest_cache=none

Fails where a scenario with that line still passes, is invalid when undone, or where one without the line is
not one of a racy and fixed pair, which differ from each other in just that way.
"""
import concurrent.futures
import os
import pathlib
import re
import shlex
import subprocess
import sys


def opening_comment(path):
    lines = []
    with open(path, encoding="utf-8") as file:
        for line in file:
            if not line.startswith("#"):
                break
            lines.append(line[1:].strip())
    return lines


def undoing(path):
    for line in opening_comment(path):
        match = re.fullmatch(r"Undone by: (.*)", line)
        if match:
            return shlex.split(match.group(1))
    return None


def judge(georep, path):
    comment = opening_comment(path)
    if not comment or not comment[0].startswith("What to look for:"):
        return f"{path}: its first comment does not say what to look for"
    if not any(line.startswith("Reported:") for line in comment):
        return f"{path}: its first comment does not say where this was reported"
    options = undoing(path)
    if options is None:
        other = re.sub(r"-(racy|fixed)\.yaml$",
                       lambda m: "-fixed.yaml" if m.group(1) == "racy" else "-racy.yaml", path)
        if other == path or not os.path.exists(other):
            return f"{path}: says neither how it is undone, nor is one of a racy and fixed pair"
        return None
    run = subprocess.run([georep, "run", path, "--json", *options], capture_output=True, text=True, timeout=300)
    if run.returncode != 1:
        return f"{path}: undone by {' '.join(options)} it ends with code {run.returncode}, not 1\n{run.stderr}"
    return None


def main():
    georep, folder = sys.argv[1:]
    paths = sorted(str(path) for path in pathlib.Path(folder).rglob("*.yaml"))
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        problems = [p for p in pool.map(lambda path: judge(georep, path), paths) if p]
    print("\n".join(problems))
    print(f"{len(paths) - len(problems)} passed, {len(problems)} failed")
    return 1 if problems or not paths else 0


if __name__ == "__main__":
    sys.exit(main())
