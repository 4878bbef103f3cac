#!/usr/bin/env python3
"""What the README and the guide quote is what the program prints.

  quoted_output.py GEOREP ROOT            fails where a quoted output has changed
  quoted_output.py GEOREP ROOT --write    brings it up to date

A quoted output is a fenced block whose first line is `$ ./georep ...`.
"""
import pathlib
import re
import shlex
import subprocess
import sys

BLOCK = re.compile(r"```\n\$ \./georep ([^\n]*)\n(.*?)```", re.S)


def current(georep, root, text):
    def replaced(match):
        run = subprocess.run([georep, *shlex.split(match.group(1))], cwd=root, capture_output=True, text=True,
                             timeout=300)
        return f"```\n$ ./georep {match.group(1)}\n{run.stdout}{run.stderr}```"
    return BLOCK.sub(replaced, text)


def main():
    georep, root = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2])
    pages = [root / "README.md", *sorted((root / "docs").rglob("*.md"))]
    stale = 0
    blocks = 0
    for page in pages:
        text = page.read_text(encoding="utf-8")
        blocks += len(BLOCK.findall(text))
        fresh = current(georep, root, text)
        if fresh == text:
            continue
        if "--write" in sys.argv:
            page.write_text(fresh, encoding="utf-8")
        else:
            stale += 1
            print(f"{page.relative_to(root)} quotes an output that has changed: run {sys.argv[0]} GEOREP ROOT --write")
    print(f"{blocks} quoted outputs, {stale} pages that are not current")
    return 1 if stale or blocks == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
