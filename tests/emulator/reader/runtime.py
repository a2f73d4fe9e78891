"""The runtime tier, with every id that changes each night replaced by what it stands for.

So a document of the evening and one of the morning are equal when everything came back.
"""

import json
import re
from typing import Any

from .account import VOLATILE, Account, attributes, tags, without


def read(account: Account) -> dict[str, Any]:
    nat_gateways = _alive(account)
    return {
        "addresses": _addresses(account),
        "natGateways": {name: _nat_gateway(each) for name, each in nat_gateways.items()},
        "defaultRoutes": _default_routes(account, {each["NatGatewayId"]: name for name, each in nat_gateways.items()}),
        "loadBalancers": {each["LoadBalancerName"]: _load_balancer(account, each) for each in _balancers(account)},
        "dnsRecords": _dns_records(account),
        "services": _services(account),
        "autoScaling": _auto_scaling(account),
        "targetHealth": _target_health(account),
        "databases": _databases(account),
        "vpcEndpoints": _vpc_endpoints(account),
        "instances": _instances(account),
        "autoScalingGroups": _groups(account),
        "alarms": _alarms(account),
    }


def _alive(account: Account) -> dict[str, dict[str, Any]]:
    """NAT gateways by where they stand; those that are deleted stay described for an hour (facts §1)."""
    found: dict[str, dict[str, Any]] = {}
    for each in account.all("ec2", "describe_nat_gateways", "NatGateways"):
        if each["State"] in ("pending", "available", "failed", "deleting"):
            where = each.get("SubnetId") or each["VpcId"]
            name, number = f"NAT gateway in {where}", 2
            while name in found:
                name, number = f"NAT gateway {number} in {where}", number + 1
            found[name] = each
    return found


def _nat_gateway(each: dict[str, Any]) -> dict[str, Any]:
    return {
        "state": each["State"],
        "subnet": each.get("SubnetId"),
        "vpc": each["VpcId"],
        "connectivity": each["ConnectivityType"],
        "availability": each.get("AvailabilityMode"),
        "allocations": [one.get("AllocationId") for one in each["NatGatewayAddresses"]],
        "publicIps": [one.get("PublicIp") for one in each["NatGatewayAddresses"]],
        **tags(each.get("Tags")),
    }


def _addresses(account: Account) -> dict[str, Any]:
    return {
        each["AllocationId"]: {"publicIp": each["PublicIp"], "inUse": "AssociationId" in each, **tags(each.get("Tags"))}
        for each in account.all("ec2", "describe_addresses", "Addresses")
    }


def _default_routes(account: Account, names: dict[str, str]) -> dict[str, Any]:
    found = {}
    for table in account.all("ec2", "describe_route_tables", "RouteTables"):
        for route in table["Routes"]:
            destination = route.get("DestinationCidrBlock") or route.get("DestinationIpv6CidrBlock")
            if destination in ("0.0.0.0/0", "::/0"):
                gone = "a NAT gateway that is gone" if "NatGatewayId" in route else None
                target = names.get(route.get("NatGatewayId", ""), gone) or route.get("GatewayId")
                found[f"{table['RouteTableId']} {destination}"] = {"target": target, "state": route["State"]}
    return found


def _balancers(account: Account) -> list[dict[str, Any]]:
    return account.all("elbv2", "describe_load_balancers", "LoadBalancers")


