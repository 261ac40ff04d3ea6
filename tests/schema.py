#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""schema.py SCHEMA FILE... : are these .json and .jsonl reports what the schema says?

A second reader, stricter than the first: ASCII only, no key twice, no NaN, keys in the schema's
order, and in .jsonl one summary as the last line; a file of events, which begins with a line that
says so, may have more lines of that kind. Status 1 with a line for each failure, 77 when
python's jsonschema is not there.
"""

import json
import sys

try:
    from jsonschema import Draft202012Validator
except ImportError:
    print("skipped: python's jsonschema is not there")
    sys.exit(77)


def unique(pairs):
    keys = [key for key, _ in pairs]
    if len(set(keys)) != len(keys):
        raise ValueError(f"a key stands twice in {keys}")
    return dict(pairs)


def no_constant(word):
    raise ValueError(f"{word} is not JSON")


def parse(line):
    return json.loads(line, object_pairs_hook=unique, parse_constant=no_constant)


def resolve(root, schema):
    """What $ref points to; keys beside it (descriptions) do not matter here."""
    while "$ref" in schema:
        node = root
        for part in schema["$ref"].removeprefix("#/").split("/"):
            node = node[part]
        schema = node
    return schema


def misordered(root, schema, value, path="$"):
    """Paths of the objects whose keys are not in the order of "required"."""
    schema = resolve(root, schema)
    if isinstance(value, list):
        for i, item in enumerate(value):
            yield from misordered(root, schema.get("items", {}), item, f"{path}[{i}]")
    if not isinstance(value, dict):
        return
    required = schema.get("required", [])
    if [key for key in value if key in required] != required:
        yield path
    for key, item in value.items():
        below = schema.get("properties", {}).get(key, {})
        yield from misordered(root, below, item, f"{path}.{key}")


def faults_of(root, part, value):
    schema = dict(root) if part is None else {**root["$defs"][part], "$defs": root["$defs"]}
    schema.pop("$id", None)
    for error in Draft202012Validator(schema).iter_errors(value):
        yield f"{error.json_path}: {error.message[:200]}"
    for path in misordered(root, schema, value):
        yield f"{path}: keys are not in the order of the schema"


def records_of(path, text):
    """(name for messages, $defs entry or None, text) of each record of a file."""
    if not path.endswith(".jsonl"):
        yield path, None, text
        return
    lines = text.splitlines()
    events = bool(lines) and lines[0].startswith('{"type":"events",')
    for i, line in enumerate(lines, 1):
        part = "summary_line" if i == len(lines) else "connection_line"
        if events and line.startswith(('{"type":"events",', '{"type":"lost",')):
            part = line.split('"')[3] + "_line"
        yield f"{path}:{i}", part, line
    if not lines:
        yield path, "summary_line", ""


def check(root, path):
    with open(path, "rb") as file:
        data = file.read()
    if not data.isascii():
        return [f"{path}: not ASCII"]
    if not data.endswith(b"\n"):
        return [f"{path}: no end of line at its end"]
    failures = []
    for name, part, text in records_of(path, data.decode("ascii")):
        try:
            failures += [f"{name}: {fault}" for fault in faults_of(root, part, parse(text))]
        except ValueError as error:
            failures.append(f"{name}: {error}")
    return failures


def main(arguments):
    if len(arguments) < 2:
        print(__doc__, file=sys.stderr)
        return 2
    with open(arguments[0], encoding="ascii") as file:
        root = parse(file.read())
    Draft202012Validator.check_schema(root)
    failures = [line for path in arguments[1:] for line in check(root, path)]
    for line in failures:
        print(line)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
