"""Application Auto Scaling of ECS services: scalable targets, policies and scheduled actions, and alarms that fire.

facts §3 "AAS": "if desired < min, a **scale-out alarm** lifts it back to min; scale-in does not. RegisterScalableTarget
*immediately* moves desired into [min,max]", also where the request says nothing of them (bc:application-autoscaling).
Moto never scales anything, does not see strict services, merges nothing it is not sent, and knows no predictive policies.

POST /_emulator/push   {"region": "us-east-1", "resource": "service/<cluster>/<name>", "push": "out" | "in" | "scheduled"}
                       an alarm or a scheduled action fires; the answer is the service's desired count
"""

import copy
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from .account import Region, region, regions
from .clock import clock
from .operations import Call, Refusal, operation
from .pages import page

_SERVICE = "application-autoscaling"
_DIMENSION = "ecs:service:DesiredCount"
_ROLE = "aws-service-role/ecs.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_ECSService"
_SUSPENSIONS = {"out": "DynamicScalingOutSuspended", "in": "DynamicScalingInSuspended", "scheduled": "ScheduledScalingSuspended"}
_CONFIGURATIONS = {
    "TargetTrackingScaling": "TargetTrackingScalingPolicyConfiguration",
    "StepScaling": "StepScalingPolicyConfiguration",
    "PredictiveScaling": "PredictiveScalingPolicyConfiguration",
}


class _Target:
    """A scalable target with what hangs on it."""

    def __init__(self, where: Region, resource: str, call: Call) -> None:
        self.described = {
            "ServiceNamespace": "ecs",
            "ResourceId": resource,
            "ScalableDimension": _DIMENSION,
            "RoleARN": f"arn:aws:iam::{where.account_id}:role/{_ROLE}",
            "CreationTime": clock.date(),
            "SuspendedState": dict.fromkeys(_SUSPENSIONS.values(), False),
            "ScalableTargetARN": where.arn(_SERVICE, f"scalable-target/{uuid4().hex[:20]}"),
        }
        self.tags: dict[str, str] = call["Tags"] or {}
        self.policies: dict[str, dict[str, Any]] = {}
        self.scheduled_actions: dict[str, dict[str, Any]] = {}


def _invalid(message: str) -> Refusal:
    return Refusal("ValidationException", message)


def _resource(call: Call) -> str:
    if call["ServiceNamespace"] != "ecs" or call["ScalableDimension"] not in (None, _DIMENSION):
        raise _invalid("This emulator scales the desired count of ECS services alone")
    return call["ResourceId"]


def _service(where: Region, resource: str) -> Any:
    found = where.services.get(where.arn("ecs", resource))
    return found if found is not None and found.status == "ACTIVE" else None


def _target(call: Call) -> _Target:
    found = region(call).scalable_targets.get(_resource(call))
    if found is None:
        raise Refusal("ObjectNotFoundException", f"No scalable target registered for service namespace: ecs, resource ID: {call['ResourceId']}")
    return found


@operation(_SERVICE, "RegisterScalableTarget")
def register_scalable_target(call: Call) -> dict[str, Any]:
    """bc:application-autoscaling: "Any parameters that you don't specify are not changed by this update request"; the
    capacity is adjusted "even if you don't include the MinCapacity or MaxCapacity request parameters".
    """
    where, resource = region(call), _resource(call)
    found = where.scalable_targets.get(resource)
    if found is None:
        if call["MinCapacity"] is None or call["MaxCapacity"] is None:
            raise _invalid("MinCapacity and MaxCapacity must be specified when registering a new scalable target")
        if _service(where, resource) is None:
            raise _invalid(f"ECS service doesn't exist: {resource}")
        found = where.scalable_targets[resource] = _Target(where, resource, call)
    elif call["Tags"]:
        raise _invalid("Tags can only be given to a new scalable target")
    described = found.described
    wanted = {key: call[key] for key in ("MinCapacity", "MaxCapacity") if call[key] is not None}
    bounds = described | wanted
    if bounds["MinCapacity"] > bounds["MaxCapacity"]:
        raise _invalid("Maximum capacity cannot be less than minimum capacity")
    described.update(wanted)
    described["SuspendedState"] = described["SuspendedState"] | (call["SuspendedState"] or {})
    _set_count(where, resource, lambda count: count)
    return {"ScalableTargetARN": described["ScalableTargetARN"]}


