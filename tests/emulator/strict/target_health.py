"""Targets: they follow the load balancer, are checked once, and drain before they go.

facts §2: "A newly registered target needs **one** passed check (not HealthyThreshold) and checks only start once LB
nodes exist; default interval 30 s → up to 30 s extra", "TG targets in a TG with no LB show `unused`/Target.NotInUse".
Moto calls every target healthy.
"""

from typing import Any

from .account import region
from .clock import clock
from .elb import find_kind
from .operations import Call, Refusal, operation
from .target_group import TargetGroup


class Target:
    def __init__(self, group: TargetGroup, identifier: str, port: int, zone: str | None) -> None:
        self.group = group
        self.id = identifier
        self.port = port
        self.zone = zone
        self.registered_at = clock.now()
        self.deregistered_at: float | None = None

    def health(self) -> dict[str, str]:
        if self.deregistered_at is not None:
            return {"State": "draining", "Reason": "Target.DeregistrationInProgress", "Description": "Target deregistration is in progress"}
        balancer = self.group.load_balancer
        if balancer is None:
            return {
                "State": "unused",
                "Reason": "Target.NotInUse",
                "Description": "Target group is not configured to receive traffic from the load balancer",
            }
        if not balancer.active:
            return {"State": "initial", "Reason": "Elb.RegistrationInProgress", "Description": "Target registration is in progress"}
        if clock.now() < max(self.registered_at, self.group.attached_at, balancer.active_at) + self.group.interval:
            return {"State": "initial", "Reason": "Elb.InitialHealthChecking", "Description": "Initial health checks in progress"}
        return {"State": "healthy"}

    def describe(self) -> dict[str, Any]:
        target = {"Id": self.id, "Port": self.port}
        if self.zone:
            target["AvailabilityZone"] = self.zone
        return {"Target": target, "HealthCheckPort": str(self.port), "TargetHealth": self.health()}


def register(group: TargetGroup, identifier: str, port: int | None = None, zone: str | None = None) -> None:
    key = (identifier, port or group.settings["Port"])
    known = group.targets.get(key)
    if known is None or known.deregistered_at is not None:
        group.targets[key] = Target(group, *key, zone)


def deregister(group: TargetGroup, identifier: str, port: int | None = None) -> None:
    """facts §3: "deregister → drain `deregistration_delay` (0–3600, default 300 s)"."""
    key = (identifier, port or group.settings["Port"])
    leaving = group.targets.get(key)
    if leaving is None or leaving.deregistered_at is not None:
        return
    leaving.deregistered_at = clock.now()

    def gone() -> None:
        if group.targets.get(key) is leaving:
            del group.targets[key]

    clock.after(group.deregistration_delay, gone)


@operation("elbv2", "RegisterTargets")
def register_targets(call: Call) -> dict[str, Any]:
    group = find_kind(region(call), call["TargetGroupArn"], "targetgroup")
    for each in call["Targets"] or []:
        register(group, each["Id"], each.get("Port"), each.get("AvailabilityZone"))
    return {}


@operation("elbv2", "DeregisterTargets")
def deregister_targets(call: Call) -> dict[str, Any]:
    group = find_kind(region(call), call["TargetGroupArn"], "targetgroup")
    for each in call["Targets"] or []:
        if not any(key[0] == each["Id"] for key in group.targets):
            raise Refusal("InvalidTarget", f"The target '{each['Id']}' is not registered")
        deregister(group, each["Id"], each.get("Port"))
    return {}


@operation("elbv2", "DescribeTargetHealth")
def describe_target_health(call: Call) -> dict[str, Any]:
    group = find_kind(region(call), call["TargetGroupArn"], "targetgroup")
    if not call["Targets"]:
        return {"TargetHealthDescriptions": [each.describe() for each in group.targets.values()]}
    described = []
    for each in call["Targets"]:
        port = each.get("Port") or group.settings["Port"]
        known = group.targets.get((each["Id"], port))
        described.append(
            known.describe()
            if known
            else {
                "Target": {"Id": each["Id"], "Port": port},
                "TargetHealth": {
                    "State": "unused",
                    "Reason": "Target.NotRegistered",
                    "Description": "Target is not registered to the target group",
                },
            }
        )
    return {"TargetHealthDescriptions": described}
