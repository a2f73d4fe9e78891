"""A blueprint's runtime tier made with boto3, as a patient person would: so that the suite needs none of Curfew's code.

It makes what the three examples and the template's own blueprint use, no more. `raise --endpoint URL --laid JSON`, with the line that `lay` printed, does it for one.
"""

import argparse
import json
import urllib.request
from collections.abc import Callable
from typing import Any

import yaml
from reader.account import Account

_CONFIG = {
    "host-header": "HostHeaderConfig",
    "path-pattern": "PathPatternConfig",
    "http-header": "HttpHeaderConfig",
    "query-string": "QueryStringConfig",
    "http-request-method": "HttpRequestMethodConfig",
    "source-ip": "SourceIpConfig",
}


def raise_tier(client: Callable[[str], Any], advance: Callable[[float], None], blueprint: dict[str, Any]) -> None:
    """NAT gateways and load balancers, listeners while those are provisioned, then routes, then tasks."""
    ec2, ecs = client("ec2"), client("ecs")
    nat_gateways = {}
    for name, each in blueprint["natGateways"].items():
        address = ec2.allocate_address(TagSpecifications=_specification(blueprint, "elastic-ip", each["address"]))["AllocationId"]
        tags = _specification(blueprint, "natgateway", name)
        made = ec2.create_nat_gateway(SubnetId=each["subnet"], AllocationId=address, ClientToken=name, TagSpecifications=tags)
        nat_gateways[name] = made["NatGateway"]["NatGatewayId"]
    for name, each in blueprint["loadBalancers"].items():
        _load_balancer(client, blueprint, name, each)
    advance(160)
    for each in blueprint["routes"]:
        gateway = nat_gateways[each["natGateway"]]
        ec2.create_route(RouteTableId=each["routeTable"], DestinationCidrBlock=each.get("destination", "0.0.0.0/0"), NatGatewayId=gateway)
    for name, each in blueprint["services"].items():
        if ecs.describe_services(cluster=blueprint["cluster"], services=[name])["services"]:
            ecs.update_service(cluster=blueprint["cluster"], service=name, desiredCount=each["desiredCount"])
        else:
            _service(ecs, blueprint, name, each)
    advance(120)


def _service(ecs: Any, blueprint: dict[str, Any], name: str, each: dict[str, Any]) -> None:
    """One that the blueprint describes, because it was never there: it runs the newest revision of its family."""
    defined = each["definition"]
    network = {"subnets": defined["subnets"], "securityGroups": defined["securityGroups"], "assignPublicIp": "DISABLED"}
    attachments = [
        {"targetGroupArn": one["targetGroup"], "containerName": one["container"], "containerPort": one["port"]} for one in defined["attachments"]
    ]
    ecs.create_service(
        cluster=blueprint["cluster"],
        serviceName=name,
        taskDefinition=each["taskDefinition"],
        desiredCount=each["desiredCount"],
        launchType="FARGATE",
        loadBalancers=attachments,
        networkConfiguration={"awsvpcConfiguration": network},
        deploymentConfiguration={"deploymentCircuitBreaker": {"enable": True, "rollback": True}},
        tags=[{"key": tag["Key"], "value": tag["Value"]} for tag in _tags(blueprint, name)],
    )


def _tags(blueprint: dict[str, Any], name: str, own: dict[str, str] | None = None) -> list[dict[str, str]]:
    tags = blueprint["tags"] | (own or {}) | {"curfew:environment": blueprint["environment"], "curfew:name": name}
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def _specification(blueprint: dict[str, Any], resource_type: str, name: str) -> list[dict[str, Any]]:
    return [{"ResourceType": resource_type, "Tags": _tags(blueprint, name)}]


def _pairs(attributes: dict[str, str] | None) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in (attributes or {}).items()]