def _load_balancer(account: Account, each: dict[str, Any]) -> dict[str, Any]:
    arn, elb = each["LoadBalancerArn"], account.client("elbv2")
    listeners = account.all("elbv2", "describe_listeners", "Listeners", LoadBalancerArn=arn)
    rules = {one["ListenerArn"]: account.all("elbv2", "describe_rules", "Rules", ListenerArn=one["ListenerArn"]) for one in listeners}
    own_rules = [rule for of_listener in rules.values() for rule in of_listener if not rule["IsDefault"]]
    labels = account.balancing_tags([arn, *rules, *(rule["RuleArn"] for rule in own_rules)])
    shown = without(
        each, *VOLATILE, "LoadBalancerArn", "DNSName", "LoadBalancerName", "LoadBalancerAddresses", "AvailabilityZones", "State"
    )
    return shown | {
        "state": each["State"]["Code"],
        "SecurityGroups": sorted(each.get("SecurityGroups", [])),
        "zones": {zone["ZoneName"]: zone["SubnetId"] for zone in sorted(each["AvailabilityZones"], key=lambda zone: zone["ZoneName"])},
        "attributes": attributes(elb.describe_load_balancer_attributes(LoadBalancerArn=arn)["Attributes"]),
        "webAcl": account.client("wafv2").get_web_acl_for_resource(ResourceArn=arn).get("WebACL", {}).get("Name"),
        "listeners": {str(one["Port"]): _listener(account, one, rules[one["ListenerArn"]], labels) for one in listeners},
        **labels[arn],
    }


def _listener(account: Account, each: dict[str, Any], rules: list[dict[str, Any]], labels: dict[str, Any]) -> dict[str, Any]:
    arn = each["ListenerArn"]
    certificates = (
        account.all("elbv2", "describe_listener_certificates", "Certificates", ListenerArn=arn)
        if each["Protocol"] in ("HTTPS", "TLS")
        else []
    )
    found = account.client("elbv2").describe_listener_attributes(ListenerArn=arn)["Attributes"]
    return without(each, "ListenerArn", "LoadBalancerArn", "Certificates") | {
        "certificates": sorted(one["CertificateArn"] + (" (default)" if one["IsDefault"] else "") for one in certificates),
        "attributes": attributes(found),
        "rules": {rule["Priority"]: without(rule, "RuleArn", "Priority") | labels.get(rule["RuleArn"], {}) for rule in rules},
        **labels[arn],
    }


def _dns_records(account: Account) -> dict[str, Any]:
    by_dns_name = {each["DNSName"].lower(): each["LoadBalancerName"] for each in _balancers(account)}
    found = {}
    for zone in account.all("route53", "list_hosted_zones", "HostedZones"):
        for each in account.all("route53", "list_resource_record_sets", "ResourceRecordSets", HostedZoneId=zone["Id"]):
            if each["Type"] not in ("NS", "SOA"):
                shown = without(each, "Name", "Type")
                if "AliasTarget" in each:
                    name = each["AliasTarget"]["DNSName"].rstrip(".")
                    form, plain = ("dualstack ", name.removeprefix("dualstack.")) if name.startswith("dualstack.") else ("", name)
                    shown["AliasTarget"]["DNSName"] = f"{form}load balancer {by_dns_name[plain]}" if plain in by_dns_name else name
                found[f"{each['Name']} {each['Type']} {each.get('SetIdentifier', '')}".strip()] = shown
    return found


def _services(account: Account) -> dict[str, Any]:
    found = {}
    for cluster in account.all("ecs", "list_clusters", "clusterArns"):
        names = account.all("ecs", "list_services", "serviceArns", cluster=cluster)
        for start in range(0, len(names), 10):
            answer = account.client("ecs").describe_services(cluster=cluster, services=names[start : start + 10], include=["TAGS"])
            for each in answer["services"]:
                primary = next((one for one in each["deployments"] if one["status"] == "PRIMARY"), {})
                extra = {key: primary[key] for key in ("serviceConnectConfiguration", "volumeConfigurations") if key in primary}
                shown = without(each, *VOLATILE, "tags", "serviceName")
                found[each["serviceName"]] = shown | extra | {"rolloutState": primary.get("rolloutState")} | tags(each.get("tags"))
    return found


