"""Services: they keep all of their configuration, and refuse what ECS refuses.

facts §3: "CreateService with an unassociated TG → InvalidParameterException "…does not have an associated load
balancer"", "DeleteService: needs desiredCount 0 or `force`; ACTIVE→DRAINING→INACTIVE". Moto loses
deploymentCircuitBreaker, healthCheckGracePeriodSeconds and enableExecuteCommand. What services do over time is in
ecs_scheduler.py.
"""

import copy
from typing import Any

from .account import Region, region
from .ec2_filters import refuse_reserved
from .ecs_scheduler import Scheduler
from .ecs_tasks import cluster_of
from .operations import Call, Refusal, operation
from .pages import page

#: What CreateService and UpdateService set and DescribeServices shows under the same name.
_KEPT = (
    "availabilityZoneRebalancing",
    "loadBalancers",
    "serviceRegistries",
    "launchType",
    "capacityProviderStrategy",
    "platformVersion",
    "deploymentConfiguration",
    "placementConstraints",
    "placementStrategy",
    "networkConfiguration",
    "healthCheckGracePeriodSeconds",
    "schedulingStrategy",
    "deploymentController",
    "enableECSManagedTags",
    "propagateTags",
    "enableExecuteCommand",
)
#: What belongs to a deployment: shown with it, not with the service.
_OF_DEPLOYMENT = ("serviceConnectConfiguration", "volumeConfigurations", "vpcLatticeConfigurations")
#: facts §3: "(only taskDefinition, platformVersion, LBs, networkConfig, Service Connect… or forceNewDeployment do)"
_DEPLOYS = ("platformVersion", "loadBalancers", "networkConfiguration", "capacityProviderStrategy", "serviceRegistries", *_OF_DEPLOYMENT)


def _invalid(message: str) -> Refusal:
    return Refusal("InvalidParameterException", message)


def service_of(where: Region, cluster: Any, name: str) -> Scheduler:
    found = where.services.get(where.arn("ecs", f"service/{cluster.name}/{name.rsplit('/', 1)[-1]}"))
    if found is None:
        raise Refusal("ServiceNotFoundException", "Service not found.")
    return found


@operation("ecs", "CreateService")
def create_service(call: Call) -> dict[str, Any]:
    where, cluster = region(call), cluster_of(call)
    arn = where.arn("ecs", f"service/{cluster.name}/{call['serviceName']}")
    existing = where.services.get(arn)
    if existing is not None and existing.status == "DRAINING":
        raise _invalid("Unable to Start a service that is still Draining.")
    if existing is not None and existing.status == "ACTIVE":
        if call["clientToken"] and existing.client_token == call["clientToken"]:
            return {"service": describe(existing, True)}
        raise _invalid("Creation of service was not idempotent.")
    definition = where.ecs.describe_task_definition(call["taskDefinition"])
    settings = _defaults(call, {})
    _refuse_invalid(where, settings, definition)
    tags = call["tags"] or []
    refuse_reserved([each["key"] for each in tags], "InvalidParameterException")
    made = Scheduler(where, cluster, arn, settings, definition, call["desiredCount"] or 0, tags)
    made.client_token = call["clientToken"]
    where.services[arn] = made
    made.deploy(definition)
    return {"service": describe(made, True)}


def _defaults(call: Call, before: dict[str, Any]) -> dict[str, Any]:
    settings = copy.deepcopy(before) | {key: copy.deepcopy(call[key]) for key in (*_KEPT, *_OF_DEPLOYMENT) if call[key] is not None}
    if not settings.get("launchType") and not settings.get("capacityProviderStrategy"):
        settings["launchType"] = "EC2"
    if settings.get("launchType") == "FARGATE":
        settings.setdefault("platformVersion", "LATEST")
    settings.setdefault("loadBalancers", [])
    settings.setdefault("serviceRegistries", [])
    settings.setdefault("placementConstraints", [])
    settings.setdefault("placementStrategy", [])
    settings.setdefault("schedulingStrategy", "REPLICA")
    settings.setdefault("deploymentController", {"type": "ECS"})
    settings.setdefault("enableECSManagedTags", False)
    settings.setdefault("propagateTags", "NONE")
    settings.setdefault("enableExecuteCommand", False)
    if settings["loadBalancers"]:
        settings.setdefault("healthCheckGracePeriodSeconds", 0)
    deployment = before.get("deploymentConfiguration", {}) | settings.get("deploymentConfiguration", {})
    settings["deploymentConfiguration"] = {
        "deploymentCircuitBreaker": {"enable": False, "rollback": False},
        "maximumPercent": 200,
        "minimumHealthyPercent": 100,
        "strategy": "ROLLING",
        "bakeTimeInMinutes": 0,
    } | deployment
    # facts §3: "CreateService default AvailabilityZoneRebalancing = ENABLED when omitted (update keeps old)";
    # it needs room for a second task, so a singleton has none.
    room = settings["deploymentConfiguration"]["maximumPercent"] > 100
    settings.setdefault("availabilityZoneRebalancing", "ENABLED" if room else "DISABLED")
    if "awsvpcConfiguration" in settings.get("networkConfiguration", {}):
        settings["networkConfiguration"]["awsvpcConfiguration"].setdefault("assignPublicIp", "DISABLED")
        settings["networkConfiguration"]["awsvpcConfiguration"].setdefault("securityGroups", [])
    return settings


