"""Route 53: batches that are all or nothing, changes that take half a minute, names as Route 53 writes them.

facts §2: "batch is transactional; status PENDING→INSYNC (waiter 30 s×60; observed 33–35 s)". Moto's changes are INSYNC
at once, half a batch can remain, and what is deleted need not match.
"""

import copy
import string
from secrets import choice
from typing import Any

from moto.route53 import models as route53_models
from moto.route53.models import FakeZone, route53_backends

from . import latencies
from .account import changes, record_sets
from .clock import clock
from .load_balancer import HOSTED_ZONES
from .operations import Call, Refusal, before, operation
from .web_acls import name_leads_to

Key = tuple[str, str, str]


def _zone(call: Call) -> Any:
    return route53_backends[call.account_id]["aws"].get_hosted_zone((call["HostedZoneId"] or "").rsplit("/", 1)[-1])


def written(name: str) -> str:
    """facts §2 asks for normalised names: lower case, a dot at the end, `*` and the like as octal escapes."""
    name = name.lower() if name.endswith(".") else name.lower() + "."
    return "".join(letter if letter.isalnum() or letter in "-_.\\" else f"\\{ord(letter):03o}" for letter in name)


def records_of(zone: Any) -> dict[Key, dict[str, Any]]:
    """The record sets of a zone; a new one has its NS and SOA, as moto makes them."""
    if zone.id not in record_sets:
        record_sets[zone.id] = {}
        for each in zone.rrsets:
            values = [{"Value": value if isinstance(value, str) else value["Value"]} for value in each.resource_records]
            one = {"Name": written(each.name), "Type": each.type, "TTL": each.ttl, "ResourceRecords": values}
            record_sets[zone.id][_key(one)] = one
    return record_sets[zone.id]


def _key(one: dict[str, Any]) -> Key:
    return written(one["Name"]), one["Type"], one.get("SetIdentifier", "")


def _normalised(one: dict[str, Any]) -> dict[str, Any]:
    one = copy.deepcopy(one)
    one["Name"] = written(one["Name"])
    if "AliasTarget" in one:
        one["AliasTarget"]["DNSName"] = written(one["AliasTarget"]["DNSName"])
    if not one.get("ResourceRecords"):
        one.pop("ResourceRecords", None)
    return one


def _batch_refused(messages: list[str]) -> Refusal:
    return Refusal("InvalidChangeBatch", "[" + ", ".join(messages) + "]")


def _change(records: dict[Key, dict[str, Any]], zone: Any, change: dict[str, Any]) -> None:
    action, one = change["Action"], _normalised(change["ResourceRecordSet"])
    key, what = _key(one), f"[name='{one['Name']}', type='{one['Type']}']"
    if not (one["Name"] == written(zone.name) or one["Name"].endswith("." + written(zone.name))):
        raise _batch_refused([f"RRSet with DNS name {one['Name']} is not permitted in zone {written(zone.name)}"])
    if ("AliasTarget" in one) == ("ResourceRecords" in one) or ("TTL" in one) != ("ResourceRecords" in one):
        raise Refusal(
            "InvalidInput",
            f"Invalid request: Expected exactly one of [AliasTarget, all of [TTL, and ResourceRecords]] in Change with {what}",
        )
    _refuse_misplaced_alias(one)
    if action == "DELETE":
        if key not in records:
            raise _batch_refused([f"Tried to delete resource record set {what} but it was not found"])
        if records[key] != one:
            raise _batch_refused([f"Tried to delete resource record set {what} but the values provided do not match the current values"])
        del records[key]
    elif action == "CREATE" and key in records:
        raise _batch_refused([f"Tried to create resource record set {what} but it already exists"])
    elif action in ("CREATE", "UPSERT"):
        records[key] = one
    else:
        raise Refusal("InvalidInput", f"Invalid action {action}")


