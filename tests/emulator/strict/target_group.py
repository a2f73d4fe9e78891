"""Target groups: they survive their load balancer, and belong to at most one.

facts §2: "TG ↔ LB is 1:1 (`TargetGroupAssociationLimit` …). TG survives LB delete; LoadBalancerArns empties."
Moto leaves them linked to load balancers that are gone.
"""

from typing import Any

from .account import Region, region
from .clock import clock
from .elb import attribute_list, find_kind, identifier, tags_of
from .operations import Call, Refusal, operation
from .pages import page

_DEFAULT_ATTRIBUTES = {
    "deregistration_delay.timeout_seconds": "300",
    "stickiness.enabled": "false",
    "stickiness.type": "lb_cookie",
    "stickiness.lb_cookie.duration_seconds": "86400",
    "stickiness.app_cookie.cookie_name": "",
    "stickiness.app_cookie.duration_seconds": "86400",
    "load_balancing.algorithm.type": "round_robin",
    "load_balancing.algorithm.anomaly_mitigation": "off",
    "load_balancing.cross_zone.enabled": "use_load_balancer_configuration",
    "slow_start.duration_seconds": "0",
    "target_group_health.dns_failover.minimum_healthy_targets.count": "1",
    "target_group_health.dns_failover.minimum_healthy_targets.percentage": "off",
    "target_group_health.unhealthy_state_routing.minimum_healthy_targets.count": "1",
    "target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage": "off",
}


class TargetGroup:
    def __init__(self, where: Region, settings: dict[str, Any], tags: dict[str, str]) -> None:
        self.where = where
        self.settings = settings
        self.name: str = settings["TargetGroupName"]
        self.arn = where.arn("elasticloadbalancing", f"targetgroup/{self.name}/{identifier()}")
        self.tags = tags
        self.attributes = dict(_DEFAULT_ATTRIBUTES)
        #: Targets by (id, port): target_health.py.
        self.targets: dict[tuple[str, int], Any] = {}
        #: The load balancer that a listener or rule ties it to, and since when.
        self.load_balancer: Any = None
        self.attached_at = 0.0

    @property
    def interval(self) -> int:
        return int(self.settings["HealthCheckIntervalSeconds"])

    @property
    def deregistration_delay(self) -> int:
        return int(self.attributes["deregistration_delay.timeout_seconds"])

    def describe(self) -> dict[str, Any]:
        arns = [self.load_balancer.arn] if self.load_balancer else []
        return self.settings | {"TargetGroupArn": self.arn, "LoadBalancerArns": arns}


def used_by(where: Region, arn: str) -> list[Any]:
    """The load balancers whose listeners or rules name this target group, even with weight 0 (facts §3)."""
    holders = [(each.load_balancer, each.default_actions) for each in where.listeners.values()]
    holders += [(each.listener.load_balancer, each.actions) for each in where.rules.values()]
    found: list[Any] = []
    for balancer, actions in holders:
        if balancer not in found and any(arn == named for action in actions for named in named_target_groups(action)):
            found.append(balancer)
    return found


def named_target_groups(action: dict[str, Any]) -> list[str]:
    tuples = action.get("ForwardConfig", {}).get("TargetGroups", [])
    return [each["TargetGroupArn"] for each in tuples] or [arn for arn in [action.get("TargetGroupArn")] if arn]


def note_attachments(where: Region) -> None:
    """After every change of listeners and rules: which target group now belongs to which load balancer."""
    for group in where.target_groups.values():
        balancers = used_by(where, group.arn)
        balancer = balancers[0] if balancers else None
        if balancer is not group.load_balancer:
            group.load_balancer, group.attached_at = balancer, clock.now()


@operation("elbv2", "CreateTargetGroup")
def create_target_group(call: Call) -> dict[str, Any]:
    """facts §2: CreateTargetGroup too "multiple with same settings, each call succeeds"."""
    where, tags = region(call), tags_of(call)
    settings = settings_of(call)
    for existing in where.target_groups.values():
        if existing.name == settings["TargetGroupName"]:
            if existing.settings != settings:
                raise Refusal(
                    "DuplicateTargetGroupName", f"A target group with the same name '{existing.name}' exists, but with different settings"
                )
            return {"TargetGroups": [existing.describe()]}
    if settings["TargetType"] != "lambda":
        where.ec2.get_vpc(settings["VpcId"])
    made = TargetGroup(where, settings, tags)
    where.target_groups[made.arn] = made
    return {"TargetGroups": [made.describe()]}


