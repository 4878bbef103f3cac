#!/usr/bin/env python3
"""Real images replicated in order of date to an empty replica move the bytes that their layers come to, to the byte.

  image_history.py GEOREP HISTORY.csv

Shared layers cross once; where no layer is shared each version crosses whole.
"""
import csv
import json
import pathlib
import subprocess
import sys
import tempfile

SHARED = 66_115_244_209
UNSHARED = 202_816_626_801


def versions(path):
    """The layers of each version as (number, bytes)."""
    size = {}
    with open(path, encoding="utf-8") as file:
        for row in csv.DictReader(file):
            layers = []
            for word in row["layers"].split():
                number, _, count = word.partition("=")
                if count:
                    size[number] = int(count)
                layers.append((number, size[number]))
            yield layers


def scenario(history, shared):
    layers, images, timeline = {}, {}, []
    for n, version in enumerate(history):
        names = []
        for number, count in version:
            name = f"layer-{number}" if shared else f"layer-{n}-{number}"
            layers[name] = f"{count} B"
            names.append(name)
        images[f"image-{n}"] = names
        timeline.append({"at": f"{n} min", "push": f"image-{n}", "to": f"history:v{n}", "on": "dev"})
    return {"version": 1, "scenario": "Real images in order of date",
            "network": {"regions": {"a": {}, "b": {}}, "links": [{"between": ["a", "b"], "rtt": "10 ms", "bandwidth": "10 Gbps"}]},
            "registry": {"replicas": ["a", "b"], "manifest_size": "0 B", "config_size": "0 B"},
            "layers": layers, "images": images, "hosts": {"dev": {"region": "a"}}, "timeline": timeline,
            "expect": [{"measure": "link_bytes", "link": ["a", "b"], "statistic": "sum", "equals": f"{SHARED if shared else UNSHARED} B"},
                       {"eventually": "converged"}]}


def main():
    georep, history = sys.argv[1], list(versions(sys.argv[2]))
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        for shared in (True, False):
            file = pathlib.Path(folder) / "history.yaml"
            file.write_text(json.dumps(scenario(history, shared), indent=0), encoding="utf-8")
            run = subprocess.run([georep, "run", file, "-q"], capture_output=True, text=True)
            if run.returncode != 0:
                print("\n".join(run.stdout.splitlines()[-8:]) + run.stderr)
                failed += 1
    print(f"{2 - failed} passed, {failed} failed")
    return failed


if __name__ == "__main__":
    sys.exit(main())