def _auto_scaling(account: Account) -> dict[str, Any]:
    """Scalable targets with their policies and scheduled actions; a label by the load balancer's name and whether it is
    there.
    """
    labels = {each["LoadBalancerArn"].split(":loadbalancer/")[1]: each["LoadBalancerName"] for each in _balancers(account)}

    def policy(each: dict[str, Any]) -> dict[str, Any]:
        metric = each.get("TargetTrackingScalingPolicyConfiguration", {}).get("PredefinedMetricSpecification", {})
        if "ResourceLabel" in metric:
            balancer, _, group = metric["ResourceLabel"].partition("/targetgroup/")
            metric["ResourceLabel"] = f"{labels.get(balancer, 'a load balancer that is gone')} › {group}"
        # Target tracking makes its alarms anew whenever it is put.
        return without(each, *VOLATILE, "CreationTime", "Alarms") | {"alarms": len(each["Alarms"])}

    found: dict[str, Any] = {}
    for each in account.all("application-autoscaling", "describe_scalable_targets", "ScalableTargets", ServiceNamespace="ecs"):
        found[each["ResourceId"]] = without(each, *VOLATILE, "CreationTime") | {"policies": {}, "scheduledActions": {}}
    for each in account.all("application-autoscaling", "describe_scaling_policies", "ScalingPolicies", ServiceNamespace="ecs"):
        found[each["ResourceId"]]["policies"][each["PolicyName"]] = policy(each)
    for each in account.all("application-autoscaling", "describe_scheduled_actions", "ScheduledActions", ServiceNamespace="ecs"):
        found[each["ResourceId"]]["scheduledActions"][each["ScheduledActionName"]] = without(each, *VOLATILE, "CreationTime")
    return found


def _target_health(account: Account) -> dict[str, Any]:
    """How many targets are in which state, by target group."""
    found = {}
    for group in account.all("elbv2", "describe_target_groups", "TargetGroups"):
        targets = account.client("elbv2").describe_target_health(TargetGroupArn=group["TargetGroupArn"])["TargetHealthDescriptions"]
        states = [each["TargetHealth"]["State"] for each in targets]
        found[group["TargetGroupName"]] = {state: states.count(state) for state in sorted(set(states))}
    return found


def _databases(account: Account) -> dict[str, str]:
    """What each database is doing; all else of it is base tier."""
    instances = account.all("rds", "describe_db_instances", "DBInstances")
    clusters = account.all("rds", "describe_db_clusters", "DBClusters")
    found = {f"instance {each['DBInstanceIdentifier']}": each["DBInstanceStatus"] for each in instances}
    return found | {f"cluster {each['DBClusterIdentifier']}": each["Status"] for each in clusters}


def _vpc_endpoints(account: Account) -> dict[str, Any]:
    """By VPC and service; what is new each morning left out, and how many of its interfaces there are."""
    found: dict[str, Any] = {}
    for each in account.all("ec2", "describe_vpc_endpoints", "VpcEndpoints"):
        name, number = f"{each['ServiceName']} in {each['VpcId']}", 2
        while name in found:
            name, number = f"{each['ServiceName']} {number} in {each['VpcId']}", number + 1
        shown = without(each, "VpcEndpointId", "CreationTimestamp", "DnsEntries", "NetworkInterfaceIds", "Tags")
        shown |= {key: sorted(each.get(key, [])) for key in ("SubnetIds", "RouteTableIds")}
        shown["PolicyDocument"] = json.loads(each["PolicyDocument"])
        found[name] = shown | {"interfaces": len(each.get("NetworkInterfaceIds", []))} | tags(each.get("Tags"))
    return found


def _instances(account: Account) -> dict[str, str]:
    """What each instance of no group is doing; all else of it is base tier."""
    reservations = account.all("ec2", "describe_instances", "Reservations")
    found = [each for reservation in reservations for each in reservation["Instances"]]
    alone = [each for each in found if GROUP not in {tag["Key"] for tag in each.get("Tags", [])}]
    return {each["InstanceId"]: each["State"]["Name"] for each in alone}


