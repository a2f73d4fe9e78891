"""NAT gateways take their time, keep their tags, hold their address, and fail afterwards.

facts §1: "States: `pending|failed|available|deleting|deleted`", "Create failures are **asynchronous** via
`FailureCode`", "Deleted NAT stays visible ~1 h in DescribeNatGateways with its tags". Moto creates them
`available` and forgets the rest.
"""

from secrets import token_hex
from typing import Any

from . import latencies, network_interfaces
from .account import Region, region
from .clock import clock
from .ec2_filters import created_tags, matching, tag_list
from .mishaps import nat_gateway_deleted
from .operations import Call, Refusal, operation
from .pages import page

#: facts §1: "Quota 5 NAT/AZ; `pending`,`available`,**`deleting` count** toward it."
QUOTA_PER_ZONE = 5


class NatGateway:
    """One NAT gateway. Moto's routes refer to it; `state` decides whether they are black holes."""

    def __init__(self, where: Region, call: Call) -> None:
        self.id = f"nat-0{token_hex(8)}"
        self.where = where
        self.state = "pending"
        self.connectivity = call["ConnectivityType"] or "public"
        self.availability_mode = call["AvailabilityMode"] or "zonal"
        self.subnet_id = call["SubnetId"]
        self.vpc_id = call["VpcId"]
        self.allocation_id = call["AllocationId"]
        self.private_ip = call["PrivateIpAddress"]
        self.created = clock.date()
        self.deleted: Any = None
        self.failure: tuple[str, str] | None = None
        self.interface: Any = None
        self.association_id: str | None = None

    @property
    def tags(self) -> dict[str, str]:
        return dict(self.where.ec2.tags[self.id])

    def hold_address(self) -> None:
        """facts §1: the address belongs to the NAT gateway from the request on until it is `deleted`."""
        subnet = self.where.ec2.get_subnet(self.subnet_id)
        self.vpc_id = subnet.vpc_id
        if subnet.available_ip_address_count <= 0:
            self.failure = "InsufficientFreeAddressesInSubnet", f"Subnet {subnet.id} has no free address"
            return
        self.interface = network_interfaces.create(self.where, subnet.id, f"Interface for NAT Gateway {self.id}", self.private_ip, kind="natGateway")
        self.private_ip = self.interface.private_ip_address
        self.failure = self._failure()
        if self.failure or not self.allocation_id:
            return
        address = _address(self.where, self.allocation_id)
        address.eni = self.interface
        address.association_id = self.association_id = f"eipassoc-0{token_hex(8)}"

    def _failure(self) -> tuple[str, str] | None:
        if self.connectivity != "public":
            return None
        address = _address(self.where, self.allocation_id)
        if address is None:
            return "InvalidAllocationID.NotFound", f"The allocation ID '{self.allocation_id}' does not exist"
        if address.association_id:
            return "Resource.AlreadyAssociated", f"Elastic IP address [{self.allocation_id}] is already associated"
        if not any(gateway.vpc and gateway.vpc.id == self.vpc_id for gateway in self.where.ec2.internet_gateways.values()):
            return "Gateway.NotAttached", f"Network {self.vpc_id} has no Internet gateway attached"
        return None

    def let_address_go(self) -> None:
        address = _address(self.where, self.allocation_id) if self.allocation_id else None
        if address is not None and self.association_id and address.association_id == self.association_id:
            address.eni = None
            address.association_id = None
            address.stale_until = clock.now() + latencies.ADDRESS_STALE
        if self.interface is not None:
            self.where.ec2.enis.pop(self.interface.id, None)
            self.interface = None

    def describe(self) -> dict[str, Any]:
        address = _address(self.where, self.allocation_id) if self.allocation_id else None
        statuses = {
            "pending": "associating",
            "available": "succeeded",
            "deleting": "disassociating",
            "deleted": "succeeded",
            "failed": "failed",
        }
        answer: dict[str, Any] = {
            "NatGatewayId": self.id,
            "State": self.state,
            "VpcId": self.vpc_id,
            "ConnectivityType": self.connectivity,
            "AvailabilityMode": self.availability_mode,
            "CreateTime": self.created,
            "Tags": tag_list(self.tags),
            "NatGatewayAddresses": [],
        }
        if self.subnet_id:
            answer["SubnetId"] = self.subnet_id
            one = {"PrivateIp": self.private_ip, "IsPrimary": True, "Status": statuses[self.state]}
            if self.interface is not None:
                one["NetworkInterfaceId"] = self.interface.id
            if self.allocation_id:
                one["AllocationId"] = self.allocation_id
                one["PublicIp"] = address.public_ip if address else None
            if self.association_id and self.state != "deleted":
                one["AssociationId"] = self.association_id
            answer["NatGatewayAddresses"] = [{key: value for key, value in one.items() if value is not None}]
        if self.failure and self.state == "failed":
            answer["FailureCode"], answer["FailureMessage"] = self.failure
        if self.deleted:
            answer["DeleteTime"] = self.deleted
        return answer


