"""NAT gateways, their addresses and their routes, over the wire (facts §1)."""

import pytest

from conftest import Emulator, Network, refused

ANYWHERE = "0.0.0.0/0"


@pytest.fixture
def network(aws: Emulator):
    """A network, and all addresses free again afterwards (the quota is five)."""
    yield aws.network()
    ec2 = aws.client("ec2")
    for each in ec2.describe_nat_gateways()["NatGateways"]:
        ec2.delete_nat_gateway(NatGatewayId=each["NatGatewayId"])
    aws.advance(100)
    for each in ec2.describe_addresses()["Addresses"]:
        ec2.release_address(AllocationId=each["AllocationId"])


def allocate(aws: Emulator) -> str:
    return aws.client("ec2").allocate_address(Domain="vpc")["AllocationId"]


def create(aws: Emulator, network: Network, allocation: str, **more) -> str:
    return aws.client("ec2").create_nat_gateway(SubnetId=network.public[0], AllocationId=allocation, **more)["NatGateway"]["NatGatewayId"]


def one(aws: Emulator, identifier: str) -> dict:
    return aws.client("ec2").describe_nat_gateways(NatGatewayIds=[identifier])["NatGateways"][0]


def test_states_take_their_time(aws, network):
    """facts §1: "States: pending|failed|available|deleting|deleted"; "Deleted NAT stays visible ~1 h … with its tags"."""
    tags = [{"ResourceType": "natgateway", "Tags": [{"Key": "curfew:environment", "Value": "dev"}]}]
    nat = create(aws, network, allocate(aws), TagSpecifications=tags)
    aws.advance(90)
    assert one(aws, nat)["State"] == "pending"
    aws.advance(20)
    assert one(aws, nat)["State"] == "available"
    aws.client("ec2").delete_nat_gateway(NatGatewayId=nat)
    assert one(aws, nat)["State"] == "deleting"
    aws.advance(62)
    assert one(aws, nat)["State"] == "deleted"
    assert one(aws, nat)["Tags"] == tags[0]["Tags"]
    aws.client("ec2").delete_nat_gateway(NatGatewayId=nat)
    aws.advance(3600)
    with refused("NatGatewayNotFound"):
        one(aws, nat)
    with refused("NatGatewayNotFound"):
        aws.client("ec2").delete_nat_gateway(NatGatewayId=nat)


def test_client_token(aws, network):
    """facts §1: "the same token with changed parameters → IdempotentParameterMismatch"."""
    allocation = allocate(aws)
    first = create(aws, network, allocation, ClientToken="night-1")
    assert create(aws, network, allocation, ClientToken="night-1") == first
    with refused("IdempotentParameterMismatch"):
        create(aws, network, allocate(aws), ClientToken="night-1")


def test_address_in_use_fails_afterwards(aws, network):
    """facts §1: "A create started while the old NAT still holds the EIP ends failed/Resource.AlreadyAssociated"."""
    allocation = allocate(aws)
    first = create(aws, network, allocation)
    second = create(aws, network, allocation)
    assert one(aws, second)["State"] == "pending"
    aws.advance(30)
    assert (one(aws, second)["State"], one(aws, second)["FailureCode"]) == ("failed", "Resource.AlreadyAssociated")
    aws.advance(100)
    assert one(aws, first)["State"] == "available"
    aws.client("ec2").delete_nat_gateway(NatGatewayId=first)
    aws.advance(62)
    third = create(aws, network, allocation)
    aws.advance(110)
    assert one(aws, third)["State"] == "available"


def test_a_full_subnet_fails_afterwards(aws, network):
    """facts §1: "Create failures are **asynchronous** via FailureCode: InsufficientFreeAddressesInSubnet"."""
    ec2 = aws.client("ec2")
    small = ec2.create_subnet(VpcId=network.vpc, CidrBlock="10.0.200.0/28", AvailabilityZone="us-west-2a")["Subnet"]["SubnetId"]
    for last in range(4, 15):
        ec2.create_network_interface(SubnetId=small, PrivateIpAddress=f"10.0.200.{last}")
    allocation = allocate(aws)
    nat = ec2.create_nat_gateway(SubnetId=small, AllocationId=allocation)["NatGateway"]["NatGatewayId"]
    assert one(aws, nat)["State"] == "pending"
    aws.advance(60)
    assert (one(aws, nat)["State"], one(aws, nat)["FailureCode"]) == ("failed", "InsufficientFreeAddressesInSubnet")
    assert "AssociationId" not in ec2.describe_addresses(AllocationIds=[allocation])["Addresses"][0]


def test_address_is_held_until_deleted(aws, network):
    """facts §1: "DeleteNatGateway → wait deleted → ReleaseAddress. Releasing early gives AuthFailure"."""
    ec2, allocation = aws.client("ec2"), allocate(aws)
    describe = lambda: ec2.describe_addresses(AllocationIds=[allocation])["Addresses"][0]  # noqa: E731
    assert "AssociationId" not in describe()
    nat = create(aws, network, allocation)
    held = describe()
    assert held["AssociationId"] and held["NetworkInterfaceId"] == one(aws, nat)["NatGatewayAddresses"][0]["NetworkInterfaceId"]
    ec2.delete_nat_gateway(NatGatewayId=nat)
    with refused("AuthFailure"):
        ec2.release_address(AllocationId=allocation)
    with refused("AuthFailure"):
        ec2.disassociate_address(AssociationId=held["AssociationId"])
    aws.advance(62)
    assert "AssociationId" not in describe()
    # facts §1: "Even after `deleted`, ReleaseAddress may fail with InvalidNetworkInterfaceID.NotFound".
    with refused("InvalidNetworkInterfaceID.NotFound"):
        ec2.release_address(AllocationId=allocation)
    aws.advance(5)
    ec2.release_address(AllocationId=allocation)
    with refused("InvalidAllocationID.NotFound"):
        describe()


