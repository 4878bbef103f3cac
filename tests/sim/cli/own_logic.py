#!/usr/bin/env python3
"""Installs the library into an empty folder, builds docs/examples/own-logic against it by pkg-config alone, and tests, runs and
breaks its scenarios.

  own_logic.py BUILD_FOLDER SOURCE_FOLDER
"""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

build, source = map(pathlib.Path, sys.argv[1:])


def run(*command, code=0, **options):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, **options)
    if done.returncode != code:
        sys.exit(f"{command} ends with code {done.returncode}, not {code}:\n{done.stdout}{done.stderr}")
    return done.stdout


with tempfile.TemporaryDirectory() as folder:
    root = pathlib.Path(folder)
    run("meson", "install", "-C", build, "--no-rebuild", env={**os.environ, "DESTDIR": str(root / "installed")})
    package = next((root / "installed").rglob("georep.pc"))
    prefix = next(line for line in package.read_text().splitlines() if line.startswith("prefix=")).removeprefix("prefix=")
    environment = {**os.environ, "PKG_CONFIG_PATH": str(package.parent), "PKG_CONFIG_SYSROOT_DIR": ""}
    package.write_text(package.read_text().replace(f"prefix={prefix}", f"prefix={root}/installed{prefix}", 1))

    example = root / "own-logic"
    shutil.copytree(source / "docs" / "examples" / "own-logic", example)
    run("meson", "setup", example / "build", example, env=environment)
    run("ninja", "-C", example / "build")
    program = example / "build" / "own-logic"
    assert "2 passed, 0 failed" in run(program, "test", example)
    for file, policy in (("evict-on-arrival.yaml", "manifest_cache"), ("latest-first.yaml", "replication")):
        run(program, "run", example / file)
        run(program, "run", example / file, "--set", f"registry.{policy}.policy=standard", code=1)
        unknown = subprocess.run([program, "check", example / file, "--set", f"registry.{policy}.policy=latest"],
                                 capture_output=True, text=True)
        assert unknown.returncode == 3 and "policy 'latest'" in unknown.stderr, unknown.stderr
print("1 passed, 0 failed")
