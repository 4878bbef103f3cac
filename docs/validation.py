#!/usr/bin/env python3
"""Writes docs/validation.md: what scenarios with known answers come to, beside those answers.

  docs/validation.py GEOREP            writes the page
  docs/validation.py GEOREP --check    fails where a figure is outside its interval, or the page is not what would be written

Each file of tests/validation says in its first comment which figures of tests/data/analytic-cases.json it has to reach:

  # Known: CASE KEY = MEASURE LABELS STATISTIC [/ NUMBER] [within SHARE]
  # Known: CASE KEY = slowest MEASURE STATISTIC              of the largest value of each tag
  # Known: CASE KEY = wait from NAME to NAME STATISTIC       from the beginning of an operation to the end of another
  # Runs: NUMBER                                             each under a seed of its own
"""
import concurrent.futures
import json
import math
import os
import pathlib
import re
import statistics
import subprocess
import sys
import zlib

root = pathlib.Path(__file__).resolve().parent.parent
page = root / "docs" / "validation.md"
CONFIDENCE = 0.999
normal = statistics.NormalDist()


def student_cdf(t, freedom):
    """By Simpson's rule on the density, which is smooth."""
    scale = math.exp(math.lgamma((freedom + 1) / 2) - math.lgamma(freedom / 2)) / math.sqrt(freedom * math.pi)
    steps = 2000
    width = abs(t) / steps
    def density(x):
        return scale * (1 + x * x / freedom) ** (-(freedom + 1) / 2)
    area = density(0) + density(abs(t))
    area += sum(density(i * width) * (4 if i % 2 else 2) for i in range(1, steps))
    return 0.5 + math.copysign(area * width / 3, t)


def student_quantile(probability, freedom):
    low, high = 0.0, 700.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if student_cdf(middle, freedom) < probability else (low, middle)
    return low


def statistic_of(values, name):
    values = sorted(values)
    if name == "mean":
        return statistics.fmean(values)
    if name == "variance":
        return statistics.variance(values)
    return values[max(0, math.ceil(float(name[1:]) / 100 * len(values)) - 1)]  # nearest rank


def row(run, measure, labels):
    """The row of exactly these labels, or what all rows that have them come to together."""
    rows = [found for found in run["measures"]
            if found["name"] == measure and labels.items() <= found["labels"].items()]
    exact = [found for found in rows if found["labels"] == labels]
    if exact or len(rows) == 1:
        return (exact or rows)[0]
    count, total = sum(found["count"] for found in rows), math.fsum(found["sum"] for found in rows)
    return {"count": count, "sum": total, "mean": total / count if count else math.nan}


def labels_of(text):
    return dict(pair.split("=", 1) for pair in text.split(",")) if text else {}


def slowest(run, measure, statistic):
    largest = {}
    for found in run["measures"]:
        if found["name"] == measure and "of" in found["labels"]:
            tag = found["labels"]["of"]
            largest[tag] = max(largest.get(tag, 0.0), found["max"])
    return statistic_of(list(largest.values()), statistic)


def waits(run, first, then, statistic):
    named = {operation["name"]: operation for operation in run["operations"]}
    values = []
    for name, operation in named.items():
        number = re.fullmatch(re.escape(first) + r"-(\d+)", name)
        if number:
            end = named[f"{then}-{number[1]}"]
            values.append(end["at_s"] + end["duration_s"] - operation["at_s"])
    return statistic_of(values, statistic)


def figure(run, text):
    words = text.split()
    if words[0] == "slowest":
        return slowest(run, words[1], words[2])
    if words[0] == "wait":
        return waits(run, words[2], words[4], words[5])
    divisor = float(words[words.index("/") + 1]) if "/" in words else 1.0
    labels = labels_of(words[1]) if "=" in words[1] else {}
    return row(run, words[0], labels)[words[2 if labels else 1]] / divisor


