"""Interface VPC endpoints take their time, have their service's names for themselves, and keep them until they are gone.

Moto makes them `available` at once, lets any number of them have the same private names, forgets client tokens and DNS
options, and lists what was deleted for ever. AWS: "private-dns-enabled cannot be set because there is already a
conflicting DNS domain for … in the VPC …" (InvalidParameter).
"""

import json
from secrets import token_hex
from typing import Any

from . import latencies, network_interfaces
from .account import Region, region
from .clock import clock
from .ec2_filters import created_tags, matching, tag_list
from .mishaps import vpc_endpoint_deleted
from .operations import Call, Refusal, operation
from .pages import page

#: What AWS attaches where the request has no policy: everything is let through.
_DEFAULT_POLICY = {"Statement": [{"Action": "*", "Effect": "Allow", "Principal": "*", "Resource": "*"}]}
#: Services that have gateway endpoints too: private DNS is for inbound resolvers alone unless the request says otherwise.
_WITH_GATEWAYS = (".s3", ".dynamodb")


class VpcEndpoint:
    """One endpoint. The route out of a VPC looks at `service_name`, `vpc_id` and `state` (egress.py)."""

    def __init__(self, where: Region, call: Call) -> None:
        self.id = f"vpce-0{token_hex(8)}"
        self.where = where
        self.state = "pending"
        self.type = call["VpcEndpointType"] or "Gateway"
        self.vpc_id = call["VpcId"]
        self.service_name = call["ServiceName"]
        self.policy = call["PolicyDocument"] or json.dumps(_DEFAULT_POLICY)
        self.route_tables = call["RouteTableIds"] or []
        self.subnets = call["SubnetIds"] or []
        self.security_groups = call["SecurityGroupIds"] or []
        self.address_type = call["IpAddressType"] or "ipv4"
        self.private_dns = self.is_interface and call["PrivateDnsEnabled"] is not False
        self.created = clock.date()
        self.interfaces: list[Any] = []
        options = call["DnsOptions"] or {}
        self.dns_options = {"DnsRecordIpType": options.get("DnsRecordIpType", self.address_type)}
        inbound = "PrivateDnsOnlyForInboundResolverEndpoint"
        if self.service_name.endswith(_WITH_GATEWAYS):
            self.dns_options[inbound] = options.get(inbound, True) if self.private_dns else False
        elif inbound in options:
            raise Refusal("InvalidParameter", f"{inbound} is not supported for the service {self.service_name}.")

    @property
    def is_interface(self) -> bool:
        return self.type == "Interface"

    @property
    def tags(self) -> dict[str, str]:
        return dict(self.where.ec2.tags[self.id])

    def refuse_what_cannot_be(self) -> None:
        self.where.ec2.get_vpc(self.vpc_id)
        zones = [self.where.ec2.get_subnet(each).availability_zone for each in self.subnets]
        if len(set(zones)) < len(zones):
            raise Refusal("DuplicateSubnetsInSameZone", "Found another VPC endpoint subnet in the same availability zone.")
        for each in self.security_groups:
            if self.where.ec2.get_security_group_from_id(each) is None:
                raise Refusal("InvalidSecurityGroupID.NotFound", f"The security group ID '{each}' does not exist")
        others = [each for each in _all(self.where) if each.vpc_id == self.vpc_id and each.service_name == self.service_name]
        if self.private_dns and any(each.private_dns for each in others):
            message = (
                f"private-dns-enabled cannot be set because there is already a conflicting DNS domain for {self.service_name} in the VPC "
                f"{self.vpc_id}"
            )
            raise Refusal("InvalidParameter", message)
        if self.dns_options.get("PrivateDnsOnlyForInboundResolverEndpoint") and not any(each.type == "Gateway" for each in others):
            message = f"To set PrivateDnsOnlyForInboundResolverEndpoint to true, the VPC {self.vpc_id} must have a Gateway endpoint for the service."
            raise Refusal("InvalidParameter", message)

    def stand(self) -> None:
        self.interfaces = [
            network_interfaces.create(self.where, each, f"VPC Endpoint Interface {self.id}", kind="vpc_endpoint") for each in self.subnets
        ]

    def go(self) -> None:
        for each in self.interfaces:
            self.where.ec2.enis.pop(each.id, None)
        self.where.ec2.vpc_end_points.pop(self.id, None)
        self.where.ec2.tags.pop(self.id, None)

    def describe(self) -> dict[str, Any]:
        answer: dict[str, Any] = {
            "VpcEndpointId": self.id,
            "VpcEndpointType": self.type,
            "VpcId": self.vpc_id,
            "ServiceName": self.service_name,
            "State": self.state,
            "PolicyDocument": self.policy,
            "RouteTableIds": self.route_tables,
            "PrivateDnsEnabled": self.private_dns,
            "RequesterManaged": False,
            "CreationTimestamp": self.created,
            "Tags": tag_list(self.tags),
            "OwnerId": self.where.account_id,
            "ServiceRegion": self.where.name,
        }
        if self.is_interface:
            groups = [self.where.ec2.get_security_group_from_id(each) for each in self.security_groups]
            suffix = f"{self.service_name.split('.', 3)[-1]}.{self.where.name}.vpce.amazonaws.com"
            answer |= {
                "SubnetIds": self.subnets,
                "Groups": [{"GroupId": each.id, "GroupName": each.name} for each in groups],
                "IpAddressType": self.address_type,
                "DnsOptions": self.dns_options,
                "NetworkInterfaceIds": [each.id for each in self.interfaces],
                "DnsEntries": [{"DnsName": f"{self.id}-{self.id[-8:]}.{suffix}", "HostedZoneId": "Z1YSA3EXCYUU9Z"}],
            }
        return answer


