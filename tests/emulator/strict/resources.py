"""Everything that a region holds and that can have tags, by ARN, with its tags now: what the Tagging API indexes."""

from typing import Any

from .account import Region

#: EC2's id prefixes and the resource types of their ARNs (facts §7: "strings = ARN parts").
_EC2_TYPES = {
    "nat": "natgateway",
    "eipalloc": "elastic-ip",
    "vpc": "vpc",
    "subnet": "subnet",
    "rtb": "route-table",
    "sg": "security-group",
    "igw": "internet-gateway",
    "eni": "network-interface",
    "vpce": "vpc-endpoint",
    "i": "instance",
}


def taggable(where: Region) -> dict[str, dict[str, str]]:
    """What exists; what never had a tag may be missing."""
    return _ec2(where) | _balancing(where) | _ecs(where) | _scaling(where) | _others(where)


def tags_of(where: Region, arn: str) -> dict[str, str]:
    """The tags that something of EC2, Elastic Load Balancing, ECS, RDS, CloudWatch or auto scaling has now; none if it is not there."""
    kinds = {
        "ec2": _ec2,
        "elasticloadbalancing": _balancing,
        "ecs": _ecs,
        "rds": _databases,
        "application-autoscaling": _scaling,
        "cloudwatch": _alarms,
        "autoscaling": _groups,
    }
    read = kinds.get(arn.split(":")[2] if arn.startswith("arn:") else "")
    return read(where).get(arn, {}) if read else {}


def _ec2(where: Region) -> dict[str, dict[str, str]]:
    existing = {each.allocation_id for each in where.ec2.addresses} | set(where.ec2.nat_gateways)
    found = {}
    for identifier, tags in where.ec2.tags.items():
        prefix = identifier.split("-", 1)[0]
        if prefix in _EC2_TYPES and (prefix not in ("nat", "eipalloc") or identifier in existing):
            found[where.arn("ec2", f"{_EC2_TYPES[prefix]}/{identifier}")] = dict(tags)
    return found


def _balancing(where: Region) -> dict[str, dict[str, str]]:
    stores: list[dict[str, Any]] = [where.load_balancers, where.listeners, where.rules, where.target_groups]
    return {arn: dict(each.tags) for store in stores for arn, each in store.items()}


def _ecs(where: Region) -> dict[str, dict[str, str]]:
    owners = [each for each in where.services.values() if each.status != "INACTIVE"]
    owners += list(where.ecs.clusters.values())
    owners += [each for revisions in where.ecs.task_definitions.values() for each in revisions.values()]
    return {each.arn: {tag["key"]: tag["value"] for tag in each.tags or []} for each in owners}


def _databases(where: Region) -> dict[str, dict[str, str]]:
    from moto.rds.models import rds_backends

    backend = rds_backends[where.account_id][where.name]
    named = [(f"db:{name}", each) for name, each in backend.databases.items()]
    named += [(f"cluster:{name}", each) for name, each in backend.clusters.items()]
    return {where.arn("rds", resource): {tag["Key"]: tag["Value"] for tag in each.tags or []} for resource, each in named}


def _alarms(where: Region) -> dict[str, dict[str, str]]:
    return {each.described["AlarmArn"]: dict(each.tags) for each in where.alarms.values()}


def _groups(where: Region) -> dict[str, dict[str, str]]:
    return {each.arn: {tag["Key"]: tag["Value"] for tag in each.tags} for each in _autoscaling(where).values()}


def group_arn(where: Region, name: str) -> str:
    """The ARN of an Auto Scaling group; one that is not there has none that IAM could know."""
    group = _autoscaling(where).get(name)
    return group.arn if group else where.arn("autoscaling", f"autoScalingGroup:*:autoScalingGroupName/{name}")


def _autoscaling(where: Region) -> dict[str, Any]:
    from moto.autoscaling.models import autoscaling_backends

    return autoscaling_backends[where.account_id][where.name].autoscaling_groups


def _scaling(where: Region) -> dict[str, dict[str, str]]:
    return {each.described["ScalableTargetARN"]: dict(each.tags) for each in where.scalable_targets.values()}


def _others(where: Region) -> dict[str, dict[str, str]]:
    """What moto's other services say of themselves: S3, SNS, RDS, secrets and so on."""
    from moto.core.resource_tagging import iter_taggable_backends

    found = {}
    for backend in iter_taggable_backends(where.account_id, where.name):
        if backend.SERVICE_NAMESPACE not in ("ec2", "elasticloadbalancing", "ecs", "application-autoscaling"):
            found |= {each.arn: dict(each.tags) for each in backend.iter_tagged_resources()}
    return found
