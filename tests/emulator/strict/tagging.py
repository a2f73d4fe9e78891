"""The Tagging API: it sees everything, a little late, and what is gone for an hour more.

facts §7: "GetResources returns all "tagged **or previously tagged**" resources; **deleted ones linger minutes to
hours** … → always confirm with the service's Describe", "untag before deletion and it never lingers". Moto sees neither
elastic IPs nor listeners, and cannot tag load balancers.
"""

from typing import Any

from . import latencies
from .account import Region, region, regions
from .clock import clock
from .ec2_filters import refuse_reserved
from .ecs_tags import change_tags
from .elb import find, kind
from .elb_tags import checked_own
from .operations import Call, Refusal, operation
from .pages import page
from .resources import taggable


class Seen:
    """What the index knows of one ARN: its tags over time (None once deleted), oldest first."""

    def __init__(self) -> None:
        self.history: list[tuple[float, dict[str, str] | None]] = []

    def note(self, tags: dict[str, str] | None) -> None:
        if not self.history or self.history[-1][1] != tags:
            self.history.append((clock.now(), tags))

    def listed(self) -> dict[str, str] | None:
        """The tags that GetResources shows now."""
        until = clock.now() - latencies.TAGGING_LAG
        known = [(at, tags) for at, tags in self.history if at <= until]
        if not known:
            return None
        at, tags = known[-1]
        lingers = tags is None and clock.now() < at + latencies.TAGGING_LINGERS
        return known[-2][1] if lingers and len(known) > 1 else tags


def note_changes() -> None:
    """After a request that changed something: what every region holds now."""
    for where in list(regions.values()):
        now = taggable(where)
        for arn in [*where.seen_tags, *(arn for arn, tags in now.items() if tags and arn not in where.seen_tags)]:
            where.seen_tags.setdefault(arn, Seen()).note(now.get(arn))


@operation("resourcegroupstaggingapi", "GetResources")
def get_resources(call: Call) -> dict[str, Any]:
    where, arns = region(call), call["ResourceARNList"] or []
    note_changes()
    if arns and (call["TagFilters"] or call["ResourceTypeFilters"]):
        raise Refusal("InvalidParameterException", "ResourceARNList cannot be combined with other filters")
    size = call["ResourcesPerPage"] or 50
    if not 1 <= size <= 100 or len(arns) > 100:
        raise Refusal("InvalidParameterException", "ResourcesPerPage must be between 1 and 100")
    found = []
    for arn, seen in where.seen_tags.items():
        tags = seen.listed()
        if tags and (not arns or arn in arns) and _of_type(arn, call["ResourceTypeFilters"]) and _tagged(tags, call["TagFilters"]):
            found.append({"ResourceARN": arn, "Tags": [{"Key": key, "Value": value} for key, value in tags.items()]})
    shown, token = page(found, call["PaginationToken"], size, "PaginationTokenExpiredException")
    return {"ResourceTagMappingList": shown, "PaginationToken": token or ""}


def _of_type(arn: str, wanted: list[str] | None) -> bool:
    """`ecs`, `ecs:service`, `elasticloadbalancing:loadbalancer` and `…/app` all name ARNs by their beginning (facts §7)."""
    if not wanted:
        return True
    parts = arn.split(":", 5)
    service, resource = parts[2], parts[5].replace(":", "/")
    for each in wanted:
        of, _, rest = each.partition(":")
        if of == service and (not rest or resource == rest or resource.startswith(rest + "/")):
            return True
    return False


def _tagged(tags: dict[str, str], filters: list[dict[str, Any]] | None) -> bool:
    return all(each["Key"] in tags and (not each.get("Values") or tags[each["Key"]] in each["Values"]) for each in filters or [])


@operation("resourcegroupstaggingapi", "TagResources")
def tag_resources(call: Call) -> dict[str, Any]:
    refuse_reserved(call["Tags"] or {}, "InvalidParameterException")
    return _change(call, call["Tags"] or {}, [])


@operation("resourcegroupstaggingapi", "UntagResources")
def untag_resources(call: Call) -> dict[str, Any]:
    refuse_reserved(call["TagKeys"] or [], "InvalidParameterException")
    return _change(call, {}, call["TagKeys"] or [])


def _change(call: Call, added: dict[str, str], removed: list[str]) -> dict[str, Any]:
    """facts §7: "≤20 ARNs, ≤50 tags; per-ARN failures in FailedResourcesMap (HTTP 200!)"."""
    arns = call["ResourceARNList"] or []
    if not 1 <= len(arns) <= 20:
        raise Refusal("InvalidParameterException", "ResourceARNList must have between 1 and 20 elements")
    failed = {}
    for arn in arns:
        try:
            change(region(call), arn, added, removed)
        except Exception as error:  # whatever the owning service says becomes the failure of this ARN
            failed[arn] = {"StatusCode": 400, "ErrorCode": "InvalidParameterException", "ErrorMessage": str(error)}
    return {"FailedResourcesMap": failed}


def change(where: Region, arn: str, added: dict[str, str], removed: list[str]) -> None:
    """Change the tags of anything, by its ARN."""
    service, resource = arn.split(":", 5)[2], arn.split(":", 5)[5]
    if service == "ec2":
        identifier = resource.split("/", 1)[1]
        where.ec2.do_resources_exist([identifier])
        where.ec2.create_tags([identifier], added)
        where.ec2.delete_tag_keys([identifier], removed)
    elif service == "elasticloadbalancing" and kind(arn):
        owner = find(where, arn)
        owner.tags = checked_own({key: value for key, value in owner.tags.items() if key not in removed} | added)
    elif service == "ecs":
        change_tags(where, arn, added, removed)
    elif service == "cloudwatch" and resource.removeprefix("alarm:") in where.alarms:
        alarm = where.alarms[resource.removeprefix("alarm:")]
        alarm.tags = {key: value for key, value in alarm.tags.items() if key not in removed} | added
    else:
        _change_moto(where, arn, added, removed)


def _change_moto(where: Region, arn: str, added: dict[str, str], removed: list[str]) -> None:
    from moto.core.resource_tagging import iter_taggable_backends

    for backend in iter_taggable_backends(where.account_id, where.name):
        if backend.owns_arn(arn):
            if added:
                backend.tag_resource(arn, added)
            if removed:
                backend.untag_resource(arn, removed)
            return
    raise Refusal("InvalidParameterException", f"The resource {arn} cannot be tagged")