def settings_of(call: Any) -> dict[str, Any]:
    """A target group's settings with AWS's defaults, of an API call or of a stack's properties."""
    protocol = call["Protocol"]
    settings = {
        "TargetGroupName": call["Name"],
        "TargetType": call["TargetType"] or "instance",
        "Protocol": protocol,
        "Port": call["Port"],
        "VpcId": call["VpcId"],
        "ProtocolVersion": call["ProtocolVersion"] or ("HTTP1" if protocol in ("HTTP", "HTTPS") else None),
        "IpAddressType": call["IpAddressType"] or "ipv4",
        "HealthCheckEnabled": True if call["HealthCheckEnabled"] is None else call["HealthCheckEnabled"],
        "HealthCheckProtocol": call["HealthCheckProtocol"] or protocol,
        "HealthCheckPort": call["HealthCheckPort"] or "traffic-port",
        "HealthCheckPath": call["HealthCheckPath"] or "/",
        "HealthCheckIntervalSeconds": call["HealthCheckIntervalSeconds"] or 30,
        "HealthCheckTimeoutSeconds": call["HealthCheckTimeoutSeconds"] or 5,
        "HealthyThresholdCount": call["HealthyThresholdCount"] or 5,
        "UnhealthyThresholdCount": call["UnhealthyThresholdCount"] or 2,
        "Matcher": call["Matcher"] or {"HttpCode": "200"},
    }
    if settings["HealthCheckTimeoutSeconds"] >= settings["HealthCheckIntervalSeconds"]:
        raise Refusal("ValidationError", "Health check interval must be greater than the timeout.")
    return {key: value for key, value in settings.items() if value is not None}


@operation("elbv2", "DescribeTargetGroups")
def describe_target_groups(call: Call) -> dict[str, Any]:
    where = region(call)
    found = list(where.target_groups.values())
    if call["TargetGroupArns"]:
        found = [find_kind(where, each, "targetgroup") for each in call["TargetGroupArns"]]
    elif call["Names"]:
        found = [each for each in found if each.name in call["Names"]]
        if len(found) < len(set(call["Names"])):
            raise Refusal("TargetGroupNotFound", "One or more target groups not found")
    elif call["LoadBalancerArn"]:
        balancer = find_kind(where, call["LoadBalancerArn"], "loadbalancer")
        found = [each for each in found if each.load_balancer is balancer]
    shown, marker = page(found, call["Marker"], call["PageSize"] or 400)
    return {"TargetGroups": [each.describe() for each in shown], "NextMarker": marker}


@operation("elbv2", "ModifyTargetGroup")
def modify_target_group(call: Call) -> dict[str, Any]:
    changed = find_kind(region(call), call["TargetGroupArn"], "targetgroup")
    changed.settings.update({key: value for key, value in call.parameters.items() if key in changed.settings})
    return {"TargetGroups": [changed.describe()]}


@operation("elbv2", "DeleteTargetGroup")
def delete_target_group(call: Call) -> dict[str, Any]:
    where = region(call)
    if call["TargetGroupArn"] in where.target_groups:
        if used_by(where, call["TargetGroupArn"]):
            raise Refusal("ResourceInUse", f"Target group '{call['TargetGroupArn']}' is currently in use by a listener or a rule")
        del where.target_groups[call["TargetGroupArn"]]
    return {}


@operation("elbv2", "DescribeTargetGroupAttributes")
def describe_target_group_attributes(call: Call) -> dict[str, Any]:
    return {"Attributes": attribute_list(find_kind(region(call), call["TargetGroupArn"], "targetgroup").attributes)}


@operation("elbv2", "ModifyTargetGroupAttributes")
def modify_target_group_attributes(call: Call) -> dict[str, Any]:
    changed = find_kind(region(call), call["TargetGroupArn"], "targetgroup")
    wanted = {each["Key"]: each.get("Value", "") for each in call["Attributes"] or []}
    for key in wanted:
        if key not in changed.attributes:
            raise Refusal("InvalidConfigurationRequest", f"Target group attribute key '{key}' is not recognized")
    changed.attributes.update(wanted)
    return {"Attributes": attribute_list(changed.attributes)}