def _address(where: Region, allocation_id: str | None) -> Any:
    return next((each for each in where.ec2.addresses if each.allocation_id == allocation_id), None)


def nat_gateway(where: Region, identifier: str) -> NatGateway:
    """facts §1: an unknown one is NatGatewayNotFound (the SDK's waiters count on it)."""
    found = where.ec2.nat_gateways.get(identifier)
    if found is None:
        raise Refusal("NatGatewayNotFound", f"NAT gateway {identifier} was not found")
    return found


@operation("ec2", "CreateNatGateway")
def create_nat_gateway(call: Call) -> dict[str, Any]:
    where, token = region(call), call["ClientToken"]
    asked = {key: value for key, value in call.parameters.items() if key != "ClientToken"}
    if token and token in where.nat_gateway_tokens:
        # facts §1: "the same token with changed parameters → IdempotentParameterMismatch"
        before, identifier = where.nat_gateway_tokens[token]
        if before != asked:
            raise Refusal("IdempotentParameterMismatch", "The client token was used before with other parameters.")
        if identifier in where.ec2.nat_gateways:
            return {"NatGateway": where.ec2.nat_gateways[identifier].describe(), "ClientToken": token}
    tags = created_tags(call, "natgateway")
    made = NatGateway(where, call)
    if made.availability_mode == "zonal":
        if made.connectivity == "public" and not made.allocation_id:
            raise Refusal("MissingParameter", "The request must contain the parameter AllocationId")
        _refuse_beyond_quota(where, where.ec2.get_subnet(made.subnet_id).availability_zone)
        made.hold_address()
    elif not made.vpc_id:
        raise Refusal("MissingParameter", "A regional NAT gateway needs the parameter VpcId")
    where.ec2.nat_gateways[made.id] = made
    where.ec2.create_tags([made.id], tags)
    if token:
        where.nat_gateway_tokens[token] = (asked, made.id)
    if made.failure:
        clock.after(latencies.NAT_GATEWAY_FAILURE, lambda: _fail(made))
    else:
        clock.after(latencies.NAT_GATEWAY_CREATE, lambda: _become_available(made))
    return {"NatGateway": made.describe(), "ClientToken": token}


def _refuse_beyond_quota(where: Region, zone: str) -> None:
    counted = [
        each
        for each in where.ec2.nat_gateways.values()
        if each.state in ("pending", "available", "deleting")
        and each.subnet_id
        and where.ec2.get_subnet(each.subnet_id).availability_zone == zone
    ]
    if len(counted) >= QUOTA_PER_ZONE:
        raise Refusal("NatGatewayLimitExceeded", f"Performing this operation would exceed the limit of {QUOTA_PER_ZONE} NAT gateways")


def _become_available(made: NatGateway) -> None:
    if made.state == "pending":
        made.state = "available"


def _fail(made: NatGateway) -> None:
    """facts §1: "Failed NATs vanish after ~1 h"."""
    if made.state == "pending":
        made.state = "failed"
        made.let_address_go()
        clock.after(latencies.NAT_GATEWAY_REMAINS, lambda: _vanish(made))


def _vanish(made: NatGateway) -> None:
    made.where.ec2.nat_gateways.pop(made.id, None)
    made.where.ec2.tags.pop(made.id, None)


@operation("ec2", "DeleteNatGateway")
def delete_nat_gateway(call: Call) -> dict[str, Any]:
    """facts §1: "DeleteNatGateway has no token but is naturally idempotent"."""
    made = nat_gateway(region(call), call["NatGatewayId"])

    def finish() -> None:
        made.state = "deleted"
        made.let_address_go()
        clock.after(latencies.NAT_GATEWAY_REMAINS, lambda: _vanish(made))

    if made.state in ("pending", "available", "failed"):
        nat_gateway_deleted(made.where, made)
        made.state, made.deleted = "deleting", clock.date()
        clock.after(latencies.NAT_GATEWAY_DELETE, finish)
    return {"NatGatewayId": made.id}


@operation("ec2", "DescribeNatGateways")
def describe_nat_gateways(call: Call) -> dict[str, Any]:
    where = region(call)
    identifiers = call["NatGatewayIds"] or []
    found = [nat_gateway(where, each) for each in identifiers] if identifiers else list(where.ec2.nat_gateways.values())
    values = {"nat-gateway-id": "id", "state": "state", "subnet-id": "subnet_id", "vpc-id": "vpc_id"}
    found = matching(call, found, lambda item, name: getattr(item, values[name]), lambda item: item.tags, set(values))
    shown, token = page(found, call["NextToken"], call["MaxResults"] or 1000)
    return {"NatGateways": [each.describe() for each in shown], "NextToken": token}