def _set_count(where: Region, resource: str, to: Callable[[int], int]) -> int | None:
    """Move a service's count, and into the bounds."""
    service, target = _service(where, resource), where.scalable_targets[resource].described
    if service is None:
        return None
    count = min(max(to(service.desired_count), target["MinCapacity"]), target["MaxCapacity"])
    if count != service.desired_count:
        service.desired_count = count
        service.look()
    return count


@operation(_SERVICE, "DeregisterScalableTarget")
def deregister_scalable_target(call: Call) -> dict[str, Any]:
    """facts §3: "DeregisterScalableTarget deletes policies"."""
    _target(call)
    del region(call).scalable_targets[call["ResourceId"]]
    return {}


@operation(_SERVICE, "DescribeScalableTargets")
def describe_scalable_targets(call: Call) -> dict[str, Any]:
    """bc:application-autoscaling: 50 resource ids at most, pages of 50."""
    _resource(call)
    wanted = call["ResourceIds"] or []
    if len(wanted) > 50:
        raise _invalid("1 validation error detected: Member must have length less than or equal to 50")
    found = [each.described for resource, each in region(call).scalable_targets.items() if not wanted or resource in wanted]
    return _pages(call, "ScalableTargets", found, 50)


def _pages(call: Call, key: str, found: list[dict[str, Any]], size: int) -> dict[str, Any]:
    shown, token = page(found, call["NextToken"], min(call["MaxResults"] or size, size), "InvalidNextTokenException")
    return {key: copy.deepcopy(shown)} | ({"NextToken": token} if token else {})


def _of_resource(call: Call, kind: str) -> list[dict[str, Any]]:
    _resource(call)
    targets = region(call).scalable_targets.items()
    return [one for resource, each in targets if call["ResourceId"] in (None, resource) for one in getattr(each, kind).values()]


@operation(_SERVICE, "PutScalingPolicy")
def put_scaling_policy(call: Call) -> dict[str, Any]:
    """Replaces a policy whole; its ARN and when it was made stay."""
    where, target, name = region(call), _target(call), call["PolicyName"]
    before = target.policies.get(name, {})
    kind = call["PolicyType"] or before.get("PolicyType", "StepScaling")
    configuration = call[_CONFIGURATIONS[kind]]
    if configuration is None:
        raise _invalid(f"{_CONFIGURATIONS[kind]} is required for a policy of type {kind}")
    if before and before["PolicyType"] != kind:
        raise _invalid("The type of a policy cannot be changed")
    if kind == "TargetTrackingScaling":
        _refuse_invalid(where, configuration)
    arn = where.arn("autoscaling", f"scalingPolicy:{uuid4()}:resource/ecs/{call['ResourceId']}:policyName/{name}")
    target.policies[name] = {
        "PolicyARN": before.get("PolicyARN", arn),
        "PolicyName": name,
        "ServiceNamespace": "ecs",
        "ResourceId": call["ResourceId"],
        "ScalableDimension": _DIMENSION,
        "PolicyType": kind,
        _CONFIGURATIONS[kind]: copy.deepcopy(configuration),
        "Alarms": _alarms(where, call["ResourceId"], name) if kind == "TargetTrackingScaling" else [],
        "CreationTime": before.get("CreationTime", clock.date()),
    }
    return {"PolicyARN": target.policies[name]["PolicyARN"], "Alarms": target.policies[name]["Alarms"]}


