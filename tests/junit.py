#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""junit.py FILE... : is each report what the schemas of JUnit's XML ask for?

There are two that others check with, and a report has to be valid in both: JUnit.xsd of Ant's
JUnitReport (github.com/windyroad/JUnit-Schema), which is stricter in almost all, and junit-10.xsd
of Jenkins's xUnit plug-in (github.com/jenkinsci/xunit-plugin). Written from the two schemas: which
element holds which, in what order, and the types of the attributes. Counts are compared with what
is there. Status 1 with a line for each failure.
"""

import re
import sys
import xml.etree.ElementTree as ElementTree

TOKEN = re.compile(r"\S(.*\S)?\Z")  # xs:token without a double blank, and not empty
INT = re.compile(r"\d{1,9}\Z")
DECIMAL = re.compile(r"\d+(\.\d+)?\Z")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\Z")
ANY = re.compile(r".*\Z", re.DOTALL)

# element: (attributes, which are all required; children in their order, "*" for any number)
SHAPE = {
    "testsuites": ({}, "testsuite*"),
    "testsuite": (
        {
            "name": TOKEN,
            "package": TOKEN,
            "id": INT,
            "hostname": TOKEN,
            "timestamp": TIME,
            "time": DECIMAL,
            "tests": INT,
            "failures": INT,
            "errors": INT,
            "skipped": INT,
        },
        "properties testcase* system-out system-err",
    ),
    "properties": ({}, "property*"),
    "property": ({"name": TOKEN, "value": ANY}, ""),
    "testcase": ({"name": TOKEN, "classname": TOKEN, "time": DECIMAL}, "(skipped|error|failure)?"),
    "skipped": ({}, ""),
    "error": ({"message": ANY, "type": ANY}, ""),
    "failure": ({"message": ANY, "type": ANY}, ""),
    "system-out": ({}, ""),
    "system-err": ({}, ""),
}
WITH_TEXT = {"failure", "error", "system-out", "system-err"}


def pattern_of(children):
    words = [re.sub(r"([a-z-]+)", r"(?:\1 )", word) for word in children.split()]
    return re.compile("".join(words) + r"\Z")


def faults_of(element):
    if element.tag not in SHAPE:
        yield f"<{element.tag}> is no element of the schema"
        return
    attributes, children = SHAPE[element.tag]
    if set(element.attrib) != set(attributes):
        yield f"<{element.tag}> has the attributes {sorted(element.attrib)}"
    for name, value in element.attrib.items():
        if name in attributes and not attributes[name].match(value):
            yield f"<{element.tag} {name}> is {value!r:.60}"
    tags = "".join(child.tag + " " for child in element)
    if not pattern_of(children).match(tags):
        yield f"<{element.tag}> holds {tags[:80]!r}"
    if element.tag not in WITH_TEXT and (element.text or "").strip():
        yield f"<{element.tag}> holds text"
    for child in element:
        yield from faults_of(child)
        if (child.tail or "").strip():
            yield f"text stands after <{child.tag}>"


def count_faults(suite):
    counts = {
        "tests": len(suite.findall("testcase")),
        "failures": len(suite.findall("testcase/failure")),
        "errors": len(suite.findall("testcase/error")),
        "skipped": len(suite.findall("testcase/skipped")),
    }
    for name, count in counts.items():
        if suite.get(name) != str(count):
            yield f"{name} is {suite.get(name)}, there are {count}"
    names = [case.get("name") for case in suite.findall("testcase")]
    if len(set(names)) != len(names):
        yield "two test cases have one name"


def check(path):
    with open(path, "rb") as file:
        data = file.read()
    if not data.isascii():
        yield f"{path}: not ASCII"
        return
    try:
        root = ElementTree.fromstring(data)
    except ElementTree.ParseError as error:
        yield f"{path}: {error}"
        return
    if root.tag != "testsuites":
        yield f"{path}: begins with <{root.tag}>"
    for fault in faults_of(root):
        yield f"{path}: {fault}"
    for suite in root.findall("testsuite"):
        for fault in count_faults(suite):
            yield f"{path}: {fault}"


def main(arguments):
    if not arguments:
        print(__doc__, file=sys.stderr)
        return 2
    failures = [line for path in arguments for line in check(path)]
    for line in failures[:20]:
        print(line)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
