#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""events.py ecs|ocsf FILE... : is each line what the schema of others asks for?

A second reader, written from the published schemas and not from the code: a field that is not in
the table, or of another type than the table says, is a failure, and so is one that is required and
absent, a word that is not allowed, null anywhere but in an array of ours. Status 1 with a line for
each failure.

ECS: field reference 8.11 (elastic.co/docs/reference/ecs), "Base", "ECS", "Event", "Network",
"Source", "Destination", "Client", "Server", "Observer", "Related"; allowed values: "ECS
categorization fields", where the types of category "network" are listed. Its repository is
github.com/elastic/ecs, generated/csv/fields.csv.

OCSF: schema 1.4.0 (schema.ocsf.io/1.4.0/classes/ssh_activity) and the objects it refers to. Its
repository is github.com/ocsf/ocsf-schema, events/network/ssh_activity.json.
"""

import ipaddress
import json
import re
import sys

COMMUNITY_ID = re.compile(r"1:[A-Za-z0-9+/]{27}=\Z")
DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z\Z")


def is_integer(value):
    return isinstance(value, int) and not isinstance(value, bool)


def is_long(value):
    """Beyond 2^53 as a string, which both stores take for a long."""
    return is_integer(value) or (isinstance(value, str) and value.isdigit() and int(value) > 2**53)


def is_ip(value):
    try:
        return isinstance(value, str) and bool(ipaddress.ip_address(value))
    except ValueError:
        return False


def is_word(value):
    return isinstance(value, str) and value != ""


def is_keyword(value):
    """What is longer than ignore_above is not indexed."""
    return is_word(value) and len(value) <= 1024


def is_date(value):
    return isinstance(value, str) and DATE.match(value) is not None


def is_community_id(value):
    return isinstance(value, str) and COMMUNITY_ID.match(value) is not None


def is_port(value):
    return is_integer(value) and 0 <= value <= 65535


def one_of(*words):
    return lambda value: value in words and not isinstance(value, bool)


def array_of(check):
    return lambda value: isinstance(value, list) and value != [] and all(map(check, value))


def side(name):
    return {
        f"{name}.address": is_keyword,
        f"{name}.ip": is_ip,
        f"{name}.port": is_port,
        f"{name}.bytes": is_long,
        f"{name}.packets": is_long,
    }


ECS = {
    "@timestamp": is_date,
    "message": is_word,
    "ecs.version": lambda value: isinstance(value, str) and re.match(r"8\.\d+\.\d+\Z", value),
    "event.kind": one_of("alert", "asset", "enrichment", "event", "metric", "state", "signal"),
    "event.category": array_of(one_of("network")),
    "event.type": array_of(
        one_of("access", "allowed", "connection", "denied", "end", "info", "protocol", "start")
    ),
    "event.action": is_keyword,
    "event.outcome": one_of("failure", "success", "unknown"),
    "event.code": is_keyword,
    "event.reason": is_keyword,
    "event.module": is_keyword,
    "event.dataset": is_keyword,
    "event.start": is_date,
    "event.end": is_date,
    "event.duration": is_long,
    "network.transport": one_of("tcp"),
    "network.iana_number": one_of("6"),
    "network.type": one_of("ipv4", "ipv6"),
    "network.protocol": one_of("ssh"),
    "network.community_id": is_community_id,
    "network.bytes": is_long,
    "network.packets": is_long,
    "network.vlan.id": is_keyword,
    "network.inner.vlan.id": is_keyword,
    **side("source"),
    **side("destination"),
    **side("client"),
    **side("server"),
    "related.ip": array_of(is_ip),
    "observer.product": is_keyword,
    "observer.version": is_keyword,
}
ECS_OPTIONAL = {"network.protocol", "network.vlan.id", "network.inner.vlan.id"}


def hassh(name):
    return {
        f"{name}.fingerprint.algorithm_id": one_of(1),
        f"{name}.fingerprint.algorithm": one_of("MD5"),
        f"{name}.fingerprint.value": lambda value: bool(re.match(r"[0-9a-f]{32}\Z", value)),
    }


OCSF = {
    "activity_id": one_of(0, 1, 2, 3, 4, 5, 6, 99),
    "activity_name": one_of("Open", "Close", "Reset", "Fail", "Refuse", "Traffic"),
    "category_uid": one_of(4),
    "category_name": one_of("Network Activity"),
    "class_uid": one_of(4007),
    "class_name": one_of("SSH Activity"),
    "type_uid": is_integer,
    "type_name": is_word,
    "time": is_integer,
    "start_time": is_integer,
    "end_time": is_integer,
    "duration": is_integer,
    "severity_id": one_of(0, 1, 2, 3, 4, 5, 6, 99),
    "severity": one_of("Informational", "Low"),
    "status_id": one_of(0, 1, 2, 99),
    "status": one_of("Unknown", "Success", "Failure"),
    "status_code": is_word,
    "status_detail": is_word,
    "message": is_word,
    "metadata.version": one_of("1.4.0"),
    "metadata.product.name": is_word,
    "metadata.product.vendor_name": is_word,
    "metadata.product.version": is_word,
    "src_endpoint.ip": is_ip,
    "src_endpoint.port": is_port,
    "dst_endpoint.ip": is_ip,
    "dst_endpoint.port": is_port,
    "dst_endpoint.svc_name": one_of("ssh"),
    "connection_info.direction_id": one_of(0, 1, 2, 3, 99),
    "connection_info.direction": is_word,
    "connection_info.protocol_name": one_of("tcp"),
    "connection_info.protocol_num": one_of(6),
    "connection_info.protocol_ver_id": one_of(4, 6),
    "connection_info.community_uid": is_community_id,
    "traffic.bytes": is_long,
    "traffic.bytes_in": is_long,
    "traffic.bytes_out": is_long,
    "traffic.packets": is_long,
    "traffic.packets_in": is_long,
    "traffic.packets_out": is_long,
    **hassh("client_hassh"),
    **hassh("server_hassh"),
    "protocol_ver": is_word,
}
OCSF_OPTIONAL = {key for key in OCSF if "hassh" in key} | {"dst_endpoint.svc_name", "protocol_ver"}
ACTIVITIES = {99: "Other", 1: "Open", 2: "Close", 3: "Reset", 4: "Fail", 5: "Refuse", 6: "Traffic"}
SEVERITIES = {1: "Informational", 2: "Low", 3: "Medium"}
STATUSES = {0: "Unknown", 1: "Success", 2: "Failure"}

# Of an input that is damaged: "Error", "File" of ECS; class base_event of OCSF.
ECS_INPUT = {
    **{key: ECS[key] for key in ("@timestamp", "message", "ecs.version", "event.action",
                                 "event.module", "observer.product", "observer.version")},
    "event.kind": one_of("pipeline_error"),
    "event.outcome": one_of("failure"),
    "event.dataset": one_of("rstscope.input"),
    "error.message": is_word,
    "file.path": is_keyword,
}
OCSF_INPUT = {
    **{key: OCSF[key] for key in ("time", "severity_id", "status_id", "status", "status_detail",
                                  "message", "metadata.version", "metadata.product.name",
                                  "metadata.product.vendor_name", "metadata.product.version")},
    "activity_id": one_of(0, 99),
    "activity_name": one_of("Unknown", "Other"),
    "category_uid": one_of(0),
    "category_name": one_of("Uncategorized"),
    "class_uid": one_of(0),
    "class_name": one_of("Base Event"),
    "type_uid": one_of(0, 99),
    "type_name": is_word,
    "severity": one_of("Medium"),
}


def leaves(value, path=""):
    """(path, value) of all that is no object."""
    if not isinstance(value, dict):
        yield path, value
        return
    if not value:
        yield path, value
    for key, item in value.items():
        yield from leaves(item, f"{path}.{key}" if path else key)


def ecs_rules(document):
    """What spans fields."""
    event, network = document["event"], document["network"]
    if network["bytes"] != document["source"]["bytes"] + document["destination"]["bytes"]:
        yield "network.bytes is not the sum of both sides"
    if document["source"] != document["client"] or document["destination"] != document["server"]:
        yield "source and client, destination and server are not the same"
    if (ipaddress.ip_address(document["source"]["ip"]).version == 6) != (network["type"] == "ipv6"):
        yield "network.type is not that of the addresses"
    if event["start"] > event["end"] and event["duration"] != 0:
        yield "event.end is before event.start"


def ocsf_rules(event):
    activity = event["activity_id"]
    if event["type_uid"] != event["class_uid"] * 100 + activity:
        yield "type_uid is not class_uid * 100 + activity_id"
    if event["class_uid"] // 1000 != event["category_uid"]:
        yield "the class is of another category"
    if event["activity_name"] != ACTIVITIES.get(activity):
        yield "activity_name is not the caption of activity_id"
    if event["type_name"] != f"{event['class_name']}: {event['activity_name']}":
        yield "type_name is not the class and the activity"
    if event["severity"] != SEVERITIES.get(event["severity_id"]):
        yield "severity is not the caption of severity_id"
    if event["status"] != STATUSES.get(event["status_id"]):
        yield "status is not the caption of status_id"


OURS = {
    "schema": one_of("rstscope.report/1"),
    "id": is_long,
    "who": one_of("client", "server", "middlebox", "network", "none", "unknown"),
    "cause": is_word,
    "family": is_word,
    "confidence": lambda value: isinstance(value, float) and 0 <= value <= 1,
    "sure": one_of("certain", "likely", "possible", "unexplained"),
    "ending": one_of("reset", "closed", "refused", "rejected", "unanswered", "silent", "open"),
    "idle_before_end_s": lambda value: isinstance(value, float) and value >= 0,
}
OURS_OPTIONAL = {"idle_before_end_s"}
OURS_INPUT = {"schema": OURS["schema"], "file": is_word, "damaged": is_word, "packets": is_long}


def ours_rules(ours):
    for key, check in (OURS_INPUT if "damaged" in ours else OURS).items():
        if key not in ours:
            if key not in OURS_OPTIONAL:
                yield f"rstscope.{key} is absent"
        elif not check(ours[key]):
            yield f"rstscope.{key} is {ours[key]!r:.60}"
    for key, value in ours.items():
        if value is None or isinstance(value, dict):
            yield f"rstscope.{key} is no word, number or list"


def take_ours(schema, record):
    holder = record if schema == "ecs" else record["unmapped"]
    ours = holder.pop("rstscope")
    if schema == "ocsf" and not record["unmapped"]:
        record.pop("unmapped")
    return ours


def faults_of(schema, record):
    table, optional, rules = {
        "ecs": (ECS, ECS_OPTIONAL, ecs_rules),
        "ocsf": (OCSF, OCSF_OPTIONAL, ocsf_rules),
    }[schema]
    ours = take_ours(schema, record)
    if "damaged" in ours:
        table, optional, rules = {
            "ecs": (ECS_INPUT, set(), lambda document: ()),
            "ocsf": (OCSF_INPUT, set(), ocsf_rules),
        }[schema]
    yield from ours_rules(ours)
    seen = dict(leaves(record))
    for path, value in seen.items():
        if path not in table:
            yield f"{path} is no field of the schema"
        elif not table[path](value):
            yield f"{path} is {value!r:.60}"
    absent = [path for path in table if path not in seen and path not in optional]
    for path in absent:
        yield f"{path} is absent"
    if not absent:
        yield from rules(record)


def unique(pairs):
    if len({key for key, _ in pairs}) != len(pairs):
        raise ValueError("a key stands twice")
    return dict(pairs)


def check(schema, path):
    with open(path, "rb") as file:
        data = file.read()
    if not data.isascii() or (data and not data.endswith(b"\n")):
        yield f"{path}: not lines of ASCII"
        return
    for i, line in enumerate(data.splitlines(), 1):
        try:
            for fault in faults_of(schema, json.loads(line, object_pairs_hook=unique)):
                yield f"{path}:{i}: {fault}"
        except (ValueError, KeyError, TypeError) as error:
            yield f"{path}:{i}: {error!r}"


def main(arguments):
    if len(arguments) < 2 or arguments[0] not in ("ecs", "ocsf"):
        print(__doc__, file=sys.stderr)
        return 2
    failures = [line for path in arguments[1:] for line in check(arguments[0], path)]
    for line in failures[:20]:
        print(line)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
