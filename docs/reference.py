#!/usr/bin/env python3
"""Writes docs/reference.md: every key of the scenario language, from the JSON Schema that georep prints.

  docs/reference.py GEOREP            writes the page
  docs/reference.py GEOREP --check    fails where the page is not what would be written
"""
import json
import pathlib
import subprocess
import sys

root = pathlib.Path(__file__).resolve().parent.parent
page = root / "docs" / "reference.md"
schema = json.loads(subprocess.run([sys.argv[1], "schema"], capture_output=True, text=True, check=True).stdout)

# What tells the pattern of one kind of quantity from the others.
QUANTITIES = {"USD": "price", "%$": "percentage", "bps": "bandwidth", "|ms|": "duration", "KiB": "size", "/ *(s|": "rate"}


# The laws that something drawn follows: they stand once, under a heading of their own.
LAWS = ("exponential", "uniform", "normal", "lognormal", "pareto", "weibull", "empirical")


def resolved(node):
    """Follows references; the description of the place wins over that of the kind."""
    while True:
        reference = node.get("$ref") or (node["allOf"][0].get("$ref") if len(node.get("allOf", [])) == 1 else None)
        if not reference:
            return node
        target = schema["definitions"][reference.rsplit("/", 1)[1]]
        node = {**target, **{key: node[key] for key in ("description",) if key in node}}


def is_map_of_names(node):
    return isinstance(node.get("additionalProperties"), dict)


def forms(node):
    """The forms that a value takes, each once."""
    node = resolved(node)
    return [form for inner in node["anyOf"] for form in forms(inner)] if "anyOf" in node else [node]


def kind(node):
    """A few words for what stands as the value."""
    node = resolved(node)
    if "anyOf" in node:
        laws = {law_of(form) for form in forms(node)}
        words = dict.fromkeys("[a law](#laws)" if "exponential" in laws and law_of(form) else kind(form) for form in forms(node))
        return " or ".join(words)
    if "const" in node:
        return f"`{node['const']}`"
    if "enum" in node:
        return " or ".join(f"`{word}`" for word in node["enum"])
    if node.get("type") == "array":
        return "list of " + kind(node["items"])
    if is_map_of_names(node):
        return "by name: " + kind(node["additionalProperties"])
    if "properties" in node:
        required = node.get("required", [])
        key = required[0] if required else next(iter(node["properties"]))
        return f"`{{{key}: …}}`"
    if "pattern" in node:
        return next((name for mark, name in QUANTITIES.items() if mark in node["pattern"]), "text")
    of = node.get("type")
    if of in ("integer", "number"):
        low, high = node.get("minimum"), node.get("maximum")
        bounds = f", at least {low:g}" if low is not None and low > -1e15 else ""
        bounds += f", at most {high:g}" if high is not None and high < 1e15 else ""
        return ("whole number" if of == "integer" else "number") + bounds
    if of == "boolean":
        return "`true` or `false`"
    return "text" if of else "any"


def law_of(form):
    """The law's name, for the form {law: …} of a value that may be drawn."""
    keys = list(form.get("properties", {}))
    return keys[0] if len(keys) == 1 and keys[0] in LAWS else None


def objects(node):
    """The maps with keys of their own in a value, and how its path goes on to them."""
    for form in forms(node):
        if form.get("type") == "array":
            yield from (("[]" + path, found) for path, found in objects(form["items"]))
        elif is_map_of_names(form):
            yield from ((".NAME" + path, found) for path, found in objects(form["additionalProperties"]))
        elif "properties" in form and not (law_of(form) and "(#laws)" in kind(node)):
            yield "", form


def naming_key(form, siblings):
    """The key by which one form of a value is told from the others."""
    common = shared_keys(siblings)
    own = [key for key in form.get("required", []) if key not in common] or [
        key for key in form["properties"] if key not in common]
    alike = [other for other in siblings if other is not form and own and own[0] in other["properties"]]
    more = [key for key in own[1:] if not any(key in other["properties"] for other in alike)]
    return "`, `".join(own[:1] + (more[:1] if alike else []))


def shared_keys(siblings):
    return set.intersection(*(set(form["properties"]) for form in siblings)) if len(siblings) > 1 else set()


