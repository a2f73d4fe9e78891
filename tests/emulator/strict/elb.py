"""What the Elastic Load Balancing corrections share: looking things up, and the errors when they are not there."""

from secrets import token_hex
from typing import Any

from .account import Region
from .ec2_filters import refuse_reserved
from .operations import Refusal

_MISSING = {
    "loadbalancer": ("LoadBalancerNotFound", "One or more load balancers not found"),
    "listener": ("ListenerNotFound", "One or more listeners not found"),
    "listener-rule": ("RuleNotFound", "One or more rules not found"),
    "targetgroup": ("TargetGroupNotFound", "One or more target groups not found"),
}


def kind(arn: str) -> str:
    """`loadbalancer`, `listener`, `listener-rule` or `targetgroup`."""
    parts = arn.split(":", 5)
    return parts[5].split("/")[0] if len(parts) == 6 else ""


def find(where: Region, arn: str | None) -> Any:
    """The load balancer, listener, rule or target group with this ARN, or AWS's error for its absence."""
    stores = {
        "loadbalancer": where.load_balancers,
        "listener": where.listeners,
        "listener-rule": where.rules,
        "targetgroup": where.target_groups,
    }
    what = kind(arn or "")
    if what not in stores:
        raise Refusal("ValidationError", f"'{arn}' is not a valid load balancer, listener, rule or target group ARN")
    if arn not in stores[what]:
        raise Refusal(*_MISSING[what])
    return stores[what][arn]


def find_kind(where: Region, arn: str | None, wanted: str) -> Any:
    """`find`, where only one kind makes sense."""
    if kind(arn or "") != wanted:
        raise Refusal("ValidationError", f"'{arn}' is not a valid {wanted} ARN")
    return find(where, arn)


def identifier() -> str:
    """A new one each time: facts §2: "New ARN, new DNS name (random suffix), new IPs each time"."""
    return token_hex(8)


def tags_of(call: Any) -> dict[str, str]:
    """The tags a creating call gives; facts §7: "no `aws:` prefix", "tags 50/resource"."""
    return checked_tags({tag["Key"]: tag.get("Value", "") for tag in call["Tags"] or []})


def checked_tags(tags: dict[str, str]) -> dict[str, str]:
    refuse_reserved(tags, "ValidationError")
    if len(tags) > 50:
        raise Refusal("TooManyTags", "You've reached the limit on the number of tags per resource")
    return tags


def attribute_list(attributes: dict[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in attributes.items()]
