"""Routes: black holes when their gateway goes, refused to a gateway that is not there.

facts §1: "Routes are not removed; they turn `blackhole` … until replaced/deleted. Morning: **ReplaceRoute** same
destination to the new nat-id; CreateRoute if absent (RouteAlreadyExists → Replace; InvalidRoute.NotFound on
Replace → Create)."
"""

from typing import Any

from moto.ec2.models.route_tables import Route, RouteTable

from .account import region
from .operations import Call, Refusal, before


def _state(route: Route) -> str:
    if route.nat_gateway is not None and route.nat_gateway.state not in ("pending", "available"):
        return "blackhole"
    if route.gateway is not None and route.gateway.id.startswith("igw-") and not route.gateway.vpc:
        return "blackhole"
    return "active"


Route.state = property(_state)  # type: ignore[assignment,method-assign]

_value_of_filter = RouteTable.get_filter_value


def _filter_value(self: RouteTable, filter_name: str, method_name: str | None = None) -> Any:
    """EC2 API reference, DescribeRouteTables, filter `route.instance-id`; moto does not have it and answers with 500."""
    if filter_name == "route.instance-id":
        return [route.instance.id for route in self.routes if route.instance is not None]
    return _value_of_filter(self, filter_name, method_name)


RouteTable.get_filter_value = _filter_value  # type: ignore[method-assign]


def _refuse_missing_nat_gateway(call: Call) -> None:
    """facts §1: "CreateRoute to a `pending` NAT: no proof either way found; … [I: wait]": so not before `available`."""
    identifier = call["NatGatewayId"]
    if identifier is None:
        return
    found = region(call).ec2.nat_gateways.get(identifier)
    if found is None or found.state != "available":
        raise Refusal("InvalidNatGatewayID.NotFound", f"The natGateway ID '{identifier}' does not exist")


@before("ec2", "CreateRoute")
def refuse_route_without_gateway(call: Call) -> None:
    _refuse_missing_nat_gateway(call)


@before("ec2", "ReplaceRoute")
def refuse_replacing_what_is_absent(call: Call) -> None:
    table: Any = region(call).ec2.get_route_table(call["RouteTableId"])
    destination = call["DestinationCidrBlock"] or call["DestinationIpv6CidrBlock"] or call["DestinationPrefixListId"]
    known = {route.destination_cidr_block for route in table.routes} | {route.destination_ipv6_cidr_block for route in table.routes}
    if destination not in known:
        raise Refusal("InvalidRoute.NotFound", f"no route with destination-cidr-block {destination} in route table {table.id}")
    _refuse_missing_nat_gateway(call)


@before("ec2", "DeleteSubnet")
def forget_associations(call: Call) -> None:
    """A subnet's association with its route table ends with it; moto keeps it, and then the table can never be deleted."""
    for table in region(call).ec2.route_tables.values():
        table._associations = {key: subnet for key, subnet in table._associations.items() if subnet != call["SubnetId"]}
