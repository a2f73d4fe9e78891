"""The three examples are laid as their tables say, and the reader tells a morning from an evening."""

import json

import pytest
import yaml

import by_hand
import lay
import read
from base_tier import durable, platform, portyfoul
from conftest import Emulator
from reader import compare


@pytest.mark.parametrize("module", (durable, platform))
def test_parked_examples(own_aws: Emulator, module):
    """Their runtime tier is absent: nothing but a database is billable, services stand at 0, target groups are unused."""
    example = module.__name__.rsplit(".", 1)[1]
    laid = lay.lay(own_aws.endpoint, example)
    found = read.read(own_aws.endpoint, module.REGION)
    assert [each["kind"] for each in found["billable"]] == {"durable": [], "platform": ["database"]}[example]
    assert {each["desiredCount"] for each in found["runtime"]["services"].values()} == {0}
    assert {each["rolloutState"] for each in found["runtime"]["services"].values()} == {"COMPLETED"}
    assert {each["curfewTags"]["curfew:environment"] for each in found["runtime"]["services"].values()} == {"dev"}
    assert len(found["base"]["targetGroups"]) == 2 and laid["cluster"] in found["base"]["clusters"]
    assert found["runtime"]["dnsRecords"] == {} or list(found["runtime"]["dnsRecords"].values()) == [
        {"TTL": 60, "ResourceRecords": [{"Value": "192.0.2.1"}]}
    ]
    blueprint = own_aws.client("ssm", module.REGION).get_parameter(Name=laid["parameter"])["Parameter"]["Value"]
    assert all(stand_in not in blueprint for stand_in in laid["replacements"])
    assert laid["bucket"] == "curfew-state-dev"

    by_hand.raise_tier(lambda service: own_aws.client(service, module.REGION), own_aws.advance, yaml.safe_load(blueprint))
    morning = read.read(own_aws.endpoint, module.REGION)
    assert compare.differences(found["base"], morning["base"]) == []
    runtime = morning["runtime"]
    assert {each["runningCount"] for each in runtime["services"].values()} == {2}
    assert list(runtime["targetHealth"].values()) == [{"healthy": 2}] * 2
    assert [each["AliasTarget"]["DNSName"] for each in runtime["dnsRecords"].values()] == [f"load balancer {example}-dev-alb"]
    listener = runtime["loadBalancers"][f"{example}-dev-alb"]["listeners"]["443"]
    assert len(listener["rules"]) == {"durable": 2, "platform": 5}[example]
    assert own_aws.control("GET", "mishaps") == []


def test_running_example(own_aws: Emulator, tmp_path):
    """portyfoul runs; put down and made again with boto3, it reads equal; with one rule less, it does not."""
    laid = lay.lay(own_aws.endpoint, "portyfoul")
    region, real = portyfoul.REGION, laid["replacements"]
    ec2, elb, ecs = (own_aws.client(service, region) for service in ("ec2", "elbv2", "ecs"))
    evening = read.read(own_aws.endpoint, region)
    assert [each["kind"] for each in evening["billable"]] == ["address", "database", "loadBalancer", "natGateway", "task", "task", "task"]
    assert evening["runtime"]["targetHealth"] == {"portyfoul-dev-web-tg": {"healthy": 2}}

    services = ((portyfoul.WEB, 2), (portyfoul.WORKER, 1))
    for name, _ in services:
        ecs.update_service(cluster=portyfoul.CLUSTER, service=name, desiredCount=0)
    own_aws.advance(70)
    balancer = elb.describe_load_balancers(Names=["portyfoul-dev-alb"])["LoadBalancers"][0]
    nat = ec2.describe_nat_gateways(Filters=[{"Name": "state", "Values": ["available"]}])["NatGateways"][0]
    elb.delete_load_balancer(LoadBalancerArn=balancer["LoadBalancerArn"])
    ec2.delete_nat_gateway(NatGatewayId=nat["NatGatewayId"])
    own_aws.advance(70)
    night = read.read(own_aws.endpoint, region)
    assert [each["kind"] for each in night["billable"]] == ["address", "database"]
    assert compare.differences(evening["base"], night["base"]) == []
    assert compare.differences(evening["runtime"], night["runtime"]) != []

    own = [{"Key": key, "Value": value} for key, value in {**portyfoul.TAGS, "Name": "portyfoul-dev-nat"}.items()]
    address = nat["NatGatewayAddresses"][0]["AllocationId"]
    made = ec2.create_nat_gateway(
        SubnetId=nat["SubnetId"], AllocationId=address, TagSpecifications=[{"ResourceType": "natgateway", "Tags": own}]
    )["NatGateway"]["NatGatewayId"]
    again = elb.create_load_balancer(
        Name="portyfoul-dev-alb",
        Subnets=[zone["SubnetId"] for zone in balancer["AvailabilityZones"]],
        SecurityGroups=balancer["SecurityGroups"],
        Tags=[
            {"Key": key, "Value": value}
            for key, value in {**portyfoul.TAGS, "Name": "portyfoul-dev-alb", "curfew:environment": "dev"}.items()
        ],
    )["LoadBalancers"][0]["LoadBalancerArn"]
    web = next(arn for arn in real.values() if ":targetgroup/" in arn)
    listener = elb.create_listener(
        LoadBalancerArn=again, Port=80, Protocol="HTTP", DefaultActions=[{"Type": "forward", "TargetGroupArn": web}]
    )["Listeners"][0]["ListenerArn"]
    own_aws.advance(160)
    ec2.replace_route(RouteTableId=real["rtb-0f01000000000001a"], DestinationCidrBlock="0.0.0.0/0", NatGatewayId=made)
    for name, count in services:
        ecs.update_service(cluster=portyfoul.CLUSTER, service=name, desiredCount=count)
    own_aws.advance(120)
    morning = read.read(own_aws.endpoint, region)
    assert own_aws.control("GET", "mishaps") == []
    assert compare.differences(evening["runtime"], morning["runtime"]) == []
    assert compare.differences(evening["runtime"], morning["runtime"], marks=True) != []

    elb.modify_listener_attributes(ListenerArn=listener, Attributes=[{"Key": "routing.http.response.server.enabled", "Value": "false"}])
    saved = [tmp_path / "evening.json", tmp_path / "morning.json"]
    for path, document in zip(saved, (evening, read.read(own_aws.endpoint, region)), strict=True):
        path.write_text(json.dumps(document))
    assert read.main(["--compare", str(saved[0]), str(saved[0])]) == 0
    assert read.main(["--compare", *map(str, saved)]) == 1
