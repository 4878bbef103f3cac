"""Sweeps over three ranks of mpirun: they print what one process prints, one that stands still holds up no other's work, and what a kill
left undone is done when the sweep is called again."""
import contextlib
import os
import pathlib
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

program = sys.argv[1]
mpirun = ["mpirun", "--oversubscribe", "--allow-run-as-root", "-n", "3"]
# Open MPI is never freed wholly; leaks of georep itself are found by its other tests.
environment = dict(os.environ, ASAN_OPTIONS=os.environ.get("ASAN_OPTIONS", "") + ":detect_leaks=0")

PUSHES = """version: 1
scenario: Pushes at random
network:
  regions: {west: {}, east: {}}
  links: [{between: [west, east], rtt: 100 ms, bandwidth: 1 Gbps}]
hosts: {dev: {region: west}}
duration: 1 min
workloads:
  - {pushes: {repositories: 5, layers: {count: 3, changed: 1, size: {exponential: 20 MB}}}, on: dev, arrivals: {poisson: 20 /min}}
"""
PUSH = """version: 1
scenario: One push, and its copy begins after a random time
network:
  regions: {west: {}, east: {}}
  links: [{between: [west, east], rtt: 100 ms}]
registry: {replication: {start_delay: {exponential: 2 s}}}
images: {hello: [1 MB]}
hosts: {dev: {region: west}}
timeline: [{at: 0 s, push: hello, to: "app:v1", on: dev}]
"""
RUNS = 1000  # of each of three points
BATCH = 128  # the most runs that a rank asks for together
WRITTEN_TOGETHER = 256


def sweep(file, runs, *more):
    return [program, "sweep", file, "--vary", "registry.replication.streams=1,2,4", "--runs", str(runs), "--jobs", "1", *more]


def output(words):
    return subprocess.run(words, capture_output=True, check=True, env=environment).stdout


def check(held, complaint):
    if not held:
        sys.exit(complaint)


def stored(store):
    try:
        with contextlib.closing(sqlite3.connect(f"file:{store}?mode=ro", uri=True, timeout=60)) as database:
            return database.execute("SELECT count(*) FROM run").fetchone()[0]
    except sqlite3.OperationalError:
        return 0  # not made yet


def wait_for(store, runs, running):
    deadline = time.monotonic() + 240
    while stored(store) < runs and time.monotonic() < deadline and running.poll() is None:
        time.sleep(0.002)
    return stored(store) >= runs


def process_of(rank, running):
    """The process of a rank, by what mpirun tells it."""
    for folder in pathlib.Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            parent = (folder / "stat").read_text().rsplit(")", 1)[1].split()[1] if folder.name.isdigit() else ""
            if parent == str(running.pid) and f"OMPI_COMM_WORLD_RANK={rank}\0" in (folder / "environ").read_text():
                return int(folder.name)
    return None


def started(words):
    return subprocess.Popen(mpirun + words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment)


def same_output(file):
    for more in (["--json"], []):
        words = sweep(file, 7, *more)
        check(output(words) == output(mpirun + words), "three ranks print something else than one process")


def one_stands_still(words, store, expected):
    running = started(words + ["--store", store])
    check(wait_for(store, 1, running), "nothing is stored")
    still = process_of(2, running)
    os.kill(still, signal.SIGSTOP)
    # It may hold the runs that it makes and those that it makes next; the first rank may not have written its last ones.
    others = wait_for(store, 3 * RUNS - 2 * BATCH - WRITTEN_TOGETHER, running)
    os.kill(still, signal.SIGCONT)
    out = running.communicate()[0]
    check(others, "the others left runs to one that stands still")
    check(out == expected, "a sweep of which one rank stood still prints something else")


def killed(words, store, expected):
    running = started(words + ["--store", store])
    check(wait_for(store, 1, running), "nothing is stored")
    first = process_of(0, running)
    if first is not None:
        os.kill(first, signal.SIGKILL)
    running.communicate()
    before = stored(store)
    check(output(mpirun + words + ["--store", store]) == expected, "a sweep that was killed does not end as one that was not")
    check(stored(store) == 3 * RUNS, "runs are lost")
    return before


with tempfile.TemporaryDirectory() as folder:
    pushes, push = (os.path.join(folder, name) for name in ("pushes.yaml", "push.yaml"))
    pathlib.Path(pushes).write_text(PUSHES, encoding="utf-8")
    pathlib.Path(push).write_text(PUSH, encoding="utf-8")
    same_output(pushes)
    whole = sweep(push, RUNS, "--json")
    one = output(whole)
    if "--stand-still" in sys.argv:
        one_stands_still(whole, os.path.join(folder, "still.sqlite"), one)
    before = killed(whole, os.path.join(folder, "killed.sqlite"), one)
    print(f"the same {len(one)} bytes; {before} runs were stored before a kill")
