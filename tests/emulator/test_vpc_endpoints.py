"""Interface VPC endpoints: pending, then available; one for a service's names; deleting, then gone."""

from conftest import Emulator, Network, refused

NAME = "com.amazonaws.us-west-2.secretsmanager"


def create(aws: Emulator, network: Network, **more: object) -> str:
    asked = {"VpcEndpointType": "Interface", "VpcId": network.vpc, "ServiceName": NAME, "SubnetIds": [network.private[0]]} | more
    return str(aws.client("ec2").create_vpc_endpoint(**asked)["VpcEndpoint"]["VpcEndpointId"])


def state(aws: Emulator, identifier: str) -> str:
    found = aws.client("ec2").describe_vpc_endpoints(Filters=[{"Name": "vpc-endpoint-id", "Values": [identifier]}])["VpcEndpoints"]
    return str(found[0]["State"]) if found else "gone"


def test_it_takes_its_time(aws: Emulator) -> None:
    made = create(aws, aws.network())
    assert state(aws, made) == "pending"
    aws.advance(120)
    assert state(aws, made) == "available"
    ec2 = aws.client("ec2")
    assert ec2.delete_vpc_endpoints(VpcEndpointIds=[made])["Unsuccessful"] == []
    assert state(aws, made) == "deleting"
    aws.advance(120)
    assert state(aws, made) == "gone"
    left = ec2.delete_vpc_endpoints(VpcEndpointIds=[made])["Unsuccessful"]
    assert [each["Error"]["Code"] for each in left] == ["InvalidVpcEndpoint.NotFound"]


def test_a_services_names_lead_to_one(aws: Emulator) -> None:
    network = aws.network()
    made = create(aws, network)
    with refused("InvalidParameter"):
        create(aws, network)
    create(aws, network, PrivateDnsEnabled=False)
    aws.client("ec2").delete_vpc_endpoints(VpcEndpointIds=[made])
    with refused("InvalidParameter"):
        create(aws, network)
    aws.advance(120)
    create(aws, network)


def test_a_token_makes_one(aws: Emulator) -> None:
    network = aws.network()
    made = create(aws, network, ClientToken="one")
    assert create(aws, network, ClientToken="one") == made
    with refused("IdempotentParameterMismatch"):
        create(aws, network, ClientToken="one", PrivateDnsEnabled=False)


def test_what_has_gateways_answers_inbound_resolvers_alone_unless_told_otherwise(aws: Emulator) -> None:
    network = aws.network()
    of_s3 = {"ServiceName": "com.amazonaws.us-west-2.s3"}
    with refused("InvalidParameter"):
        create(aws, network, **of_s3)
    create(aws, network, **of_s3, DnsOptions={"PrivateDnsOnlyForInboundResolverEndpoint": False})
    with refused("InvalidParameter"):
        create(aws, network, DnsOptions={"PrivateDnsOnlyForInboundResolverEndpoint": False})


def test_zones_and_groups_are_looked_at(aws: Emulator) -> None:
    network = aws.network()
    twice = [network.private[0], network.public[0]]
    with refused("DuplicateSubnetsInSameZone"):
        create(aws, network, SubnetIds=twice)
    with refused("InvalidSecurityGroupID.NotFound"):
        create(aws, network, SecurityGroupIds=["sg-0123456789abcdef0"])
