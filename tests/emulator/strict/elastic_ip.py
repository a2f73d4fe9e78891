"""Elastic IP addresses: held while a NAT gateway holds them, described as AWS does."""

import random
from typing import Any

from moto.ec2.models import elastic_ip_addresses

from .account import region
from .clock import clock
from .ec2_filters import created_tags, matching, tag_list
from .operations import Call, Refusal, before, operation

#: facts §1: "EIP quota 5/region (AddressLimitExceeded R)"
QUOTA = 5

# Moto's addresses begin with 127; these are of a range set aside for networks under test (RFC 2544).
elastic_ip_addresses.random_ip = lambda: f"198.{random.choice((18, 19))}.{random.randint(0, 255)}.{random.randint(1, 254)}"


def _held(call: Call) -> Any:
    """The NAT gateway's address that the call is about, if it is about one."""
    named = [each for each in (call["AllocationId"], call["PublicIp"], call["AssociationId"]) if each]
    for address in region(call).ec2.addresses:
        of_nat_gateway = address.eni is not None and "NAT Gateway" in (address.eni.description or "")
        if of_nat_gateway and any(one in (address.allocation_id, address.public_ip, address.association_id) for one in named):
            return address
    return None


@before("ec2", "AllocateAddress")
def refuse_beyond_quota(call: Call) -> None:
    created_tags(call, "elastic-ip")
    if len(region(call).ec2.addresses) >= QUOTA:
        raise Refusal("AddressLimitExceeded", "The maximum number of addresses has been reached.")


@before("ec2", "ReleaseAddress")
def refuse_release_while_held(call: Call) -> None:
    """facts §1: "Releasing early gives `AuthFailure: You do not have permission to access the specified resource`"."""
    if _held(call):
        raise Refusal("AuthFailure", "You do not have permission to access the specified resource.")


@before("ec2", "ReleaseAddress")
def refuse_release_while_stale(call: Call) -> None:
    """facts §1: "Even after `deleted`, ReleaseAddress may fail with `InvalidNetworkInterfaceID.NotFound`"."""
    released = (each for each in region(call).ec2.addresses if each.allocation_id == call["AllocationId"])
    if any(clock.now() < getattr(each, "stale_until", 0) for each in released):
        raise Refusal("InvalidNetworkInterfaceID.NotFound", "The networkInterface ID does not exist")


@before("ec2", "DisassociateAddress")
def refuse_disassociation_while_held(call: Call) -> None:
    """facts §1: "a primary EIP **cannot be disassociated** from a live NAT"."""
    if _held(call):
        raise Refusal("AuthFailure", "You do not have permission to access the specified resource.")


@operation("ec2", "DescribeAddresses")
def describe_addresses(call: Call) -> dict[str, Any]:
    """Moto gives empty strings where AWS gives nothing, and finds no unknown id among several known ones."""
    where = region(call)
    found = list(where.ec2.addresses)
    for parameter, attribute, code in (
        ("AllocationIds", "allocation_id", "InvalidAllocationID.NotFound"),
        ("PublicIps", "public_ip", "InvalidAddress.NotFound"),
    ):
        for wanted in call[parameter] or []:
            if all(getattr(each, attribute) != wanted for each in where.ec2.addresses):
                raise Refusal(code, f"The address '{wanted}' does not exist")
        if call[parameter]:
            found = [each for each in found if getattr(each, attribute) in call[parameter]]
    described = [(_describe(each, where), dict(where.ec2.tags[each.id])) for each in found]
    names = {
        "allocation-id": "AllocationId",
        "association-id": "AssociationId",
        "domain": "Domain",
        "network-interface-id": "NetworkInterfaceId",
        "private-ip-address": "PrivateIpAddress",
        "public-ip": "PublicIp",
        "instance-id": "InstanceId",
    }
    shown = matching(call, described, lambda item, name: item[0].get(names[name]), lambda item: item[1], set(names))
    return {"Addresses": [each for each, _ in shown]}


def _describe(address: Any, where: Any) -> dict[str, Any]:
    answer = {
        "AllocationId": address.allocation_id,
        "PublicIp": address.public_ip,
        "Domain": "vpc",
        "PublicIpv4Pool": "amazon",
        "NetworkBorderGroup": where.name,
        "Tags": tag_list(dict(where.ec2.tags[address.id])),
    }
    if address.association_id:
        answer["AssociationId"] = address.association_id
        answer["NetworkInterfaceId"] = address.eni.id if address.eni else None
        answer["NetworkInterfaceOwnerId"] = where.account_id
        answer["PrivateIpAddress"] = address.eni.private_ip_address if address.eni else None
        if address.instance:
            answer["InstanceId"] = address.instance.id
    return {key: value for key, value in answer.items() if value is not None}