class Checked:
    """One known answer and what a number of runs made of it."""

    def __init__(self, file, case, key, text, expected):
        self.file, self.case, self.key, self.expected = file, case, key, expected
        self.text, _, share = text.partition(" within ")
        self.within = float(share.rstrip("%")) / 100 if share else None
        self.values = []

    def settle(self):
        self.mean = statistics.fmean(self.values)
        self.z = None
        if self.within is not None:
            half = self.within * self.expected
            self.low, self.high = self.expected - half, self.expected + half
            self.agrees = self.low <= self.mean <= self.high
            return
        freedom = len(self.values) - 1
        error = statistics.stdev(self.values) / math.sqrt(len(self.values))
        if error == 0:
            sys.exit(f"{self.file.name}: {self.case} {self.key} is {self.mean} in every run")
        half = student_quantile(0.5 + CONFIDENCE / 2, freedom) * error
        self.low, self.high = self.mean - half, self.mean + half
        self.agrees = self.low <= self.expected <= self.high
        self.z = normal.inv_cdf(student_cdf((self.mean - self.expected) / error, freedom))


def run_file(georep, path):
    text = path.read_text(encoding="utf-8")
    first_seed = zlib.crc32(path.stem.encode())  # a file's own, so that another file changes none of its runs
    cases = {case["id"]: case for case in
             json.loads((root / "tests/data/analytic-cases.json").read_text(encoding="utf-8"))["cases"]}
    checks = [Checked(path, case, key, what, cases[case]["expected"][key]) for case, key, what in
              re.findall(r"^# Known: (\S+) (\S+) = (.*)$", text, re.M)]
    runs = int(re.search(r"^# Runs: (\d+)$", text, re.M)[1])
    for seed in range(first_seed, first_seed + runs):
        done = subprocess.run([georep, "run", path, "--json", "--seed", str(seed)], capture_output=True, text=True)
        if not done.stdout:
            sys.exit(f"{path}: {done.stderr}")
        run = json.loads(done.stdout)
        for check in checks:
            check.values.append(figure(run, check.text))
    for check in checks:
        check.settle()
    return checks


def plan_file(georep, path):
    """What a plan finds, beside the answer that its file's comment names: # Plan: CASE KEY = value [/ NUMBER] OPTIONS."""
    text = path.read_text(encoding="utf-8")
    found = re.search(r"^# Plan: (\S+) (\S+) = value(?: / (\S+))? (--.*)$", text, re.M)
    if not found:
        return None
    case, key, divisor, options = found[1], found[2], float(found[3] or 1), found[4].split()
    cases = json.loads((root / "tests/data/analytic-cases.json").read_text(encoding="utf-8"))["cases"]
    expected = next(each["expected"][key] for each in cases if each["id"] == case)
    done = subprocess.run([georep, "plan", path, *options, "--jobs", "1", "--json"], capture_output=True, text=True)
    if not done.stdout:
        sys.exit(f"{path}: {done.stderr}")
    plan = json.loads(done.stdout)
    low, high = (end / divisor for end in plan["interval"])
    return {"path": path, "case": case, "key": key, "expected": expected, "value": plan["value"] / divisor, "low": low, "high": high,
            "predicted": plan["predicted"] / divisor, "agrees": low <= expected <= high,
            "predicts": abs(plan["predicted"] / divisor / expected - 1) < 1e-5}


def shown(value):
    return f"{value:.5g}" if abs(value) < 1e5 else f"{value:.0f}"


def title_of(path):
    return re.search(r"^scenario: *(.*)$", path.read_text(encoding="utf-8"), re.M)[1]


def kolmogorov(scores):
    """The largest distance of the scores' distribution from the normal one, and the chance of one as large."""
    scores = sorted(scores)
    count = len(scores)
    distance = max(max((i + 1) / count - normal.cdf(z), normal.cdf(z) - i / count) for i, z in enumerate(scores))
    x = distance * (math.sqrt(count) + 0.12 + 0.11 / math.sqrt(count))
    chance = 2 * sum((-1) ** (k - 1) * math.exp(-2 * k * k * x * x) for k in range(1, 101))
    return distance, min(1.0, max(0.0, chance))


def mutants():
    lines = ["## Defects put in on purpose", "",
             "Each patch of [tests/mutants](../tests/mutants) is one defect of a model or of the search. `./check --all` applies it to a copy, builds",
             "that, and runs what has to find it; a patch that no longer applies is a failure as well.", "",
             "| patch | the defect | found by |", "|---|---|---|"]
    for path in sorted((root / "tests" / "mutants").glob("*.patch")):
        head = dict(line.split(": ", 1) for line in path.read_text(encoding="utf-8").split("\n\n")[0].splitlines())
        found = head["Found by"]
        lines.append(f"| {path.stem} | {head['What']} | {f'`{found}`' if found.startswith('georep') else found} |")
    return lines + [""]


