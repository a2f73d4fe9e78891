"""Whether a task in a subnet can reach the registry its image comes from.

facts §0: "private tasks need NAT (or VPC endpoints) to pull from ECR" and "Starting tasks before NAT is up gives
`CannotPullContainerError`".
"""

from typing import Any

from .account import Region


def reaches_registry(where: Region, subnet_id: str, public_address: bool) -> bool:
    """Through an available NAT gateway, a NAT instance, an internet gateway and a public address, or ECR's own endpoints."""
    subnet = where.ec2.get_subnet(subnet_id)
    route = next((each for each in route_table(where, subnet).routes if each.destination_cidr_block == "0.0.0.0/0"), None)
    if route is not None and route.state == "active":
        if route.nat_gateway is not None:
            return route.nat_gateway.state == "available"
        if route.gateway is not None and route.gateway.id.startswith("igw-"):
            return public_address
        host = route.instance or getattr(route.interface, "instance", None)
        if host is not None:
            return _forwards(where, host)
    return _has_endpoints(where, subnet.vpc_id)


def _forwards(where: Region, host: Any) -> bool:
    """VPC user guide, "NAT instances": a running instance without source/destination check, in a public subnet."""
    if host.state != "running" or str(host.source_dest_check).lower() == "true":
        return False
    routes = route_table(where, where.ec2.get_subnet(host.subnet_id)).routes
    return any(each.gateway is not None and each.gateway.id.startswith("igw-") for each in routes if each.destination_cidr_block == "0.0.0.0/0")


def route_table(where: Region, subnet: Any) -> Any:
    """The table associated with the subnet, else the main one of its VPC."""
    tables = [each for each in where.ec2.route_tables.values() if each.vpc_id == subnet.vpc_id]
    own = [each for each in tables if subnet.id in each._associations.values()]
    return (own or [each for each in tables if each.main_association_id])[0]


def _has_endpoints(where: Region, vpc_id: str) -> bool:
    names = {each.service_name.split(".", 3)[-1] for each in where.ec2.vpc_end_points.values() if each.vpc_id == vpc_id and each.state == "available"}
    return {"ecr.api", "ecr.dkr", "s3"} <= names