def _all(where: Region) -> list[VpcEndpoint]:
    return [each for each in where.ec2.vpc_end_points.values() if isinstance(each, VpcEndpoint)]


@operation("ec2", "CreateVpcEndpoint")
def create_vpc_endpoint(call: Call) -> dict[str, Any]:
    where, token = region(call), call["ClientToken"]
    asked = {key: value for key, value in call.parameters.items() if key != "ClientToken"}
    if token and token in where.vpc_endpoint_tokens:
        before, identifier = where.vpc_endpoint_tokens[token]
        if before != asked:
            raise Refusal("IdempotentParameterMismatch", "The client token was used before with other parameters.")
        if identifier in where.ec2.vpc_end_points:
            return {"VpcEndpoint": where.ec2.vpc_end_points[identifier].describe(), "ClientToken": token}
    tags = created_tags(call, "vpc-endpoint")
    made = VpcEndpoint(where, call)
    made.refuse_what_cannot_be()
    made.stand()
    where.ec2.vpc_end_points[made.id] = made
    where.ec2.create_tags([made.id], tags)
    if token:
        where.vpc_endpoint_tokens[token] = (asked, made.id)
    clock.after(latencies.VPC_ENDPOINT_CREATE if made.is_interface else 0, lambda: _become_available(made))
    return {"VpcEndpoint": made.describe(), "ClientToken": token}


def _become_available(made: VpcEndpoint) -> None:
    if made.state == "pending":
        made.state = "available"


@operation("ec2", "DeleteVpcEndpoints")
def delete_vpc_endpoints(call: Call) -> dict[str, Any]:
    """It answers with success and lists what it did not delete."""
    where, unsuccessful = region(call), []
    for identifier in call["VpcEndpointIds"]:
        made = where.ec2.vpc_end_points.get(identifier)
        if made is None:
            message = f"The Vpc Endpoint Id '{identifier}' does not exist"
            unsuccessful.append({"ResourceId": identifier, "Error": {"Code": "InvalidVpcEndpoint.NotFound", "Message": message}})
        elif made.state != "deleting":
            vpc_endpoint_deleted(where, made)
            made.state = "deleting"
            clock.after(latencies.VPC_ENDPOINT_DELETE, made.go)
    return {"Unsuccessful": unsuccessful}


@operation("ec2", "DescribeVpcEndpoints")
def describe_vpc_endpoints(call: Call) -> dict[str, Any]:
    where, found = region(call), _all(region(call))
    for identifier in call["VpcEndpointIds"] or []:
        if identifier not in where.ec2.vpc_end_points:
            raise Refusal("InvalidVpcEndpointId.NotFound", f"The Vpc Endpoint Id '{identifier}' does not exist")
    if call["VpcEndpointIds"]:
        found = [each for each in found if each.id in call["VpcEndpointIds"]]
    values = {
        "vpc-endpoint-id": "id",
        "vpc-endpoint-state": "state",
        "vpc-endpoint-type": "type",
        "vpc-id": "vpc_id",
        "service-name": "service_name",
    }
    found = matching(call, found, lambda item, name: getattr(item, values[name]), lambda item: item.tags, set(values))
    shown, token = page(found, call["NextToken"], call["MaxResults"] or 1000)
    return {"VpcEndpoints": [each.describe() for each in shown], "NextToken": token}