def table(form, keys):
    lines = ["| key | value | |", "|---|---|---|"]
    for key in keys:
        value = form["properties"][key]
        says = resolved(value).get("description", "")
        if key in form.get("required", []) and "equired" not in says:
            says = (says + " Required.").strip()
        lines.append(f"| `{key}` | {kind(value)} | {says} |")
    return lines + [""]


class Page:
    """One section a map; what stands in several places comes once, at the end."""

    def __init__(self):
        self.places = {}  # text of a map -> paths
        self.visit("", schema)
        self.lines = []
        self.late = {}
        self.shown = set()

    def visit(self, path, form):
        for key, value in form["properties"].items():
            for tail, inner in objects(value):
                where = f"{path}.{key}{tail}" if path else f"{key}{tail}"
                paths = self.places.setdefault(json.dumps(inner, sort_keys=True), [])
                if where not in paths:
                    paths.append(where)
                    self.visit(where, inner)

    def section(self, path, form, title, keys):
        self.lines += [title, "", *table(form, keys)]
        for key in keys:
            self.values(f"{path}.{key}" if path else key, form["properties"][key])

    def values(self, path, value):
        found = list(objects(value))
        siblings = [inner for _, inner in found]
        common = shared_keys(siblings)
        if common and len({tail for tail, _ in found}) == 1:
            keys = [key for key in siblings[0]["properties"] if key in common]
            self.section(path + found[0][0], siblings[0], f"### `{path}{found[0][0]}`: in all of them", keys)
        for tail, inner in found:
            name = naming_key(inner, siblings) if len(found) > 1 else ""
            text = json.dumps(inner, sort_keys=True)
            if len({place.split(".", 1)[0] + place[-9:] for place in self.places[text]}) > 1:
                alone = next(iter(inner["properties"])) if len(inner["properties"]) == 1 else path.rsplit(".", 1)[-1]
                self.late.setdefault(text, (name or alone, inner))
                continue
            if (path + tail, text) in self.shown:
                continue
            self.shown.add((path + tail, text))
            level = "##" if "." not in path + tail and "[" not in path + tail else "###"
            title = f"{level} `{path}{tail}`" + (f": `{name}`" if name else "")
            self.section(path + tail, inner, title, [key for key in inner["properties"] if key not in common])

    def laws(self):
        """Of durations; sizes and counts take the same ones in their own units."""
        durations = resolved(schema["definitions"]["registry"]["properties"]["storage"])["properties"]["service_time"]
        self.lines += ["## Laws", "", "What a drawn value follows. Sizes and counts take the same in their own units.", "",
                       "| law | value |", "|---|---|"]
        for form in forms(durations):
            law = law_of(form)
            if law:
                value = resolved(form["properties"][law])
                keys = [f"`{key}` {kind(inner)}" for key, inner in value.get("properties", {}).items()]
                says = value.get("description", "")
                self.lines.append(f"| `{law}` | {'; '.join(keys) or kind(value)}{'. ' + says if says else ''} |")
        self.lines.append("")

    def text(self):
        self.section("", schema, "## The file", schema["properties"])
        self.laws()
        if self.late:
            self.lines += ["## In several places", ""]
        done = set()
        while len(done) < len(self.late):
            for text, (name, inner) in list(self.late.items()):
                if text not in done:
                    done.add(text)
                    self.section(name, inner, f"### `{{{name}: …}}`", inner["properties"])
        return self.lines


def written():
    lines = ["# Every key of a scenario", "",
             "Generated by `docs/reference.py` from `georep schema`, which editors read as well. The guide teaches the",
             "language; this page is for looking things up. A duration is `250 ms` or `1h30m`, a size `45 MB` or `30 MiB`, a",
             "bandwidth `1 Gbps` or `unlimited`, a rate `3 /min`, a percentage `0.01%`, a price `0.02 USD/GB`.", ""]
    return "\n".join(lines + Page().text()).rstrip() + "\n"


if sys.argv[2:] == ["--check"]:
    if not page.exists() or page.read_text(encoding="utf-8") != written():
        sys.exit("docs/reference.md is not current: run docs/reference.py")
    print("1 passed, 0 failed")
else:
    page.write_text(written(), encoding="utf-8")