def _refuse_invalid(where: Region, settings: dict[str, Any], definition: Any) -> None:
    if settings.get("launchType") == "FARGATE" and settings["schedulingStrategy"] == "DAEMON":
        raise _invalid("The scheduling strategy DAEMON is not supported when using the Fargate launch type.")
    if definition.network_mode == "awsvpc" and "awsvpcConfiguration" not in settings.get("networkConfiguration", {}):
        raise _invalid("Network Configuration must be provided when networkMode 'awsvpc' is specified.")
    if settings.get("healthCheckGracePeriodSeconds") and not settings["loadBalancers"]:
        raise _invalid("Health check grace period is only valid for services configured to use load balancers")
    if settings["availabilityZoneRebalancing"] == "ENABLED" and settings["deploymentConfiguration"]["maximumPercent"] <= 100:
        raise _invalid("Availability Zone rebalancing needs a maximumPercent above 100")
    containers = {each["name"] for each in definition.container_definitions}
    for each in settings["loadBalancers"]:
        group = where.target_groups.get(each.get("targetGroupArn"))
        if group is None:
            raise _invalid(f"Unable to find the target group {each.get('targetGroupArn')}")
        if group.load_balancer is None:
            raise _invalid(f"The target group with targetGroupArn {group.arn} does not have an associated load balancer.")
        if each.get("containerName") not in containers:
            raise _invalid(f"The container {each.get('containerName')} does not exist in the task definition.")


@operation("ecs", "UpdateService")
def update_service(call: Call) -> dict[str, Any]:
    """facts §3: "**UpdateService(desiredCount) does not trigger a deployment**"."""
    where, cluster = region(call), cluster_of(call)
    changed = service_of(where, cluster, call["service"])
    if changed.status != "ACTIVE":
        raise Refusal("ServiceNotActiveException", "Service was not ACTIVE.")
    definition = where.ecs.describe_task_definition(call["taskDefinition"]) if call["taskDefinition"] else changed.definition
    settings = _defaults(call, changed.settings)
    deploys = (
        bool(call["forceNewDeployment"])
        or definition is not changed.definition
        or any(settings.get(key) != changed.settings.get(key) for key in _DEPLOYS)
    )
    if deploys and changed.settings["deploymentController"]["type"] == "CODE_DEPLOY":
        raise _invalid(
            "Unable to update task definition on services with a CODE_DEPLOY deployment controller. Use AWS CodeDeploy to trigger a new deployment."
        )
    if any(
        call[key] is not None
        for key in ("loadBalancers", "healthCheckGracePeriodSeconds", "availabilityZoneRebalancing", "deploymentConfiguration")
    ):
        _refuse_invalid(where, settings, definition)
    changed.settings = settings
    if call["desiredCount"] is not None:
        changed.desired_count = call["desiredCount"]
    if deploys:
        changed.deploy(definition)
    else:
        changed.look()
    return {"service": describe(changed, True)}


@operation("ecs", "DeleteService")
def delete_service(call: Call) -> dict[str, Any]:
    where, cluster = region(call), cluster_of(call)
    gone = service_of(where, cluster, call["service"])
    if gone.status == "INACTIVE":
        raise Refusal("ServiceNotActiveException", "Service was not ACTIVE.")
    if gone.desired_count > 0 and not call["force"]:
        raise _invalid("The service cannot be stopped while it is scaled above 0.")
    gone.drain()
    return {"service": describe(gone, True)}


@operation("ecs", "DescribeServices")
def describe_services(call: Call) -> dict[str, Any]:
    """facts §3: "DescribeServices ≤10"."""
    where, cluster, names = region(call), cluster_of(call), call["services"] or []
    if not 1 <= len(names) <= 10:
        raise _invalid("Services must have between 1 and 10 elements.")
    services, failures = [], []
    for name in names:
        arn = where.arn("ecs", f"service/{cluster.name}/{name.rsplit('/', 1)[-1]}")
        if arn in where.services and (not name.startswith("arn:") or name == arn):
            services.append(describe(where.services[arn], "TAGS" in (call["include"] or [])))
        else:
            failures.append({"arn": name if name.startswith("arn:") else arn, "reason": "MISSING"})
    return {"services": services, "failures": failures}


@operation("ecs", "ListServices")
def list_services(call: Call) -> dict[str, Any]:
    """facts §3: "ListServices default 10/max 100"."""
    where, cluster = region(call), cluster_of(call)
    found = [each for each in where.services.values() if each.cluster is cluster and each.status != "INACTIVE"]
    if call["launchType"]:
        found = [each for each in found if each.settings.get("launchType") == call["launchType"]]
    if call["schedulingStrategy"]:
        found = [each for each in found if each.settings["schedulingStrategy"] == call["schedulingStrategy"]]
    shown, token = page([each.arn for each in found], call["nextToken"], call["maxResults"] or 10, "InvalidParameterException")
    return {"serviceArns": shown, "nextToken": token}


def describe(service: Scheduler, with_tags: bool) -> dict[str, Any]:
    shown = {key: value for key, value in copy.deepcopy(service.settings).items() if key in _KEPT}
    shown |= {
        "serviceArn": service.arn,
        "serviceName": service.name,
        "clusterArn": service.cluster.arn,
        "status": service.status,
        "desiredCount": service.desired_count,
        "runningCount": service.running_count(),
        "pendingCount": service.pending_count(),
        "taskDefinition": service.definition.arn,
        "platformFamily": "Linux",
        "deployments": service.describe_deployments(_OF_DEPLOYMENT),
        "taskSets": [],
        "events": service.events[:100],
        "createdAt": service.created,
        "createdBy": f"arn:aws:iam::{service.where.account_id}:root",
        "roleArn": f"arn:aws:iam::{service.where.account_id}:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS",
    }
    if with_tags:
        shown["tags"] = service.tags
    return shown
