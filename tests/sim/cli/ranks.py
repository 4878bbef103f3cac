"""A sweep over three ranks of mpirun prints what one process prints, to the byte."""
import os
import subprocess
import sys
import tempfile

program = sys.argv[1]
scenario = """version: 1
scenario: Pushes at random
network:
  regions: {west: {}, east: {}}
  links: [{between: [west, east], rtt: 100 ms, bandwidth: 1 Gbps}]
hosts: {dev: {region: west}}
duration: 1 min
workloads:
  - {pushes: {repositories: 5, layers: {count: 3, changed: 1, size: {exponential: 20 MB}}}, on: dev, arrivals: {poisson: 20 /min}}
"""
with tempfile.TemporaryDirectory() as folder:
    file = os.path.join(folder, "pushes.yaml")
    with open(file, "w", encoding="utf-8") as stream:
        stream.write(scenario)
    words = [program, "sweep", file, "--vary", "registry.replication.streams=1,2,4", "--runs", "7", "--jobs", "1", "--json"]
    # Open MPI is never freed wholly; leaks of georep itself are found by its other tests.
    environment = dict(os.environ, ASAN_OPTIONS=os.environ.get("ASAN_OPTIONS", "") + ":detect_leaks=0")
    one = subprocess.run(words, capture_output=True, check=True).stdout
    ranks = ["mpirun", "--oversubscribe", "--allow-run-as-root", "-n", "3"]
    three = subprocess.run(ranks + words, capture_output=True, check=True, env=environment).stdout
    if one != three:
        sys.exit("three ranks print something else than one process")
    print("the same", len(one), "bytes")
