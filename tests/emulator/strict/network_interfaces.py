"""Network interfaces: each has an address of its own, as in any subnet, and says what has it.

Moto draws a private address at random, also one that another interface has, or that AWS keeps for itself. Two tasks of
one address are one target, so that now and then a service of five had four. To moto an interface that no instance has is
`available`, and nobody manages it.
"""

import ipaddress
import random
from typing import Any

from .account import Region
from .operations import Refusal


def free_address(subnet: Any) -> str:
    """AWS keeps the first four addresses of a subnet and the last one for itself (VPC, "Subnet sizing")."""
    own = list(ipaddress.ip_network(subnet.cidr_block))[4:-1]
    enis = subnet.ec2_backend.enis.values()
    taken = {each["PrivateIpAddress"] for eni in enis if eni.subnet.id == subnet.id for each in eni.private_ip_addresses}
    free = [str(each) for each in own if str(each) not in taken]
    if not free:
        raise Refusal("InsufficientFreeAddressesInSubnet", f"The subnet '{subnet.id}' has no free addresses.")
    return random.choice(free)


def create(
    where: Region, subnet_id: str, description: str, address: str | None = None, groups: list[str] | None = None, kind: str = "interface"
) -> Any:
    """A service's interface in a subnet, at an address that is asked for or at a free one."""
    subnet = where.ec2.get_subnet(subnet_id)
    made = where.ec2.create_network_interface(subnet, address or free_address(subnet), group_ids=groups, description=description)
    made.status, made.requester_managed, made.interface_type = "in-use", True, kind
    return made
