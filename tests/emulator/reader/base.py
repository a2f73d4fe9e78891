"""Everything that is not runtime tier: what no night may change."""

import json
from typing import Any

from .account import VOLATILE, Account, attributes, tags, without


def read(account: Account) -> dict[str, Any]:
    return _network(account) | _front(account) | _behind(account) | _other(account)


def _network(account: Account) -> dict[str, Any]:
    return {
        "vpcs": _tagged(account, "describe_vpcs", "Vpcs", "VpcId"),
        "subnets": _tagged(account, "describe_subnets", "Subnets", "SubnetId", "AvailableIpAddressCount"),
        "internetGateways": _tagged(account, "describe_internet_gateways", "InternetGateways", "InternetGatewayId"),
        "securityGroups": _tagged(account, "describe_security_groups", "SecurityGroups", "GroupId"),
        "routeTables": {
            each["RouteTableId"]: without(each, "Tags", "Routes")
            | {"routes": [without(route) for route in each["Routes"] if "NatGatewayId" not in route]}
            | tags(each["Tags"])
            for each in account.all("ec2", "describe_route_tables", "RouteTables")
        },
    }


def _tagged(account: Account, operation: str, key: str, identifier: str, *more: str) -> dict[str, Any]:
    return {each[identifier]: without(each, "Tags", *more) | tags(each.get("Tags")) for each in account.all("ec2", operation, key)}


def _front(account: Account) -> dict[str, Any]:
    groups = account.all("elbv2", "describe_target_groups", "TargetGroups")
    labels = account.balancing_tags([each["TargetGroupArn"] for each in groups])
    elb = account.client("elbv2")
    return {
        "targetGroups": {
            each["TargetGroupArn"]: without(each, "LoadBalancerArns")
            | {"attributes": attributes(elb.describe_target_group_attributes(TargetGroupArn=each["TargetGroupArn"])["Attributes"])}
            | labels[each["TargetGroupArn"]]
            for each in groups
        },
        "certificates": sorted(
            f"{each['CertificateArn']} {each['DomainName']}" for each in account.all("acm", "list_certificates", "CertificateSummaryList")
        ),
        "zones": sorted(f"{each['Id']} {each['Name']}" for each in account.all("route53", "list_hosted_zones", "HostedZones")),
    }


def _behind(account: Account) -> dict[str, Any]:
    ecs = account.client("ecs")
    clusters = account.all("ecs", "list_clusters", "clusterArns")
    described = ecs.describe_clusters(clusters=clusters, include=["TAGS", "SETTINGS"])["clusters"] if clusters else []
    counts = ("runningTasksCount", "pendingTasksCount", "activeServicesCount", "tags")
    repositories = account.all("ecr", "describe_repositories", "repositories")
    return {
        # Overrides are tags of the cluster: Curfew's drawer is not base tier.
        "clusters": {each["clusterArn"]: without(each, *counts) | without(tags(each.get("tags")), "curfewTags") for each in described},
        "taskDefinitions": sorted(account.all("ecs", "list_task_definitions", "taskDefinitionArns")),
        "repositories": sorted(each["repositoryArn"] for each in repositories),
        "logGroups": {
            each["logGroupName"]: each.get("retentionInDays") for each in account.all("logs", "describe_log_groups", "logGroups")
        },
        "roles": {each["RoleName"]: each["AssumeRolePolicyDocument"] for each in account.all("iam", "list_roles", "Roles")},
    }


def _other(account: Account) -> dict[str, Any]:
    databases = account.all("rds", "describe_db_instances", "DBInstances")
    return {
        "secrets": sorted(each["ARN"] for each in account.all("secretsmanager", "list_secrets", "SecretList")),
        "parameters": {each["Name"]: each["Version"] for each in account.all("ssm", "describe_parameters", "Parameters")},
        "databases": {
            each["DBInstanceIdentifier"]: json.loads(
                json.dumps(without(each, *VOLATILE, "InstanceCreateTime", "LatestRestorableTime", "DBInstanceStatus"), default=str)
            )
            for each in databases
        },
        "buckets": sorted(each["Name"] for each in account.client("s3").list_buckets()["Buckets"]),
        "topics": sorted(each["TopicArn"] for each in account.all("sns", "list_topics", "Topics")),
    }
