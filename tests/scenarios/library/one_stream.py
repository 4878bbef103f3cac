#!/usr/bin/env python3
"""One stream whose window was measured carries what one connection was measured to carry, within a tenth.

  one_stream.py GEOREP MEDIANS.csv
"""
import csv
import json
import pathlib
import subprocess
import sys
import tempfile

BYTES = 1_000_000_000
SCENARIO = """version: 1
scenario: One stream between two regions
network:
  local_rtt: 0 s
  stream_window: {window_bytes} B
  regions: {{a: {{}}, b: {{}}}}
  links: [{{between: [a, b], rtt: {median_rtt_ms} ms, bandwidth: 10 Gbps}}]
registry: {{replicas: [a, b], manifest_size: 0 B, config_size: 0 B, replication: {{streams: 1}}}}
images: {{one: [{bytes} B]}}
hosts: {{dev: {{region: a}}}}
timeline: [{{at: 0 s, push: one, to: "app:v1", on: dev}}]
expect: [{{measure: replication_lag, region: b, statistic: max, above: 0 s}}]
"""


def main():
    failed = 0
    with open(sys.argv[2], encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "stream.yaml"
        for row in rows:
            file.write_text(SCENARIO.format(bytes=BYTES, **row), encoding="utf-8")
            run = json.loads(subprocess.run([sys.argv[1], "run", file, "--json"], capture_output=True, text=True).stdout)
            lag = next(found["max"] for found in run["measures"] if found["name"] == "replication_lag")
            mbps, measured = BYTES * 8 / lag / 1e6, float(row["median_mbps"])
            if abs(mbps / measured - 1) > 0.1:
                failed += 1
                print(f"{row['cloud']} at {row['median_rtt_ms']} ms: {mbps:.1f} Mbps, measured {measured}")
    print(f"{len(rows) - failed} passed, {failed} failed")
    return failed


if __name__ == "__main__":
    sys.exit(main())
