"""Load balancers: provisioned in time, unique by name, new in every id, gone at once.

facts §2: "States `provisioning|active|active_impaired|failed`", "There is **no `deleting` state**", "New ARN, new DNS
name (random suffix), new IPs each time". Moto makes them active at once, with the same names again, and twice.
"""

import random
from typing import Any

from . import latencies
from .account import Region, region
from .clock import clock
from .elb import find_kind, identifier, kind, tags_of
from .load_balancer_attributes import defaults
from .mishaps import load_balancer_deleted
from .operations import Call, Refusal, operation
from .pages import page
from .target_group import note_attachments

#: The zones that alias records to load balancers point into, from AWS's list of endpoints.
HOSTED_ZONES = {
    "us-east-1": "Z35SXDOTRQ7X7K",
    "us-east-2": "Z3AADJGX6KTTL2",
    "us-west-2": "Z1H1FL5HABSF5",
    "eu-central-1": "Z215JYRZR1TBD5",
    "eu-west-1": "Z32O12XQLNTSW2",
}
#: facts §2: "Quotas: 50 ALB/region"
QUOTA = 50


class LoadBalancer:
    def __init__(self, where: Region, settings: dict[str, Any], tags: dict[str, str]) -> None:
        self.where = where
        self.settings = settings
        self.name: str = settings["LoadBalancerName"]
        family = {"application": "app", "network": "net", "gateway": "gwy"}[settings["Type"]]
        self.arn = where.arn("elasticloadbalancing", f"loadbalancer/{family}/{self.name}/{identifier()}")
        prefix = "internal-" if settings["Scheme"] == "internal" else ""
        self.dns_name = f"{prefix}{self.name}-{random.randint(10**8, 10**10)}.{where.name}.elb.amazonaws.com"
        self.tags = tags
        self.attributes = defaults(settings)
        self.created = clock.date()
        self.active_at = clock.now() + latencies.LOAD_BALANCER_CREATE

    @property
    def active(self) -> bool:
        return clock.now() >= self.active_at

    def describe(self) -> dict[str, Any]:
        subnets = [self.where.ec2.get_subnet(each) for each in self.settings["Subnets"]]
        described = {key: value for key, value in self.settings.items() if key not in ("Subnets", "SubnetMappings")}
        mappings = {each["SubnetId"]: each for each in self.settings["SubnetMappings"]}
        return described | {
            "LoadBalancerArn": self.arn,
            "DNSName": self.dns_name,
            "CanonicalHostedZoneId": HOSTED_ZONES.get(self.where.name, "Z2P70J7EXAMPLE"),
            "CreatedTime": self.created,
            "VpcId": subnets[0].vpc_id,
            "State": {"Code": "active" if self.active else "provisioning"},
            "AvailabilityZones": [
                {
                    "ZoneName": subnet.availability_zone,
                    "SubnetId": subnet.id,
                    "LoadBalancerAddresses": _addresses(mappings.get(subnet.id, {})),
                }
                for subnet in subnets
            ],
        }


def _addresses(mapping: dict[str, str]) -> list[dict[str, str]]:
    kept = {key: value for key, value in mapping.items() if key in ("AllocationId", "PrivateIPv4Address", "IPv6Address")}
    return [kept] if kept else []


def by_name(where: Region, name: str) -> LoadBalancer | None:
    return next((each for each in where.load_balancers.values() if each.name == name), None)


@operation("elbv2", "CreateLoadBalancer")
def create_load_balancer(call: Call) -> dict[str, Any]:
    """facts §2: "multiple with same settings, each call succeeds … and **returns the existing one**; different
    settings → DuplicateLoadBalancerName"; "silent adoption of someone else's ALB": tags are not compared.
    """
    where, tags = region(call), tags_of(call)
    settings = _settings(call, where)
    existing = by_name(where, settings["LoadBalancerName"])
    if existing is not None:
        if _comparable(existing.settings) != _comparable(settings):
            raise Refusal(
                "DuplicateLoadBalancerName", f"A load balancer with the same name '{existing.name}' exists, but with different settings"
            )
        return {"LoadBalancers": [existing.describe()]}
    if len(where.load_balancers) >= QUOTA:
        raise Refusal("TooManyLoadBalancers", "You've reached the limit on the number of load balancers for your account")
    made = LoadBalancer(where, settings, tags)
    where.load_balancers[made.arn] = made
    return {"LoadBalancers": [made.describe()]}


def _settings(call: Call, where: Region) -> dict[str, Any]:
    name = call["Name"] or ""
    if not (0 < len(name) <= 32 and all(letter.isalnum() or letter == "-" for letter in name)) or name[0] == "-" or name[-1] == "-":
        raise Refusal("ValidationError", f"The load balancer name '{name}' must have 1 to 32 letters, digits and hyphens")
    mappings = call["SubnetMappings"] or []
    settings: dict[str, Any] = {
        "LoadBalancerName": name,
        "Scheme": call["Scheme"] or "internet-facing",
        "Type": call["Type"] or "application",
        "IpAddressType": call["IpAddressType"] or "ipv4",
        "Subnets": call["Subnets"] or [each["SubnetId"] for each in mappings],
        "SubnetMappings": mappings,
    }
    checked_subnets(where, settings["Subnets"], settings["Type"])
    if settings["Type"] == "application":
        vpc = where.ec2.get_subnet(settings["Subnets"][0]).vpc_id
        settings["SecurityGroups"] = checked_groups(where, call["SecurityGroups"]) or [where.ec2.get_default_security_group(vpc).id]
    for optional in ("CustomerOwnedIpv4Pool", "IpamPools", "EnablePrefixForIpv6SourceNat"):
        if call[optional] is not None:
            settings[optional] = call[optional]
    return settings