def _refuse_invalid(where: Region, configuration: dict[str, Any]) -> None:
    predefined = configuration.get("PredefinedMetricSpecification")
    if (predefined is None) == (configuration.get("CustomizedMetricSpecification") is None):
        raise _invalid("A policy has either a predefined or a customized metric")
    if predefined is None:
        return
    label = predefined.get("ResourceLabel")
    if predefined["PredefinedMetricType"] != "ALBRequestCountPerTarget":
        if label is not None:
            raise _invalid("A resource label is only for ALBRequestCountPerTarget")
        return
    # bc: "You can't specify a resource label unless … there is a target group attached".
    balancer, mark, group = (label or "").partition("/targetgroup/")
    arns = {kind: where.arn("elasticloadbalancing", text) for kind, text in (("lb", f"loadbalancer/{balancer}"), ("tg", f"targetgroup/{group}"))}
    found = where.target_groups.get(arns["tg"])
    used_by = getattr(found, "load_balancer", None)
    if not mark or arns["lb"] not in where.load_balancers or getattr(used_by, "arn", used_by) != arns["lb"]:
        raise _invalid(f"The resource label {label!r} does not name a target group behind a load balancer")


def _alarms(where: Region, resource: str, policy: str) -> list[dict[str, str]]:
    """What target tracking makes in CloudWatch by itself: new ones whenever the policy is put."""
    names = [f"TargetTracking-{resource}-{kind}-{uuid4()}" for kind in ("AlarmHigh", "AlarmLow")]
    return [{"AlarmName": name, "AlarmARN": where.arn("cloudwatch", f"alarm:{name}")} for name in names]


@operation(_SERVICE, "DeleteScalingPolicy")
def delete_scaling_policy(call: Call) -> dict[str, Any]:
    if _target(call).policies.pop(call["PolicyName"], None) is None:
        raise Refusal("ObjectNotFoundException", f"No scaling policy found for {call['PolicyName']}")
    return {}


@operation(_SERVICE, "DescribeScalingPolicies")
def describe_scaling_policies(call: Call) -> dict[str, Any]:
    """bc:application-autoscaling: pages of 10."""
    return _pages(call, "ScalingPolicies", _of_resource(call, "policies"), 10)


@operation(_SERVICE, "PutScheduledAction")
def put_scheduled_action(call: Call) -> dict[str, Any]:
    """bc:application-autoscaling: "Any parameters that you don't specify are not changed by this update request"."""
    where, target, name = region(call), _target(call), call["ScheduledActionName"]
    arn = where.arn("autoscaling", f"scheduledAction:{uuid4()}:resource/ecs/{call['ResourceId']}:scheduledActionName/{name}")
    before = target.scheduled_actions.get(name) or {
        "ScheduledActionName": name,
        "ScheduledActionARN": arn,
        "ServiceNamespace": "ecs",
        "ResourceId": call["ResourceId"],
        "ScalableDimension": _DIMENSION,
        "CreationTime": clock.date(),
    }
    given = {key: call[key] for key in ("Schedule", "Timezone", "StartTime", "EndTime", "ScalableTargetAction") if call[key] is not None}
    target.scheduled_actions[name] = before | copy.deepcopy(given)
    return {}


@operation(_SERVICE, "DeleteScheduledAction")
def delete_scheduled_action(call: Call) -> dict[str, Any]:
    if _target(call).scheduled_actions.pop(call["ScheduledActionName"], None) is None:
        raise Refusal("ObjectNotFoundException", f"No scheduled action found for {call['ScheduledActionName']}")
    return {}


@operation(_SERVICE, "DescribeScheduledActions")
def describe_scheduled_actions(call: Call) -> dict[str, Any]:
    """bc:application-autoscaling: pages of 50."""
    return _pages(call, "ScheduledActions", _of_resource(call, "scheduled_actions"), 50)


def push(wanted: dict[str, Any]) -> int | None:
    """An alarm or a scheduled action fires. A scheduled action asks for the minimum that it names."""
    where, resource = regions[("123456789012", wanted["region"])], wanted["resource"]
    target = where.scalable_targets[resource]
    service = _service(where, resource)
    if service is None or target.described["SuspendedState"][_SUSPENSIONS[wanted["push"]]]:
        return getattr(service, "desired_count", None)
    if wanted["push"] == "scheduled":
        least = max((each["ScalableTargetAction"].get("MinCapacity", 0) for each in target.scheduled_actions.values()), default=0)
        return _set_count(where, resource, lambda count: max(count, least))
    if wanted["push"] == "in" and service.desired_count <= target.described["MinCapacity"]:
        return service.desired_count
    return _set_count(where, resource, lambda count: count + (1 if wanted["push"] == "out" else -1))
