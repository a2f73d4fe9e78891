"""Tags of load balancers, listeners, rules and target groups.

facts §2: "DescribeTags ≤20 ARNs per call". Moto answers for any number, and for ARNs that are gone.
"""

from typing import Any

from .account import region
from .elb import checked_tags, find
from .operations import Call, Refusal, operation


@operation("elbv2", "DescribeTags")
def describe_tags(call: Call) -> dict[str, Any]:
    arns = call["ResourceArns"] or []
    if len(arns) > 20:
        raise Refusal("ValidationError", "You can specify up to 20 resources in a single call")
    found = [find(region(call), arn) for arn in arns]
    return {
        "TagDescriptions": [
            {"ResourceArn": each.arn, "Tags": [{"Key": key, "Value": value} for key, value in each.tags.items()]} for each in found
        ]
    }


@operation("elbv2", "AddTags")
def add_tags(call: Call) -> dict[str, Any]:
    found = [find(region(call), arn) for arn in call["ResourceArns"] or []]
    added = checked_tags({tag["Key"]: tag.get("Value", "") for tag in call["Tags"] or []})
    for each in found:
        each.tags = checked_own(each.tags | added)
    return {}


def checked_own(tags: dict[str, str]) -> dict[str, str]:
    checked_tags({key: value for key, value in tags.items() if not key.startswith("aws:")})
    return tags


@operation("elbv2", "RemoveTags")
def remove_tags(call: Call) -> dict[str, Any]:
    for each in [find(region(call), arn) for arn in call["ResourceArns"] or []]:
        each.tags = {key: value for key, value in each.tags.items() if key not in (call["TagKeys"] or [])}
    return {}