#: The tag of an instance that belongs to an Auto Scaling group.
GROUP = "aws:autoscaling:groupName"


def _alarms(account: Account) -> dict[str, Any]:
    """With the names of the load balancers and NAT gateways that are there in the place of what metrics call them."""
    said = json.dumps({each["AlarmName"]: _alarm(account, each) for each in account.all("cloudwatch", "describe_alarms", "MetricAlarms")})
    for each in _balancers(account):
        said = said.replace(each["LoadBalancerArn"].split(":loadbalancer/")[1], f"load balancer {each['LoadBalancerName']}")
    for name, each in _alive(account).items():
        said = said.replace(each["NatGatewayId"], name)
    said = re.sub(r"nat-[0-9a-f]{17}", "a NAT gateway that is gone", said)
    return dict(json.loads(re.sub(r"app/[A-Za-z0-9-]+/[0-9a-f]{16}", "a load balancer that is gone", said)))


def _alarm(account: Account, each: dict[str, Any]) -> dict[str, Any]:
    own = account.client("cloudwatch").list_tags_for_resource(ResourceARN=each["AlarmArn"])["Tags"]
    times = [key for key in each if key.endswith("Timestamp")]
    return without(each, "AlarmName", "StateReason", *times) | tags(own)


def _groups(account: Account) -> dict[str, Any]:
    """The capacity of each Auto Scaling group, and how many instances it has in which state: those are others each morning."""
    found = {}
    for each in account.all("autoscaling", "describe_auto_scaling_groups", "AutoScalingGroups"):
        states = [one["LifecycleState"] for one in each["Instances"]]
        found[each["AutoScalingGroupName"]] = {key: each[key] for key in ("MinSize", "DesiredCapacity", "MaxSize")} | {
            "instances": {state: states.count(state) for state in sorted(set(states))}
        }
    return found


def billable(account: Account) -> list[dict[str, str]]:
    """What the runtime tier costs money for now: NAT gateways, load balancers, tasks, addresses, and the hours
    of databases and instances.
    """
    found = [
        {"kind": "natGateway", "name": name, "state": each["State"]} for name, each in _alive(account).items() if each["State"] != "failed"
    ]
    found += [{"kind": "loadBalancer", "name": each["LoadBalancerName"], "state": each["State"]["Code"]} for each in _balancers(account)]
    for cluster in account.all("ecs", "list_clusters", "clusterArns"):
        names = [
            name
            for status in ("RUNNING", "STOPPED")
            for name in account.all("ecs", "list_tasks", "taskArns", cluster=cluster, desiredStatus=status)
        ]
        for start in range(0, len(names), 100):
            tasks = account.client("ecs").describe_tasks(cluster=cluster, tasks=names[start : start + 100])["tasks"]
            found += [
                {"kind": "task", "name": each["group"], "state": each["lastStatus"]} for each in tasks if each["lastStatus"] != "STOPPED"
            ]
    found += [
        {"kind": "address", "name": each["AllocationId"], "state": "in use" if "AssociationId" in each else "idle"}
        for each in account.all("ec2", "describe_addresses", "Addresses")
    ]
    found += [
        {"kind": "database", "name": name, "state": status}
        for name, status in _databases(account).items()
        if status not in ("starting", "stopping", "stopped")
    ]
    found += [
        {"kind": "vpcEndpoint", "name": name, "state": each["State"]}
        for name, each in _vpc_endpoints(account).items()
        if each["VpcEndpointType"] == "Interface"
    ]
    found += [
        {"kind": "instance", "name": name, "state": state}
        for name, state in _instances(account).items()
        if state not in ("pending", "stopping", "stopped", "terminated")
    ]
    found += [
        {"kind": "instance", "name": name, "state": state}
        for name, group in _groups(account).items()
        for state, count in group["instances"].items()
        for _ in range(count)
    ]
    return sorted(found, key=lambda each: (each["kind"], each["name"], each["state"]))