def _refuse_misplaced_alias(one: dict[str, Any]) -> None:
    """facts §2: alias "with DNSName + CanonicalHostedZoneId": the two must belong together."""
    alias = one.get("AliasTarget", {})
    name, zone = alias.get("DNSName", ""), alias.get("HostedZoneId")
    if name.endswith(".elb.amazonaws.com."):
        region = name.split(".")[-5]
        if HOSTED_ZONES.get(region, zone) != zone:
            what = f"Tried to create an alias that targets {name}, type {one['Type']} in zone {zone}"
            raise _batch_refused([f"{what}, but the alias target name does not lie within the target zone"])


@operation("route53", "ChangeResourceRecordSets")
def change_resource_record_sets(call: Call) -> dict[str, Any]:
    zone = _zone(call)
    records = copy.deepcopy(records_of(zone))
    for change in call["ChangeBatch"]["Changes"]:
        _change(records, zone, change)
    record_sets[zone.id] = records
    for change in call["ChangeBatch"]["Changes"]:
        name_leads_to(_normalised(change["ResourceRecordSet"]).get("AliasTarget", {}).get("DNSName", ""))
    identifier = "C" + "".join(choice(string.ascii_uppercase + string.digits) for _ in range(20))
    changes[identifier] = (clock.now(), clock.date(), call["ChangeBatch"].get("Comment"))
    return {"ChangeInfo": _describe_change(identifier)}


@operation("route53", "GetChange")
def get_change(call: Call) -> dict[str, Any]:
    identifier = (call["Id"] or "").rsplit("/", 1)[-1]
    if identifier not in changes:
        raise Refusal("NoSuchChange", f"A change with id {identifier} does not exist")
    return {"ChangeInfo": _describe_change(identifier)}


def _describe_change(identifier: str) -> dict[str, Any]:
    at, submitted, comment = changes[identifier]
    status = "INSYNC" if clock.now() >= at + latencies.ROUTE_53_INSYNC else "PENDING"
    return {"Id": f"/change/{identifier}", "Status": status, "SubmittedAt": submitted, "Comment": comment}


def _order(key: Key) -> tuple[list[str], str, str]:
    """Route 53 sorts by the labels of the name from the right, then by type."""
    name, kind, identifier = key
    return list(reversed(name.rstrip(".").split("."))), kind, identifier


@operation("route53", "ListResourceRecordSets")
def list_resource_record_sets(call: Call) -> dict[str, Any]:
    zone, size = _zone(call), min(int(call["MaxItems"] or 300), 300)
    if call["StartRecordType"] and not call["StartRecordName"]:
        raise Refusal("InvalidInput", "StartRecordType needs StartRecordName")
    records = records_of(zone)
    keys = sorted(records, key=_order)
    if call["StartRecordName"]:
        start = _order((written(call["StartRecordName"]), call["StartRecordType"] or "", call["StartRecordIdentifier"] or ""))
        keys = [key for key in keys if _order(key) >= start]
    answer: dict[str, Any] = {
        "ResourceRecordSets": [copy.deepcopy(records[key]) for key in keys[:size]],
        "IsTruncated": len(keys) > size,
        "MaxItems": size,
    }
    if len(keys) > size:
        answer["NextRecordName"], answer["NextRecordType"] = keys[size][:2]
        if keys[size][2]:
            answer["NextRecordIdentifier"] = keys[size][2]
    return answer


def _zone_id(**_: Any) -> str:
    """AWS's zone ids begin with Z; moto's do not."""
    return "Z" + "".join(choice(string.ascii_uppercase + string.digits) for _ in range(20))


route53_models.create_route53_zone_id = _zone_id
FakeZone.resource_record_set_count = property(lambda zone: len(records_of(zone)))  # type: ignore[method-assign,assignment]


@before("route53", "DeleteHostedZone")
def refuse_deleting_zone_with_records(call: Call) -> None:
    zone = route53_backends[call.account_id]["aws"].get_hosted_zone(call["Id"])
    if any(key[1] not in ("NS", "SOA") for key in records_of(zone)):
        raise Refusal(
            "HostedZoneNotEmpty", "The hosted zone contains resource record sets in addition to the default NS and SOA record sets"
        )