def planned(plans):
    lines = ["## Plans", "",
             "`georep plan` asks for the value at which a promise is just kept; of these the answer is known. It has to lie in the plan's own 95 % interval,",
             "and what the plan says of theory has to be the answer.", "",
             "| case | figure | expected | theory | plan | interval | file |", "|---|---|---|---|---|---|---|"]
    for plan in plans:
        name = plan["path"].name
        lines.append(f"| {plan['case']} | {plan['key']} | {shown(plan['expected'])} | {shown(plan['predicted'])} | {shown(plan['value'])} |"
                     f" {shown(plan['low'])} … {shown(plan['high'])} | [{name}](../tests/validation/plans/{name}) |")
    return lines + [""]


def written(results, plans):
    lines = ["# What is known, and what georep makes of it", "",
             "Generated by `docs/validation.py` from its runs of the files in [tests/validation](../tests/validation). Each of them is a scenario whose",
             "answer is known in closed form ([analytic-cases.json](../tests/data/analytic-cases.json) has formula and source of each); it runs under several seeds,",
             "and the known answer has to lie in the 99.9 % interval that the runs give. Where chance plays next to no part the figure has to lie within",
             "a stated share of the answer instead. `analysis/theory` computes all 52 cases with a closed form or a linear system to nine digits.", ""]
    scores = []
    for path, checks in results:
        lines += [f"## {title_of(path)}", "",
                  f"[{path.name}](../tests/validation/{path.name}), "
                  + ("one run" if len(checks[0].values) == 1 else f"{len(checks[0].values)} runs"), "",
                  "| case | figure | expected | simulated | interval | z |", "|---|---|---|---|---|---|"]
        for check in checks:
            score = "" if check.z is None else f"{check.z:+.2f}"
            kind = f"{shown(check.low)} … {shown(check.high)}"
            lines.append(f"| {check.case} | {check.key} | {shown(check.expected)} | {shown(check.mean)} | {kind} | {score} |")
            if check.z is not None:
                scores.append(check.z)
        lines.append("")
    distance, chance = kolmogorov(scores)
    lines += ["## All of them together", "",
              "A bias that each wide interval hides would show in all scores together: they should look like draws of the standard normal law, though",
              "figures of one file are not independent of one another.", "",
              f"{len(scores)} scores: mean {statistics.fmean(scores):+.2f}, standard deviation {statistics.stdev(scores):.2f}, largest"
              f" {max(map(abs, scores)):.2f}; Kolmogorov–Smirnov distance from the normal law {distance:.3f} (p = {chance:.2f}).", ""]
    lines += planned(plans)
    lines += mutants()
    return "\n".join(lines), chance


def main():
    georep = pathlib.Path(sys.argv[1]).resolve()
    files = sorted((root / "tests" / "validation").glob("*.yaml"))
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        # Seeds of their own, so that no two files share their chance.
        results = list(zip(files, pool.map(run_file, [georep] * len(files), files)))
        plan_files = sorted((root / "tests" / "validation" / "plans").glob("*.yaml"))
        plans = [plan for plan in pool.map(plan_file, [georep] * len(plan_files), plan_files) if plan]
    text, chance = written(results, plans)
    wrong = [check for _, checks in results for check in checks if not check.agrees]
    for check in wrong:
        print(f"{check.file.name}: {check.case} {check.key} is {check.expected}, the runs say {check.low} … {check.high}")
    unmet = [plan for plan in plans if not (plan["agrees"] and plan["predicts"])]
    for plan in unmet:
        print(f"{plan['path'].name}: {plan['case']} {plan['key']} is {plan['expected']}, the plan says {plan['low']} … {plan['high']},"
              f" theory {plan['predicted']}")
    if chance < 0.001:
        print(f"the scores together do not look normal: p = {chance}")
    if sys.argv[2:] != ["--check"]:
        page.write_text(text, encoding="utf-8")
    elif not page.exists() or page.read_text(encoding="utf-8") != text:
        sys.exit("docs/validation.md is not current: run docs/validation.py GEOREP")
    if wrong or unmet or chance < 0.001:
        sys.exit(1)
    print(f"{sum(len(checks) for _, checks in results)} figures and {len(plans)} plans agree")


if __name__ == "__main__":
    main()