def checked_subnets(where: Region, subnets: list[str], kind_of_balancer: str) -> list[str]:
    """facts §2: "subnets (≥2 AZ…)", "SubnetNotFound"."""
    for each in subnets:
        if not any(each in of_zone for of_zone in where.ec2.subnets.values()):
            raise Refusal("SubnetNotFound", f"The subnet ID '{each}' does not exist")
    zones = [where.ec2.get_subnet(each).availability_zone for each in subnets]
    if len(set(zones)) != len(zones):
        raise Refusal("InvalidConfigurationRequest", "A load balancer cannot be attached to multiple subnets in the same Availability Zone")
    if len(zones) < (2 if kind_of_balancer == "application" else 1):
        raise Refusal("ValidationError", "At least two subnets in two different Availability Zones must be specified")
    return subnets


def checked_groups(where: Region, groups: list[str] | None) -> list[str]:
    for each in groups or []:
        if where.ec2.get_security_group_from_id(each) is None:
            raise Refusal("InvalidSecurityGroup", f"The security group '{each}' does not exist")
    return list(groups or [])


def _comparable(settings: dict[str, Any]) -> dict[str, Any]:
    return {key: sorted(value) if key in ("Subnets", "SecurityGroups") else value for key, value in settings.items()}


@operation("elbv2", "DescribeLoadBalancers")
def describe_load_balancers(call: Call) -> dict[str, Any]:
    where = region(call)
    found = list(where.load_balancers.values())
    if call["LoadBalancerArns"]:
        found = [find_kind(where, each, "loadbalancer") for each in call["LoadBalancerArns"]]
    elif call["Names"]:
        found = [by_name(where, each) for each in call["Names"]]
        if None in found:
            missing = call["Names"][found.index(None)]
            raise Refusal("LoadBalancerNotFound", f"Load balancers '[{missing}]' not found")
    shown, marker = page(found, call["Marker"], call["PageSize"] or 400)
    return {"LoadBalancers": [each.describe() for each in shown], "NextMarker": marker}


@operation("elbv2", "DeleteLoadBalancer")
def delete_load_balancer(call: Call) -> dict[str, Any]:
    """facts §2: "DeleteLoadBalancer of a missing LB succeeds; deletion protection → OperationNotPermitted; …
    Listeners and rules die with it; targets stay registered in the TGs."
    """
    where, arn = region(call), call["LoadBalancerArn"]
    if kind(arn or "") != "loadbalancer":
        raise Refusal("ValidationError", f"'{arn}' is not a valid load balancer ARN")
    gone = where.load_balancers.get(arn)
    if gone is None:
        return {}
    if gone.attributes.get("deletion_protection.enabled") == "true":
        raise Refusal("OperationNotPermitted", f"Load balancer '{arn}' cannot be deleted because deletion protection is enabled")
    load_balancer_deleted(where, gone)
    for listener in [each for each in where.listeners.values() if each.load_balancer is gone]:
        for rule in [each for each in where.rules.values() if each.listener is listener]:
            del where.rules[rule.arn]
        del where.listeners[listener.arn]
    del where.load_balancers[arn]
    note_attachments(where)
    return {}


@operation("elbv2", "SetIpAddressType")
def set_ip_address_type(call: Call) -> dict[str, Any]:
    find_kind(region(call), call["LoadBalancerArn"], "loadbalancer").settings["IpAddressType"] = call["IpAddressType"]
    return {"IpAddressType": call["IpAddressType"]}


@operation("elbv2", "SetSecurityGroups")
def set_security_groups(call: Call) -> dict[str, Any]:
    where = region(call)
    changed = find_kind(where, call["LoadBalancerArn"], "loadbalancer")
    changed.settings["SecurityGroups"] = checked_groups(where, call["SecurityGroups"])
    return {"SecurityGroupIds": changed.settings["SecurityGroups"]}


@operation("elbv2", "SetSubnets")
def set_subnets(call: Call) -> dict[str, Any]:
    where = region(call)
    changed = find_kind(where, call["LoadBalancerArn"], "loadbalancer")
    mappings = call["SubnetMappings"] or []
    subnets = call["Subnets"] or [each["SubnetId"] for each in mappings]
    changed.settings["Subnets"] = checked_subnets(where, subnets, changed.settings["Type"])
    changed.settings["SubnetMappings"] = mappings
    if call["IpAddressType"]:
        changed.settings["IpAddressType"] = call["IpAddressType"]
    return {"AvailabilityZones": changed.describe()["AvailabilityZones"], "IpAddressType": changed.settings["IpAddressType"]}