def _load_balancer(client: Callable[[str], Any], blueprint: dict[str, Any], name: str, each: dict[str, Any]) -> None:
    elb = client("elbv2")
    made = elb.create_load_balancer(
        Name=name,
        Scheme=each["scheme"],
        IpAddressType=each.get("ipAddressType", "ipv4"),
        Subnets=each["subnets"],
        SecurityGroups=each["securityGroups"],
        Tags=_tags(blueprint, name, each.get("tags")),
    )["LoadBalancers"][0]
    elb.modify_load_balancer_attributes(LoadBalancerArn=made["LoadBalancerArn"], Attributes=_pairs(each.get("attributes")))
    for port, listener in each["listeners"].items():
        _listener(elb, blueprint, made["LoadBalancerArn"], port, listener)
    for record in blueprint.get("dnsRecords", []):
        alias = {
            "HostedZoneId": made["CanonicalHostedZoneId"],
            "DNSName": made["DNSName"],
            "EvaluateTargetHealth": record.get("evaluateTargetHealth", False),
        }
        one = {"Name": record["name"], "Type": record["type"], "AliasTarget": alias}
        batch = {"Changes": [{"Action": "UPSERT", "ResourceRecordSet": one}]}
        client("route53").change_resource_record_sets(HostedZoneId=record["zone"], ChangeBatch=batch)


def _listener(elb: Any, blueprint: dict[str, Any], balancer: str, port: int, listener: dict[str, Any]) -> None:
    secure = {}
    if "certificate" in listener:
        secure = {"SslPolicy": listener["sslPolicy"], "Certificates": [{"CertificateArn": listener["certificate"]}]}
    arn = elb.create_listener(
        LoadBalancerArn=balancer,
        Port=port,
        Protocol=listener["protocol"],
        DefaultActions=[_action(each) for each in listener["defaultActions"]],
        Tags=_tags(blueprint, f"{port}"),
        **secure,
    )["Listeners"][0]["ListenerArn"]
    if more := listener.get("additionalCertificates"):
        elb.add_listener_certificates(ListenerArn=arn, Certificates=[{"CertificateArn": each} for each in more])
    if "attributes" in listener:
        elb.modify_listener_attributes(ListenerArn=arn, Attributes=_pairs(listener["attributes"]))
    for priority, rule in listener.get("rules", {}).items():
        elb.create_rule(
            ListenerArn=arn,
            Priority=priority,
            Conditions=[_condition(each) for each in rule["conditions"]],
            Actions=[_action(each) for each in rule["actions"]],
            Tags=_tags(blueprint, f"{port}/{priority}", rule.get("tags")),
        )


def _condition(each: dict[str, Any]) -> dict[str, Any]:
    values = each["values"]
    if each["field"] == "query-string":
        values = [{word.capitalize(): text for word, text in pair.items()} for pair in values]
    header = {"HttpHeaderName": each["name"]} if "name" in each else {}
    return {"Field": each["field"], _CONFIG[each["field"]]: header | {"Values": values}}


def _action(each: dict[str, Any]) -> dict[str, Any]:
    if each["type"] == "forward":
        groups = [{"TargetGroupArn": one["arn"], "Weight": one.get("weight", 1)} for one in each["targetGroups"]]
        config: dict[str, Any] = {"TargetGroups": groups}
        if "stickiness" in each:
            stickiness = each["stickiness"]
            config["TargetGroupStickinessConfig"] = {"Enabled": stickiness["enabled"], "DurationSeconds": stickiness["durationSeconds"]}
        return {"Type": "forward", "ForwardConfig": config}
    key = {"redirect": "RedirectConfig", "fixed-response": "FixedResponseConfig"}[each["type"]]
    return {"Type": each["type"], key: {name[0].upper() + name[1:]: value for name, value in each.items() if name != "type"}}


def main() -> None:
    parser = argparse.ArgumentParser(prog="raise", description=__doc__)
    parser.add_argument("--endpoint", required=True, help="the emulator's URL")
    parser.add_argument("--laid", required=True, type=json.loads, help="the line that `lay` printed")
    chosen = parser.parse_args()
    account = Account(chosen.endpoint.rstrip("/"), chosen.laid["region"])

    def advance(seconds: float) -> None:
        body = json.dumps({"seconds": seconds}).encode()
        urllib.request.urlopen(urllib.request.Request(f"{account.endpoint}/_emulator/advance", body, method="POST")).close()

    blueprint = account.client("ssm").get_parameter(Name=chosen.laid["parameter"])["Parameter"]["Value"]
    raise_tier(account.client, advance, yaml.safe_load(blueprint))


if __name__ == "__main__":
    main()