def test_filters(aws, network):
    """Moto ignores `tag:` and `tag-key` on DescribeNatGateways (issue, "all to be corrected")."""
    ec2 = aws.client("ec2")
    tags = [{"ResourceType": "natgateway", "Tags": [{"Key": "curfew:name", "Value": network.vpc}]}]
    nat = create(aws, network, allocate(aws), TagSpecifications=tags)
    create(aws, network, allocate(aws))

    def found(**filters: str) -> list[str]:
        answer = ec2.describe_nat_gateways(Filters=[{"Name": name.replace("_", "-"), "Values": [value]} for name, value in filters.items()])
        return [each["NatGatewayId"] for each in answer["NatGateways"]]

    assert found(**{"tag:curfew:name": network.vpc}) == [nat]
    assert nat in found(tag_key="curfew:name", state="pending")
    assert len(found(vpc_id=network.vpc)) == len(found(subnet_id=network.public[0])) == 2
    assert found(vpc_id=network.vpc, state="available") == []
    with refused("InvalidParameterValue"):
        found(colour="blue")


def test_addresses_by_tag(aws, network):
    """facts §1: "AllocateAddress has **no** ClientToken → tag-on-create and look up by tag before retry"."""
    ec2 = aws.client("ec2")
    tags = [{"ResourceType": "elastic-ip", "Tags": [{"Key": "curfew:name", "Value": "egress"}]}]
    allocation = ec2.allocate_address(Domain="vpc", TagSpecifications=tags)["AllocationId"]
    allocate(aws)
    found = ec2.describe_addresses(Filters=[{"Name": "tag:curfew:name", "Values": ["egress"]}])["Addresses"]
    assert [each["AllocationId"] for each in found] == [allocation]
    for _ in range(3):
        allocate(aws)
    with refused("AddressLimitExceeded"):
        allocate(aws)


def test_routes_are_found_by_the_instance_they_lead_to(aws, network):
    """EC2 API reference, DescribeRouteTables: the filter `route.instance-id`."""
    ec2, table = aws.client("ec2"), network.private_table
    host = ec2.run_instances(ImageId="ami-12c6146b", MinCount=1, MaxCount=1, SubnetId=network.public[0])["Instances"][0]["InstanceId"]

    def found() -> list:
        tables = ec2.describe_route_tables(Filters=[{"Name": "route.instance-id", "Values": [host]}])["RouteTables"]
        return [each["RouteTableId"] for each in tables]

    assert found() == []
    ec2.create_route(RouteTableId=table, DestinationCidrBlock=ANYWHERE, InstanceId=host)
    assert found() == [table]


def test_routes_turn_black(aws, network):
    """facts §1: "Routes are not removed; they turn blackhole"; ReplaceRoute in the morning."""
    ec2, table = aws.client("ec2"), network.private_table

    def route() -> dict:
        routes = ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"][0]["Routes"]
        return next(each for each in routes if each["DestinationCidrBlock"] == ANYWHERE)

    nat = create(aws, network, allocate(aws))
    with refused("InvalidNatGatewayID.NotFound"):
        ec2.create_route(RouteTableId=table, DestinationCidrBlock=ANYWHERE, NatGatewayId=nat)
    with refused("InvalidRoute.NotFound"):
        ec2.replace_route(RouteTableId=table, DestinationCidrBlock=ANYWHERE, NatGatewayId=nat)
    aws.advance(110)
    ec2.create_route(RouteTableId=table, DestinationCidrBlock=ANYWHERE, NatGatewayId=nat)
    with refused("RouteAlreadyExists"):
        ec2.create_route(RouteTableId=table, DestinationCidrBlock=ANYWHERE, NatGatewayId=nat)
    assert (route()["NatGatewayId"], route()["State"]) == (nat, "active")
    ec2.delete_nat_gateway(NatGatewayId=nat)
    assert (route()["NatGatewayId"], route()["State"]) == (nat, "blackhole")
    other = create(aws, network, allocate(aws))
    aws.advance(110)
    ec2.replace_route(RouteTableId=table, DestinationCidrBlock=ANYWHERE, NatGatewayId=other)
    assert (route()["NatGatewayId"], route()["State"]) == (other, "active")


def test_quota_counts_those_being_deleted(aws, network):
    """facts §1: "Quota 5 NAT/AZ; pending, available, **deleting count** toward it"."""
    made = [create(aws, network, allocate(aws)) for _ in range(5)]
    aws.client("ec2").delete_nat_gateway(NatGatewayId=made[0])
    with refused("NatGatewayLimitExceeded"):
        create(aws, network, "eipalloc-0000000000000000")


def test_regional_nat_gateway_can_be_laid(aws, network):
    """facts §1: "Regional NAT (2025-11-19): AvailabilityMode=regional, give VpcId not SubnetId"."""
    made = aws.client("ec2").create_nat_gateway(VpcId=network.vpc, AvailabilityMode="regional")["NatGateway"]
    assert made["AvailabilityMode"] == "regional" and "SubnetId" not in made


def test_reserved_tags(aws, network):
    """facts §7: "no `aws:` prefix"."""
    with refused("InvalidParameterValue"):
        aws.client("ec2").create_tags(Resources=[network.vpc], Tags=[{"Key": "aws:mine", "Value": "no"}])
